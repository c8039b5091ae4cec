"""What a turn brings beside its hours: public holidays held and nights broken, up to a cap. Reads no clock.

An extra belongs to the turn in whose hours it came about: a holiday at the moment half of it was held, a night at
the first page answered. So it depends on nothing that happens after that turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.ledger import spans
from oncall.ledger.earning import Credit, Rules, Terms, TurnId, credited
from oncall.ledger.entries import HOLDER, Kind
from rotations.schedule import Shift
from rotations.wall import start_of

LOOK_BACK = timedelta(days=9)
"""How much of the schedule and the pages before a turn may matter: the week of the cap, and a night's start."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered a page (took the ticket or passed it on) at an instant."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Extra:
    moment: datetime
    kind: Kind
    day: date
    amount: int
    rotation: str
    turn_start: datetime


def night_of(instant: datetime, zone: ZoneInfo, night: tuple[int, int]) -> date | None:
    """Return the night `instant` lies in, by the local day it begins on; None by day.

    `night` is (begin, end) in minutes of the local day; one that ends before it begins runs over midnight.
    """
    local = instant.astimezone(zone)
    minute = local.hour * 60 + local.minute
    begin, end = night
    if begin < end:
        return local.date() if begin <= minute < end else None
    if minute >= begin:
        return local.date()
    return local.date() - _DAY if minute < end else None


def extras_of(
    turn: TurnId, shifts: Sequence[Shift], answers: Iterable[Answer], rules: Rules
) -> tuple[Credit, ...]:
    """Return the extras that came about in `turn`, in the order they did, after the weekly cap.

    `shifts` is the final schedule of every rotation from `LOOK_BACK` before the turn to its end; `answers` likewise.
    """
    given = [one for one in credited(shifts, rules.small_help) if one.start < turn.end]
    by_person: dict[str, list[datetime]] = {}
    for answer in answers:
        if answer.at < turn.end:
            by_person.setdefault(answer.person, []).append(answer.at)
    here = {one.person for one in given if one.role == HOLDER and _is_of(one, turn)}
    found: list[Credit] = []
    for person in sorted(here | set(by_person)):
        terms = rules.terms.get(person)
        if terms is None or not terms.earns:
            continue
        mine = [one for one in given if one.person == person]
        extras = [
            *_holidays(turn, mine, rules, terms),
            *_nights(by_person.get(person, ()), given, person, rules),
        ]
        found += [
            _credit(person, extra, amount)
            for extra, amount in _capped(extras, terms)
            if (extra.rotation, extra.turn_start) == (turn.rotation, turn.start)
        ]
    return tuple(found)


def _is_of(shift: Shift, turn: TurnId) -> bool:
    return shift.rotation == turn.rotation and shift.turn_start == turn.start


def _holidays(turn: TurnId, mine: Sequence[Shift], rules: Rules, terms: Terms) -> Iterable[_Extra]:
    holding = [one for one in mine if one.role == HOLDER]
    held = [spans.span_of(one.start, one.end) for one in holding]
    day = (turn.start - LOOK_BACK + _DAY).astimezone(terms.zone).date()
    last = turn.end.astimezone(terms.zone).date()
    while day <= last:
        if day in terms.holidays:
            begin, end = spans.span_of(start_of(day, terms.zone), start_of(day + _DAY, terms.zone))
            half = -(-(end - begin) // 2)
            moment = spans.reached(spans.within(held, (begin, end)), half)
            if moment is not None:
                # The half is full at the end of a second that was still held.
                yield _extra(moment - 1, Kind.HOLIDAY, day, terms.per_holiday, holding, rules)
        day += _DAY


def _nights(
    answers: Iterable[datetime], everyone: Sequence[Shift], person: str, rules: Rules
) -> Iterable[_Extra]:
    terms = rules.terms[person]
    seen: set[date] = set()
    for at in sorted(answers):
        night = night_of(at, terms.zone, terms.night)
        if night is None or night in seen:
            continue
        seen.add(night)
        running = [one for one in everyone if one.turn_start <= at < one.turn_end]
        if running:
            home = min(running, key=lambda one: _closeness(one, person, at, rules))
            yield _Extra(at, Kind.NIGHT, night, terms.per_night, home.rotation, home.turn_start)


def _closeness(shift: Shift, person: str, at: datetime, rules: Rules) -> tuple[bool, bool, int]:
    """Order the running turns for a night: the one they hold, the one they back up, then the first of the policy."""
    is_mine = shift.person == person and shift.start <= at < shift.end
    return (
        not (is_mine and shift.role == HOLDER),
        not is_mine,
        rules.rotations.index(shift.rotation),
    )


def _extra(
    second: int, kind: Kind, day: date, amount: int, holding: Sequence[Shift], rules: Rules
) -> _Extra:
    at = datetime.fromtimestamp(second, UTC)
    home = min(
        (one for one in holding if one.start <= at < one.end),
        key=lambda one: rules.rotations.index(one.rotation),
    )
    return _Extra(at, kind, day, amount, home.rotation, home.turn_start)


def _capped(extras: Iterable[_Extra], terms: Terms) -> Iterable[tuple[_Extra, int]]:
    left: dict[tuple[int, int], int] = {}
    for extra in sorted(extras, key=lambda one: (one.moment, one.kind)):
        week = extra.moment.astimezone(terms.zone).isocalendar()[:2]
        room = left.setdefault(week, terms.most_extras)
        amount = min(extra.amount, room)
        left[week] = room - amount
        yield extra, amount


def _credit(person: str, extra: _Extra, amount: int) -> Credit:
    facts = {"at": extra.moment.isoformat()} if extra.kind is Kind.NIGHT else {}
    if amount < extra.amount:
        facts["capped_from"] = str(extra.amount)
    return Credit(person, extra.kind, amount, day=extra.day, facts=facts)
