"""How late somebody may start after a broken night: a book of its own, never part of the balance. Reads no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oncall.ledger.extras import night_of
from rotations.wall import instant_of

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wake:
    """One ticket a person answered a page for; `solved_at` is None while it is not solved."""

    answered_at: datetime
    solved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rest:
    """The latest start after the night that began on `night`."""

    night: date
    last_at: datetime
    """When the last page of the night was over."""
    until: datetime


def night_end(night: date, zone: ZoneInfo, window: tuple[int, int]) -> datetime:
    """Return the instant (aware UTC) at which the night that begins on the local day `night` is over."""
    begin, end = window
    day = night if begin < end else night + timedelta(days=1)
    return instant_of(day, time(end // 60, end % 60), zone)


def rests_of(
    wakes: Iterable[Wake],
    zone: ZoneInfo,
    window: tuple[int, int],
    hours: timedelta,
    *,
    from_solved: bool = True,
) -> tuple[Rest, ...]:
    """Return the rest after every night in which a page was answered.

    It counts from when the last page was solved; what is not solved when the night ends counts to the night's end.
    `from_solved` False counts from the last answer instead.
    """
    last: dict[date, datetime] = {}
    for wake in wakes:
        night = night_of(wake.answered_at, zone, window)
        if night is None:
            continue
        over = wake.answered_at
        if from_solved:
            end = night_end(night, zone, window)
            over = max(over, min(wake.solved_at or end, end))
        last[night] = max(over, last.get(night, over))
    return tuple(Rest(night, at, at + hours) for night, at in sorted(last.items()))


def late_minutes(rest: Rest, opening: datetime) -> int:
    """Return by how many minutes the day that would begin at `opening` may begin later; 0 when it may not."""
    return max(timedelta(0), rest.until - opening) // _MINUTE
