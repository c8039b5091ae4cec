"""Turn what a wall clock shows in a zone into the one instant it means. Knows no turn and no office."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first instant (aware UTC) at which the clocks of `zone` have reached `day` and `at`.

    An hour that happens twice counts at its first time; a time the clocks jump over is reached when they jump.
    """
    before = datetime.combine(day, at.replace(fold=0) if at.fold else at, zone)
    after = before.replace(fold=1)
    first = before.astimezone(UTC)
    if before.utcoffset() == after.utcoffset():
        return first
    second = after.astimezone(UTC)
    # In a repeated hour the readings lie in order; over a gap they lie crossed.
    return first if first < second else _jump_between(second, first, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant (aware UTC) at which `day` begins in `zone`."""
    return instant_of(day, time(), zone)


def is_repeated(day: date, at: time, zone: ZoneInfo) -> bool:
    """Say whether the clocks of `zone` show `at` twice on `day`."""
    return _fold_shift(day, at, zone) < timedelta(0)


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Say whether the clocks of `zone` never show `at` on `day`."""
    return _fold_shift(day, at, zone) > timedelta(0)


def _fold_shift(day: date, at: time, zone: ZoneInfo) -> timedelta:
    wall = datetime.combine(day, at, tzinfo=zone)
    before, after = wall.replace(fold=0).utcoffset(), wall.replace(fold=1).utcoffset()
    return (after or timedelta(0)) - (before or timedelta(0))


def _jump_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Find the clock change in (early, late] by halving, to the second."""
    old = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late
