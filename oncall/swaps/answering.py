"""Say yes, no or "only a part" to a question about hours, and everything that can follow. The first whole yes wins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oncall import affected, notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.policy.model import Swaps
from oncall.roster import Roster, Span
from oncall.swaps import rules, store
from oncall.swaps.asking import Refused, holds_all
from oncall.swaps.leads import is_lead, leads_of
from oncall.swaps.review import review, tell_cancelled
from oncall.swaps.rules import Concern, Take
from oncall.tables import RequestAnswer, ShiftRequest


class Overtaken(Conflict):
    """Somebody was quicker, or the question is closed: nothing was changed. `state` and `taker` say how it ended."""

    def __init__(self, state: str, taker: str | None) -> None:
        self.state = state
        self.taker = taker
        super().__init__(f"this question is closed already ({state})", "overtaken")


def accept(
    session: Session, app: App, request_id: int, *, person: str, now: datetime, choice: int = 0
) -> str:
    """Say yes to the whole of it as `person`; for a trade `choice` is which hours they give in return.

    Return the state the request has then: `done`, or `waiting` for a lead or for the asker's second tap.
    Raises `Overtaken` when somebody was quicker, `Refused` when the rules forbid it.
    """
    row = _living(session, request_id, now)
    answer = _answer_of(session, app, row, person)
    takes = _takes(session, row, person, choice, now)
    _demand_possible(session, app, row, takes, now)
    answer.state, answer.answered_at = "yes", now
    row.taker = person
    return _agree(session, app, row, takes, now)


def decline(session: Session, app: App, request_id: int, *, person: str, now: datetime) -> None:
    """Say no as `person`; when everybody has, the asker is told that the hours are still theirs."""
    row = _living(session, request_id, now)
    answer = _answer_of(session, app, row, person)
    answer.state, answer.answered_at = "no", now
    session.flush()
    if row.state == "open" and not store.asked(session, row.id):
        store.close(session, row, "declined", by=person, now=now)
        facts = store.facts(session, row)
        notices.tell(session, app, row.asker, "cover-nobody", now=now, **facts)


def choices_of(session: Session, request_id: int, person: str) -> tuple[int, ...]:
    """Return the numbers of the choices of a trade that are `person`'s hours; empty for a cover."""
    found = store.choices(session, request_id)
    return tuple(number for number, takes in found.items() if takes[0].person == person)


def offer_part(
    session: Session, app: App, request_id: int, hours: Span, *, person: str, now: datetime
) -> None:
    """Offer to take only `hours` of a cover; the asker decides. Raises `Conflict` when it is too small or outside."""
    row = _living(session, request_id, now)
    if row.kind != "cover":
        raise Conflict(
            "a trade is for the whole of it: take one of the choices, or say no", "whole-trade"
        )
    answer = _answer_of(session, app, row, person)
    settings = _settings(app, row)
    gives = [(max(start, now), end) for start, end in store.gives(session, row.id)]
    if not any(start <= hours[0] and hours[1] <= end for start, end in gives):
        raise Conflict("these hours are not among those that were asked for", "outside")
    whole = sum((end - start for start, end in gives), timedelta(0))
    if hours[1] - hours[0] < min(settings.smallest_part, whole):
        least = settings.smallest_part / timedelta(hours=1)
        raise Conflict(
            f"a part has at least {least:g} hours; offer more, or say no", "too-small", f"{least:g}"
        )
    _demand_possible(session, app, row, (Take(person, hours),), now)
    answer.state, answer.answered_at = "part", now
    answer.part_starts_at, answer.part_ends_at = hours
    session.flush()
    facts = {
        **store.facts(session, row),
        "start": hours[0].isoformat(),
        "end": hours[1].isoformat(),
    }
    notices.tell(session, app, row.asker, "part-offered", now=now, name=person, **facts)


def accept_part(
    session: Session, app: App, request_id: int, *, person: str, by: str, now: datetime
) -> str:
    """Take the part that `person` offered, as the asker; the rest stays the asker's. Returns the state."""
    row = _living(session, request_id, now)
    answer = store.answer_row(session, row.id, person)
    if by not in (row.asker, row.made_by) or answer is None or answer.state != "part":
        raise Conflict("there is no such offer any more", "no-offer")
    if answer.part_starts_at is None or answer.part_ends_at is None:
        raise Conflict("there is no such offer any more", "no-offer")
    takes = (Take(person, (max(answer.part_starts_at, now), answer.part_ends_at)),)
    _demand_possible(session, app, row, takes, now)
    row.taker = person
    return _agree(session, app, row, takes, now, confirmed=True)


def confirm(session: Session, app: App, request_id: int, *, by: str, now: datetime) -> str:
    """Give the second tap that a change so shortly before its start needs, as the asker. Returns the state."""
    row = store.locked(session, request_id)
    if row.state != "waiting" or row.waits_for != "asker":
        raise Overtaken(row.state, row.taker)
    if by not in (row.asker, row.made_by) and not is_lead(app.shelf.current, by):
        raise Conflict("only whoever asked can confirm this", "only-asker")
    return _carry_out_kept(session, app, row, now)


