"""Enter leave and take it back: checked in words, told to those it concerns. Reads no calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from oncall import messages, notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict, NotFound
from oncall.leave import alarms
from oncall.roster import Span
from oncall.swaps.leads import is_lead
from oncall.tables import Leave
from rotations.wall import instant_of, start_of

LONGEST = timedelta(days=731)
FURTHEST = timedelta(days=731)
"""So far ahead leave may begin; what repeats ends by then, too."""
MOST_TIMES = 110
COMP_DAY = "comp_day"
LEAVE = "leave"
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Leave as somebody writes it, on the clock of whoever is away.

    Whole days from `first` to `last`, both included; with `begins` and `ends` from that time of the first day to that
    of the last. `weekly_until`: the same every week, up to and with that day. `long`: the fair share pauses meanwhile.
    """

    person: str
    first: date
    last: date
    begins: time | None = None
    ends: time | None = None
    weekly_until: date | None = None
    long: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was stored, and which shifts of the person lie over it."""

    leave_ids: tuple[int, ...]
    clashes: tuple[alarms.Clash, ...]


def enter(session: Session, app: App, wish: Wish, *, by: str, now: datetime) -> Entered:
    """Store leave for `wish.person`; a lead hears at once when they hold the phone then.

    Raises `Conflict` with words: it ends before it begins, is over, is too long or too far, overlaps other leave of
    theirs, or `by` is neither the person nor a lead with a reason.
    """
    _demand_right(app, wish, by)
    zone = messages.zone_of(app.shelf.current, wish.person)
    spans = tuple(_spans(wish, zone, now))
    rota.lock(session)
    _demand_free(session, wish.person, spans)
    kind = rota.LONG if wish.long else LEAVE
    note = wish.note.strip()
    ids = tuple(
        rota.add_leave(session, wish.person, span, actor=by, now=now, kind=kind, note=note)
        for span in spans
    )
    timeline.audit(
        session, now, by, "leave.entered", person=wish.person, times=len(ids), leave=ids[0]
    )
    if by != wish.person:
        hours = (spans[0][0], spans[-1][1])
        _tell_owner(session, app, "leave-entered", wish.person, hours, now, name=by, why=note)
    return Entered(ids, alarms.alarm(session, app, wish.person, ids, by=by, now=now))


def cancel(
    session: Session, app: App, leave_id: int, *, by: str, now: datetime, why: str = ""
) -> None:
    """Take leave back; what has begun ends now, what is over stays. Raises `NotFound`, or `Conflict` with words."""
    row = session.get(Leave, leave_id, with_for_update=True)
    if row is None:
        raise NotFound("there is no such leave")
    _demand_may_cancel(app, row, by, why, now)
    span = (max(row.starts_at, now), row.ends_at)
    if row.starts_at < now:
        _end_now(session, row, by, now)
    elif not rota.cancel_leave(session, leave_id, actor=by, now=now):
        raise Conflict("this leave was taken back already", "leave-gone")
    timeline.audit(session, now, by, "leave.cancelled", person=row.person, leave=leave_id)
    if by != row.person:
        why = why.strip()
        _tell_owner(session, app, "leave-taken-back", row.person, span, now, name=by, why=why)


def _demand_right(app: App, wish: Wish, by: str) -> None:
    policy = app.shelf.current
    if wish.person not in policy.people:
        raise NotFound("the policy file has nobody of that name")
    if by == wish.person:
        return
    if not is_lead(policy, by):
        raise Conflict("only a lead may enter leave for somebody else", "leave-not-yours")
    if len(wish.note.strip()) < 3:
        raise Conflict("write why; the person will read it", "leave-why")


def _demand_may_cancel(app: App, row: Leave, by: str, why: str, now: datetime) -> None:
    if row.cancelled_at is not None:
        raise Conflict("this leave was taken back already", "leave-gone")
    if row.kind == COMP_DAY:
        raise Conflict("a day off is given back on the page of days off", "leave-comp-day")
    if row.source == "feed":
        raise Conflict(
            "this comes from the person's own calendar; change it there", "leave-from-calendar"
        )
    if row.ends_at <= now:
        raise Conflict("this leave is over", "leave-over")
    if by == row.person:
        return
    if not is_lead(app.shelf.current, by):
        raise Conflict("only a lead may do that for somebody else", "leave-not-yours")
    if len(why.strip()) < 3:
        raise Conflict("write why; the person will read it", "leave-why")


def _end_now(session: Session, row: Leave, by: str, now: datetime) -> None:
    session.execute(update(Leave).where(Leave.id == row.id).values(ends_at=now))
    rota.change(session, "leave_ended", rotation="", actor=by, now=now, leave=row.id)


def _spans(wish: Wish, zone: ZoneInfo, now: datetime) -> Iterator[Span]:
    """Yield the hours of each time, checked."""
    found = [_span(wish, zone, number) for number in range(_times(wish))]
    if found[0][0] >= found[0][1]:
        raise Conflict("it ends before it begins", "leave-backwards")
    if found[0][1] - found[0][0] > LONGEST:
        raise Conflict("leave lasts two years at most", "leave-long")
    if found[-1][1] <= now:
        raise Conflict("that time is over already", "leave-over")
    if found[-1][0] > now + FURTHEST:
        raise Conflict("that is more than two years ahead", "leave-far")
    if len(found) > 1 and found[0][1] > found[1][0]:
        raise Conflict("one time lasts into the next; enter it as one long leave", "leave-weekly")
    # Of what repeats, those times that are over need no row.
    yield from (span for span in found if span[1] > now)


def _times(wish: Wish) -> int:
    if wish.weekly_until is None:
        return 1
    if wish.weekly_until < wish.first:
        raise Conflict("the last week lies before the first", "leave-backwards")
    times = (wish.weekly_until - wish.first) // _WEEK + 1
    if times > MOST_TIMES:
        raise Conflict("that is more than two years ahead", "leave-far")
    return times


def _span(wish: Wish, zone: ZoneInfo, number: int) -> Span:
    first, last = wish.first + number * _WEEK, wish.last + number * _WEEK
    begins = instant_of(first, wish.begins, zone) if wish.begins else start_of(first, zone)
    ends = instant_of(last, wish.ends, zone) if wish.ends else start_of(last + _DAY, zone)
    return (begins, ends)


def _demand_free(session: Session, person: str, spans: tuple[Span, ...]) -> None:
    known = rota.leaves(session, spans[0][0], spans[-1][1], person)
    for start, end in spans:
        clash = next((one for one in known if one.start < end and start < one.end), None)
        if clash is not None:
            raise Overlap(clash)


class Overlap(Conflict):
    """It overlaps other leave of the same person: `other`."""

    def __init__(self, other: rota.Away) -> None:
        self.other = other
        super().__init__(
            "there is other leave in that time; take that back first", "leave-overlaps"
        )


def _tell_owner(
    session: Session, app: App, text: str, person: str, span: Span, now: datetime, **facts: str
) -> None:
    notices.tell(
        session,
        app,
        person,
        text,
        now=notices.when_awake(app.shelf.current, person, now),
        start=span[0].isoformat(),
        end=span[1].isoformat(),
        path="/leave",
        **{**facts, "why": facts["why"].rstrip(". ")},
    )
