"""Where the time comes from: the wall, or a clock that tests and the demo move by hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""

MOST_DRIFT = timedelta(seconds=60)
"""Clocks further apart than this are an alarm."""


def wall_clock() -> datetime:
    """Return the present instant from the machine's clock, aware UTC."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Return seconds that only ever grow, also while the machine is suspended: for spans, never for instants."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SteadyClock:
    """The clock by which the product waits: set once from `base`, then it only runs on, suspend included.

    A wall clock that somebody (or NTP) sets back an hour would hold every page back for an hour; one set forward would
    wake everybody at once. `drift` says how far the two have come apart, for the alarm. `base` may be another source
    than this machine's wall: on PostgreSQL it is the server's clock, so that all machines agree (`set_to`).
    """

    def __init__(self, wall: Clock = wall_clock, running: Callable[[], float] = since_boot) -> None:
        self._wall = wall
        self._running = running
        self._started = running()
        self._base = wall()

    def __call__(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return self._base + timedelta(seconds=self._running() - self._started)

    def set_to(self, instant: datetime) -> None:
        """Go by a better clock: it is `instant` now. Never lets time run backwards by more than the two differ."""
        self._started = self._running()
        self._base = instant.astimezone(UTC)

    def drift(self) -> timedelta:
        """Return how far the machine's wall clock is ahead of this one (negative: behind)."""
        return self._wall() - self()


class MovingClock:
    """A clock somebody moves: it stands still (tests) or runs on from where it was set (demo)."""

    def __init__(self, start: datetime, *, runs_on: Clock | None = None) -> None:
        self._base = start.astimezone(UTC)
        self._runs_on = runs_on
        self._set_at = runs_on() if runs_on else None

    def __call__(self) -> datetime:
        if self._runs_on is None or self._set_at is None:
            return self._base
        return self._base + (self._runs_on() - self._set_at)

    def move_to(self, instant: datetime) -> None:
        """Set the clock to `instant` (aware)."""
        self._base = instant.astimezone(UTC)
        self._set_at = self._runs_on() if self._runs_on else None

    def forward(self, by: timedelta) -> None:
        """Move the clock `by` a span from where it stands now."""
        self.move_to(self() + by)
