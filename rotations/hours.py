"""When an office is open: weekly hours minus closed dates, as instants. Knows no country and no holiday."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rotations.wall import instant_of, start_of

Minutes = tuple[int, int]
"""Open minutes of a local day, start <= minute < end; 1440 is the midnight that ends the day."""

Stretch = tuple[datetime, datetime]
"""An unbroken open time, start <= instant < end, aware UTC."""

_DAY = timedelta(days=1)
_MIDNIGHT = 1440
_SEARCH_DAYS = 3 * 366
"""An office that shows no change for three years is taken to show none at all."""
_FOR_EVER = timedelta(days=_SEARCH_DAYS - 2)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open hours of one office: seven tuples of minutes, Monday first, in `zone`, except on `closed` local dates."""

    zone: ZoneInfo
    weekly: tuple[tuple[Minutes, ...], ...]
    closed: Container[date] = frozenset()
    _days: dict[date, tuple[Stretch, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")

    def is_open(self, instant: datetime) -> bool:
        """Say whether the office is open at `instant`."""
        today = instant.astimezone(self.zone).date()
        # The day after counts too: clocks set back over midnight show the old date once more.
        stretches = self._open_on(today) + self._open_on(today + _DAY)
        for start, end in stretches:  # noqa: SIM110 (a generator would cost as much as the rest)
            if start <= instant < end:
                return True
        return False

    def next_opening(self, instant: datetime) -> datetime | None:
        """Return the first open instant at or after `instant`: itself when open; None when there is none in sight."""
        stretch = next(self._stretches(instant), None)
        return None if stretch is None else max(stretch[0], instant)

    def next_change(self, instant: datetime) -> tuple[bool, datetime] | None:
        """Return (open from then on?, when) of the next change after `instant`; None when none is in sight."""
        stretch = next(self._stretches(instant), None)
        if stretch is None:
            return None
        start, end = stretch
        if start > instant:
            return (True, start)
        return (False, end) if end - instant < _FOR_EVER else None

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield the open time of [start, end) as unbroken stretches in order; the last may end after `end`."""
        for stretch in self._stretches(start):
            if stretch[0] >= end:
                return
            yield (max(stretch[0], start), stretch[1])

    def _stretches(self, instant: datetime) -> Iterator[Stretch]:
        """Yield the stretches that end after `instant`, joined where one ends as the next begins."""
        joined: Stretch | None = None
        for start, end in self._by_day(instant):
            if joined is None:
                joined = (start, end)
            elif start <= joined[1]:
                joined = (joined[0], max(joined[1], end))
            else:
                yield joined
                joined = (start, end)
        if joined is not None:
            yield joined

    def _by_day(self, instant: datetime) -> Iterator[Stretch]:
        today = instant.astimezone(self.zone).date()
        for ahead in range(_SEARCH_DAYS):
            for stretch in self._open_on(today + timedelta(days=ahead)):
                if stretch[1] > instant:
                    yield stretch

    def _open_on(self, day: date) -> tuple[Stretch, ...]:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = () if day in self.closed else self._weekly_on(day)
        return known

    def _weekly_on(self, day: date) -> tuple[Stretch, ...]:
        spans = sorted(self.weekly[day.weekday()])
        ends = ((self._reach(day, start), self._reach(day, end)) for start, end in spans)
        # A span that lies wholly inside a clock-change gap is no time at all.
        return tuple((start, end) for start, end in ends if start < end)

    def _reach(self, day: date, minute: int) -> datetime:
        if minute == _MIDNIGHT:
            return start_of(day + _DAY, self.zone)
        return instant_of(day, time(minute // 60, minute % 60), self.zone)