def decide(
    session: Session, app: App, request_id: int, *, by: str, ok: bool, now: datetime, why: str = ""
) -> str:
    """Approve or refuse as a lead; a refusal says why. Returns the state. Nobody decides their own."""
    row = store.locked(session, request_id)
    if row.state != "waiting" or row.waits_for != "lead":
        raise Overtaken(row.state, row.taker)
    if not is_lead(app.shelf.current, by):
        raise Conflict("only a lead may decide this", "only-lead")
    if by in (row.asker, row.taker):
        raise Conflict(
            "nobody decides about their own hours; another lead or an admin can", "own-decision"
        )
    if ok:
        return _carry_out_kept(session, app, row, now)
    if len(why.strip()) < 3:
        raise Conflict("write why; both will read it", "why-refused")
    row.why = why.strip()
    store.close(session, row, "refused", by=by, now=now)
    for person in (row.asker, row.taker):
        if person:
            facts = store.facts(session, row)
            notices.tell(
                session, app, person, "swap-refused", now=now, name=by, why=row.why, **facts
            )
    timeline.audit(session, now, by, "swap.refused", request=row.id, why=row.why)
    return row.state


def carry_out_after_silence(session: Session, app: App, request_id: int, now: datetime) -> str:
    """Carry out what a lead has left unanswered past its time. Returns the state."""
    row = store.locked(session, request_id)
    if row.state != "waiting" or row.decide_by is None or row.decide_by > now:
        return row.state
    return _carry_out_kept(session, app, row, now)


def undo(session: Session, app: App, request_id: int, *, by: str, now: datetime) -> None:
    """Take a done cover or trade back, as one of both or a lead; raises `Conflict` after its time."""
    row = store.locked(session, request_id)
    if row.state != "done" or row.undo_until is None or row.change_id is None:
        raise Conflict("there is nothing to undo here", "no-undo")
    if by not in (row.asker, row.taker, row.made_by) and not is_lead(app.shelf.current, by):
        raise Conflict("only the two who agreed, or a lead, can undo it", "only-two")
    if now >= row.undo_until:
        raise Conflict(
            "the time to undo has passed; ask for these hours back with a new request", "undo-late"
        )
    before = rota.roster_at(session, app.shelf.current)
    if not _still_lies_on_top(before, row, now):
        # The phone would not come back: whoever has the hours now got them later, and by a yes of their own.
        raise Conflict("these hours were given on since; undo that first", "no-undo")
    change_id = rota.change(
        session, "undone", rotation=row.rotation, actor=by, now=now, request=row.id
    )
    rota.take_back(session, rota.overrides_of(session, row.change_id), change_id)
    after = rota.roster_at(session, app.shelf.current)
    for one in row.hours:
        # What lies beneath may be somebody else's again: an earlier cover of the same hours.
        span = (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
        changed = affected.moved(before, after, row.rotation, span)
        notices.tell_moved(session, app, changed, now=now, but=(row.asker, row.taker))
    store.close(session, row, "undone", by=by, now=now)
    for person in (row.asker, row.taker):
        if person:
            facts = store.facts(session, row)
            notices.tell(session, app, person, "swap-undone", now=now, name=by, **facts)
    review(session, app, row.rotation, now)


def _still_lies_on_top(roster: Roster, row: ShiftRequest, now: datetime) -> bool:
    """Say whether everybody still holds what the request gave them."""
    if row.rotation not in roster.policy.rotations:
        return False
    return all(
        holds_all(
            roster,
            row.rotation,
            Take(
                one["person"],
                (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])),
            ),
            now,
        )
        for one in row.hours
    )


def _living(session: Session, request_id: int, now: datetime) -> ShiftRequest:
    row = store.locked(session, request_id)
    if row.state != "open" or row.expires_at <= now:
        raise Overtaken("expired" if row.state == "open" else row.state, row.taker)
    return row


def _answer_of(session: Session, app: App, row: ShiftRequest, person: str) -> RequestAnswer:
    if person not in app.shelf.current.people:
        raise Conflict("you are not in the policy file any more", "left")
    found = store.answer_row(session, row.id, person)
    if found is None:
        raise Conflict("you were not asked; tell whoever asked that you could", "not-asked")
    return found


def _takes(
    session: Session, row: ShiftRequest, person: str, choice: int, now: datetime
) -> tuple[Take, ...]:
    gives = tuple(
        Take(person, (max(hours[0], now), hours[1]))
        for hours in store.gives(session, row.id)
        if hours[1] > now
    )
    if row.kind == "cover":
        return gives
    wanted = store.choices(session, row.id).get(choice, ())
    if not wanted or wanted[0].person != person:
        raise Conflict("choose which of your hours you give in return", "no-choice")
    return (*gives, *(Take(row.asker, take.hours) for take in wanted))


