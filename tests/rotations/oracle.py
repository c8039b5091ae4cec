"""A slow second opinion on handoffs and open hours: it walks the minutes and only ever reads the wall clock.

It knows one thing: something set for 09:00 happens in the first minute in which the clocks have reached 09:00.
It keeps the latest reading seen so far; a clock set back does not take a reading back. Nothing here is shared
with the code it judges.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """Turns as the policy file describes them."""

    order: tuple[str, ...]
    first_day: date
    at: time
    days: int = 7


def readings(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield every minute of [start, end) with the latest naive wall-clock reading seen up to it."""
    instant, latest = start, datetime.min  # noqa: DTZ901 (a reading of the wall carries no zone)
    while instant < end:
        reading = instant.astimezone(zone).replace(tzinfo=None)
        latest = reading if reading > latest else latest
        yield instant, latest
        instant += MINUTE


class Holders:
    """Passes the phone on by hand each time the clocks reach a handoff."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._next = datetime.combine(plan.first_day, plan.at)
        self._passed = 0
        self.holder: str | None = None

    def read(self, reading: datetime) -> str | None:
        """Look at the clock; return who holds the phone now. Readings never go back."""
        while reading >= self._next:
            self.holder = self.plan.order[self._passed % len(self.plan.order)]
            self._passed += 1
            self._next += self.plan.days * DAY
        return self.holder


class Door:
    """Opens and closes by hand as the clocks reach the hours on the door; the list is new every day."""

    def __init__(
        self, weekly: tuple[tuple[tuple[int, int], ...], ...], closed: Container[date]
    ) -> None:
        self._weekly = weekly
        self._closed = closed
        self._day = date.min
        self._open_minutes: frozenset[int] = frozenset()

    def read(self, reading: datetime) -> bool:
        """Look at the clock; return whether the office is open now."""
        if reading.toordinal() != self._day.toordinal():
            self._day = reading.date()
            spans = () if self._day in self._closed else self._weekly[reading.weekday()]
            self._open_minutes = frozenset(
                minute for start, end in spans for minute in range(start, end)
            )
        return reading.hour * 60 + reading.minute in self._open_minutes
