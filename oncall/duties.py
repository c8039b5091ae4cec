"""What one person holds of one turn, as people speak of it: "my week", "my Wednesday night". Stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncall.roster import Roster
from rotations.schedule import HOLDER, Shift

_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """Shifts of one person in one turn with nobody else's in between; `start` <= instant < `end`, aware UTC.

    A phone that is held at night only makes seven shifts of a week and one duty.
    """

    rotation: str
    person: str
    start: datetime
    end: datetime
    turn_start: datetime
    before: str | None
    """Who held the phone until `start`, where that was somebody else."""
    after: str | None
    """Who holds it from `end` on, where that is somebody else."""

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


def duties(roster: Roster, rotation: str, start: datetime, end: datetime) -> tuple[Duty, ...]:
    """Return every duty of `rotation` that runs at some instant of [start, end), whole, in order."""
    turns = roster.turns(rotation, start, end)
    if not turns:
        return ()
    # One turn more on either side: who holds before and after.
    around = (turns[0].start - _INSTANT, turns[-1].end + _INSTANT)
    every = tuple(_with_neighbours(tuple(_merged(roster, rotation, *around))))
    return tuple(duty for duty in every if duty.start < end and start < duty.end)


def duty_at(roster: Roster, rotation: str, instant: datetime) -> Duty | None:
    """Return the duty that runs at `instant`; None when nobody holds."""
    found = duties(roster, rotation, instant, instant + _INSTANT)
    return next((duty for duty in found if duty.start <= instant < duty.end), None)


def duty_ending(roster: Roster, rotation: str, at: datetime) -> Duty | None:
    """Return the duty that ends at `at`; None when none does."""
    found = duties(roster, rotation, at - _INSTANT, at + _INSTANT)
    return next((duty for duty in found if duty.end == at), None)


def _merged(roster: Roster, rotation: str, start: datetime, end: datetime) -> Iterator[Duty]:
    shifts = sorted(
        (one for one in roster.final_schedule(start, end, rotation) if one.role == HOLDER),
        key=lambda one: one.start,
    )
    running: Duty | None = None
    for shift in shifts:
        if running and (running.person, running.turn_start) == (shift.person, shift.turn_start):
            running = replace(running, end=shift.end)
            continue
        if running:
            yield running
        running = _duty(shift)
    if running:
        yield running


def _duty(shift: Shift) -> Duty:
    return Duty(shift.rotation, shift.person, shift.start, shift.end, shift.turn_start, None, None)


def _with_neighbours(found: tuple[Duty, ...]) -> Iterator[Duty]:
    people = (None, *(duty.person for duty in found), None)
    for number, duty in enumerate(found, 1):
        before, after = people[number - 1], people[number + 1]
        yield replace(
            duty,
            before=before if before != duty.person else None,
            after=after if after != duty.person else None,
        )