def _demand_possible(
    session: Session, app: App, row: ShiftRequest, takes: tuple[Take, ...], now: datetime
) -> None:
    """Raise `Conflict` unless everybody still holds what they would give and no rule forbids it."""
    roster = rota.roster_at(session, app.shelf.current)
    if row.rotation not in roster.policy.rotations or not takes:
        raise Conflict(
            "these hours have passed, or their rotation is gone; nothing was changed", "gone"
        )
    for take in takes:
        owner = row.asker if take.person != row.asker else _other(takes, row.asker)
        if not holds_all(roster, row.rotation, Take(owner, take.hours), now):
            raise Refused([Concern("moved-meanwhile", owner, True, *take.hours)])
    found = rules.blocks(rules.concerns(roster, row.rotation, takes, now))
    if found:
        raise Refused(found)


def _other(takes: Iterable[Take], asker: str) -> str:
    return next(take.person for take in takes if take.person != asker)


def _agree(
    session: Session,
    app: App,
    row: ShiftRequest,
    takes: tuple[Take, ...],
    now: datetime,
    *,
    confirmed: bool = False,
) -> str:
    settings = _settings(app, row)
    row.hours = [
        {
            "person": take.person,
            "start": take.hours[0].isoformat(),
            "end": take.hours[1].isoformat(),
        }
        for take in takes
    ]
    begins = min(take.hours[0] for take in takes)
    if settings.approval == "lead":
        return _wait_for_lead(session, app, row, begins, settings, now)
    is_late = begins - now < settings.lock_before
    if is_late and not confirmed and row.made_by == row.asker:
        row.state, row.waits_for = "waiting", "asker"
        session.flush()
        facts = store.facts(session, row)
        notices.tell(session, app, row.asker, "swap-confirm", now=now, name=row.taker, **facts)
        return row.state
    return _carry_out(session, app, row, takes, now)


def _wait_for_lead(
    session: Session, app: App, row: ShiftRequest, begins: datetime, settings: Swaps, now: datetime
) -> str:
    half = max((begins - now) / 2, timedelta(0))
    row.state, row.waits_for = "waiting", "lead"
    row.decide_by = now + min(settings.approval_after, half)
    session.flush()
    facts = {**store.facts(session, row), "until": row.decide_by.isoformat()}
    for lead in leads_of(app.shelf.current, row.rotation, but=(row.asker, row.taker)):
        notices.tell(
            session, app, lead, "swap-waits", now=now, name=row.asker, other=row.taker, **facts
        )
    return row.state


def _carry_out_kept(session: Session, app: App, row: ShiftRequest, now: datetime) -> str:
    """Carry out what was agreed earlier, if it still can be; else the request ends and both are told."""
    takes = tuple(
        Take(one["person"], (max(datetime.fromisoformat(one["start"]), now), end))
        for one in row.hours
        if (end := datetime.fromisoformat(one["end"])) > now
    )
    try:
        _demand_possible(session, app, row, takes, now)
    except Conflict:
        store.close(session, row, "cancelled", by="", now=now)
        tell_cancelled(session, app, row, now)
        return row.state
    return _carry_out(session, app, row, takes, now)


def _carry_out(
    session: Session, app: App, row: ShiftRequest, takes: tuple[Take, ...], now: datetime
) -> str:
    taker = row.taker or ""
    change_id = rota.change(
        session,
        row.kind,
        rotation=row.rotation,
        actor=taker,
        now=now,
        reason=row.reason,
        request=row.id,
        asker=row.asker,
    )
    for take in takes:
        rota.lay(session, change_id, rotation=row.rotation, person=take.person, hours=take.hours)
    begins = min(take.hours[0] for take in takes)
    store.close(session, row, "done", by=taker, now=now)
    row.change_id = change_id
    row.undo_until = min(now + _settings(app, row).undo_for, begins) if begins > now else None
    _tell_done(session, app, row, takes, now)
    timeline.audit(session, now, taker, "swap.done", request=row.id, change=change_id)
    review(session, app, row.rotation, now)
    return row.state


def _tell_done(
    session: Session, app: App, row: ShiftRequest, takes: tuple[Take, ...], now: datetime
) -> None:
    taken = [take for take in takes if take.person == row.taker]
    facts = {
        **store.facts(session, row, row.taker),
        "start": taken[0].hours[0].isoformat(),
        "end": taken[-1].hours[1].isoformat(),
        "until": row.undo_until.isoformat() if row.undo_until else "",
    }
    mine, theirs = ("trade-done-taker", "trade-done-asker")
    if row.kind == "cover":
        mine, theirs = ("cover-done-taker", "cover-done-asker")
    notices.tell(session, app, row.taker or "", mine, now=now, name=row.asker, **facts)
    notices.tell(session, app, row.asker, theirs, now=now, name=row.taker, **facts)
    if row.made_by not in (row.asker, row.taker):
        notices.tell(session, app, row.made_by, theirs, now=now, name=row.taker, **facts)
    for person in store.asked(session, row.id):
        if person != row.taker:
            due = notices.when_awake(app.shelf.current, person, now)
            notices.tell(
                session,
                app,
                person,
                "swap-solved",
                now=due,
                name=row.taker,
                other=row.asker,
                **facts,
            )


def _settings(app: App, row: ShiftRequest) -> Swaps:
    rotation = app.shelf.current.rotations.get(row.rotation)
    return rotation.swaps if rotation else Swaps()
