"""Take the phone over at once, and hand it back. The present holder is told in the same moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from oncall import notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.swaps import rules
from oncall.swaps.asking import Refused
from oncall.swaps.leads import is_lead
from oncall.swaps.review import review
from oncall.swaps.rules import Take
from rotations.schedule import Shift


def take_over(
    session: Session,
    app: App,
    rotation: str,
    *,
    by: str,
    now: datetime,
    until: datetime | None = None,
    person: str | None = None,
) -> Shift:
    """Give the running shift to `by` (or, by a lead's act, to `person`) until `until`, else to its end.

    Return the shift as it is then. Raises `Refused` when the rules forbid it, `Conflict` when nobody holds the phone.
    """
    rota.lock(session)
    taker = person or by
    if taker != by and not is_lead(app.shelf.current, by):
        raise Conflict("only a lead may give the phone to somebody else", "only-lead")
    roster = rota.roster_at(session, app.shelf.current)
    running = roster.holder_at(rotation, now)
    if running is None:
        raise Conflict(
            "nobody holds this phone right now, so there is nothing to take over", "nobody-holds"
        )
    ends = min(until or running.end, running.end)
    if ends <= now:
        raise Conflict("choose a time that lies ahead", "time-ahead")
    take = Take(taker, (now, ends))
    found = rules.blocks(rules.concerns(roster, rotation, (take,), now))
    if found:
        raise Refused(found)
    change_id = rota.change(
        session, "takeover", rotation=rotation, actor=by, now=now, before=running.person
    )
    rota.lay(session, change_id, rotation=rotation, person=taker, hours=take.hours)
    facts = {"start": now.isoformat(), "end": ends.isoformat(), "path": "/"}
    told = "taken-over"
    notices.tell(session, app, running.person, told, now=now, name=taker, **facts)
    if taker != by:
        notices.tell(session, app, taker, "turn-yours", now=now, name=running.person, **facts)
    timeline.audit(
        session, now, by, "phone.taken_over", rotation=rotation, person=taker, before=running.person
    )
    review(session, app, rotation, now)
    return _now_held(session, app, rotation, now)


def hand_back(session: Session, app: App, rotation: str, *, by: str, now: datetime) -> Shift:
    """Give the running shift back to whose turn it is, as either of both or a lead. Return the shift as it is then.

    Raises `Conflict` when there is nothing to hand back, `Refused` when whoever's turn it is cannot hold it now.
    """
    rota.lock(session)
    roster = rota.roster_at(session, app.shelf.current)
    running = roster.holder_at(rotation, now)
    if running is None or running.override is None or running.planned in (None, running.person):
        raise Conflict("whoever's turn it is holds the phone already", "nothing-back")
    if by not in (running.person, running.planned) and not is_lead(app.shelf.current, by):
        raise Conflict("only the two of you, or a lead, can hand the phone back", "only-two")
    owner = running.planned or ""
    # They may be on leave by now, or gone: then the phone would ring with nobody.
    found = rules.blocks(rules.concerns(roster, rotation, (Take(owner, (now, running.end)),), now))
    if found:
        raise Refused(found)
    # The owner's own hours may go on right after: one shift again, not two.
    following = roster.holder_at(rotation, running.end)
    is_same_turn = following is not None and following.turn_start == running.turn_start
    goes_on = following is not None and is_same_turn and following.person == owner
    ends = following.end if following is not None and goes_on else running.end
    change_id = rota.change(
        session, "handed_back", rotation=rotation, actor=by, now=now, before=running.person
    )
    rota.lay(session, change_id, rotation=rotation, person=owner, hours=(now, ends))
    facts = {"start": now.isoformat(), "end": ends.isoformat(), "path": "/"}
    for person in {owner, running.person} - {by}:
        notices.tell(session, app, person, "handed-back", now=now, name=owner, **facts)
    timeline.audit(session, now, by, "phone.handed_back", rotation=rotation, person=owner)
    review(session, app, rotation, now)
    return _now_held(session, app, rotation, now)


def _now_held(session: Session, app: App, rotation: str, now: datetime) -> Shift:
    held = rota.roster_at(session, app.shelf.current).holder_at(rotation, now)
    if held is None:
        raise Conflict("nobody holds this phone right now", "nobody-holds")
    return held
