"""Split the worth of a turn by time really held, to the milli-day and without a remainder. Knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)
_MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001 (a reading of the wall clock, not an instant)
_CLOCK_CHANGE = timedelta(hours=2)
"""No clock change is longer; a handoff it skips must not make a week longer or shorter."""


def split(worth: int, seconds: Sequence[int]) -> tuple[int, ...]:
    """Return `worth` in proportion to `seconds`, in whole milli-days that sum to it exactly.

    Largest remainder; of equal remainders the earlier party gets it, so list whoever held first first.
    Nobody gets anything when nothing was held.
    """
    total = sum(seconds)
    if not total:
        return (0,) * len(seconds)
    shares = [worth * held // total for held in seconds]
    remainders = [worth * held % total for held in seconds]
    by_remainder = sorted(range(len(seconds)), key=lambda party: (-remainders[party], party))
    for party in by_remainder[: worth - sum(shares)]:
        shares[party] += 1
    return tuple(shares)


def worth(per_week: int, start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Return what a turn earns in milli-days: `per_week` for each week of wall-clock time in `zone`.

    A week is a week when the clocks change, too. Parts of a week are rounded so that the parts that fill a
    week, whatever their lengths, sum to `per_week`.
    """
    first, last = _wall(start, zone), _wall(end, zone)
    weeks = round((last - first) / WEEK)
    if weeks and abs(last - first - weeks * WEEK) <= _CLOCK_CHANGE:
        return per_week * weeks
    return _until(per_week, last) - _until(per_week, first)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _until(per_week: int, wall: datetime) -> int:
    """Return what all the time since 1970 would have earned, rounded half up."""
    week = WEEK // timedelta(seconds=1)
    elapsed = (wall - _MONDAY) // timedelta(seconds=1)
    return (2 * per_week * elapsed + week) // (2 * week)
