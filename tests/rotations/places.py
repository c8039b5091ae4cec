"""Where clocks change in four different ways, and what is planned there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tests.rotations.oracle import Plan

CAST = ("ana", "bora", "maria")


@dataclass(frozen=True)
class Place:
    """A zone, two years in it, and plans whose handoffs and hours fall into its gaps and repeated hours."""

    zone: ZoneInfo
    start: datetime
    end: datetime
    plans: tuple[Plan, ...]
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    closed: frozenset[date]


def _place(name: str, year: int, odd: time, days: int) -> Place:
    """`odd` lies in the gap of spring and in the repeated hour of autumn, on the days that matter there."""
    minute = odd.hour * 60 + odd.minute
    workday = ((540, 750), (780, 1080))
    around_change = ((minute - 10, minute), (minute, minute + 20), (1320, 1440))
    return Place(
        zone=ZoneInfo(name),
        start=datetime(year, 1, 1, tzinfo=UTC),
        end=datetime(year + 2, 1, 1, tzinfo=UTC),
        plans=(
            Plan(CAST, date(year, 1, 5), time(9)),
            Plan(CAST, date(year, 1, 4), odd, days),
        ),
        weekly=(*(workday,) * 4, ((0, minute),), (), around_change),
        closed=frozenset({date(year, 1, 6), date(year, 12, 25), date(year + 1, 7, 4)}),
    )


PLACES = {
    "Europe/Bucharest": _place("Europe/Bucharest", 2026, time(3, 30), 7),
    # The clocks went back two weeks late in 2015 and stayed on summer time for good in 2016.
    "Europe/Istanbul": _place("Europe/Istanbul", 2015, time(3, 30), 1),
    "America/New_York": _place("America/New_York", 2026, time(1, 30), 1),
    "Australia/Lord_Howe": _place("Australia/Lord_Howe", 2026, time(2, 15), 7),
}
