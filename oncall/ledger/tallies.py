"""How evenly the phone was shared: weeks, weekends, holidays and broken nights per person. Pays and judges nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.ledger import spans
from oncall.ledger.earning import Rules, Terms
from oncall.ledger.extras import Answer, night_of
from rotations.schedule import HOLDER, Shift
from rotations.wall import start_of

_WEEK_SECONDS = 7 * 86_400
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """What one person bore; `weeks` in thousandths."""

    person: str
    weeks: int
    weekends: int
    """Weekends of which at least half was held."""
    holidays: int
    nights: int


MEASURES = ("weeks", "weekends", "holidays", "nights")


def tallies_of(
    people: Iterable[str],
    shifts: Sequence[Shift],
    answers: Iterable[Answer],
    span: tuple[datetime, datetime],
    rules: Rules,
) -> tuple[Tally, ...]:
    """Return the tally of each of `people` over `span` (start, end)."""
    answers = tuple(answers)
    window = spans.span_of(*span)
    found = []
    for person in people:
        terms = rules.terms[person]
        held = spans.union(
            spans.within(
                (
                    spans.span_of(one.start, one.end)
                    for one in shifts
                    if one.person == person and one.role == HOLDER
                ),
                window,
            )
        )
        days = list(_days(span, terms.zone))
        found.append(
            Tally(
                person,
                spans.seconds(held) * 1000 // _WEEK_SECONDS,
                sum(
                    _holds_half(held, day, 2, terms.zone)
                    for day in days
                    if day.weekday() == _SATURDAY
                ),
                sum(_holds_half(held, day, 1, terms.zone) for day in days if day in terms.holidays),
                len(_nights(answers, person, terms)),
            )
        )
    return tuple(found)


def mean(tallies: Sequence[Tally], measure: str) -> float:
    """Return the mean of one of `MEASURES`; weeks in thousandths."""
    return sum(getattr(one, measure) for one in tallies) / len(tallies) if tallies else 0.0


def _nights(answers: Iterable[Answer], person: str, terms: Terms) -> set[date]:
    nights = (night_of(one.at, terms.zone, terms.night) for one in answers if one.person == person)
    return {night for night in nights if night is not None}


def _holds_half(held: list[spans.Span], day: date, days: int, zone: ZoneInfo) -> bool:
    begin, end = spans.span_of(start_of(day, zone), start_of(day + days * _DAY, zone))
    return 2 * spans.seconds(spans.within(held, (begin, end))) >= end - begin


def _days(span: tuple[datetime, datetime], zone: ZoneInfo) -> Iterable[date]:
    day, last = (instant.astimezone(zone).date() for instant in span)
    while day <= last:
        yield day
        day += _DAY
