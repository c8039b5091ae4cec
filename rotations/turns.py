"""Whose turn it is: handoffs at a wall-clock time, people in a fixed order. Knows no override and no leave.

What is computed here is the plan. Whatever changes a plan (hours held by somebody else) is laid over these turns,
it never changes them.

A period (a day, a week, n weeks) may be split by further handoffs, Monday to Friday and the weekend say; each part is
a turn. Where the number of people and the number of parts have a common divisor, a fixed order would give the same
people every weekend. So once such an order has come round with everybody at the same part again, it moves on by one
place: in (people x parts) turns each place in the order has each part exactly once.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import lcm
from zoneinfo import ZoneInfo

from rotations.wall import instant_of

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Cadence:
    """When turns start: every `days` days from `first_day`, when the clocks of `zone` reach `at`.

    `further` handoffs split every period: days after its first day, and time, in order.
    """

    zone: ZoneInfo
    first_day: date
    at: time
    days: int = 7
    further: tuple[tuple[int, time], ...] = ()

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("a turn lasts at least one day")
        walls = ((0, self.at), *self.further, (self.days, self.at))
        if any(one >= following for one, following in pairwise(walls)):
            raise ValueError(
                "the handoffs of a period stand in order, each once, before the next period"
            )

    @property
    def parts(self) -> int:
        """Turns in a period."""
        return 1 + len(self.further)


@dataclass(frozen=True, slots=True)
class Turn:
    """One planned period of one person: `start` <= instant < `end`, aware UTC."""

    number: int
    person: str
    start: datetime
    end: datetime


def first_day(starts: date, weekday: int | None) -> date:
    """Return the day of the first handoff: the first `weekday` (0 = Monday) on or after `starts`; None: `starts`."""
    if weekday is None:
        return starts
    return starts + timedelta(days=(weekday - starts.weekday()) % 7)


def handoff(cadence: Cadence, number: int) -> datetime:
    """Return the instant (aware UTC) turn `number` starts; turn 0 is the first.

    A handoff inside a clock-change gap happens when the clocks jump, one in a repeated hour at its first time.
    """
    period, part = divmod(number, cadence.parts)
    days, at = cadence.further[part - 1] if part else (0, cadence.at)
    day = cadence.first_day + timedelta(days=period * cadence.days + days)
    return instant_of(day, at, cadence.zone)


def place(number: int, people: int, parts: int) -> int:
    """Return the place in an order of `people` that has turn `number`, where a period has `parts` turns."""
    round_of_all = lcm(people, parts)
    # Without a common divisor everybody comes to every part by themselves.
    moved = number // round_of_all if round_of_all < people * parts else 0
    return (number + moved) % people


class RoundRobin:
    """People taking turns in a fixed order, over and over; remembers the turns it was asked for."""

    def __init__(self, cadence: Cadence, order: tuple[str, ...]) -> None:
        if not order:
            raise ValueError("nobody is in the order")
        self.cadence = cadence
        self.order = order
        self.starts_at = handoff(cadence, 0)
        self._origin = self.starts_at.timestamp()
        self._period = cadence.days * _DAY_SECONDS
        self._parts = cadence.parts
        self._handoffs: dict[int, tuple[float, datetime]] = {}
        self._turns: dict[int, Turn] = {}

    def number_at(self, instant: datetime) -> int:
        """Return the number of the turn that runs at `instant`; negative before the first."""
        at = instant.timestamp()
        # Clock changes move handoffs by an hour or so: the guess lies in this period, or in the one beside it.
        number = int((at - self._origin) // self._period) * self._parts
        while self._handoff(number)[0] > at:
            number -= 1
        while self._handoff(number + 1)[0] <= at:
            number += 1
        return number

    def turn(self, number: int) -> Turn:
        """Return turn `number`."""
        found = self._turns.get(number)
        if found is None:
            start, end = self._handoff(number)[1], self._handoff(number + 1)[1]
            found = self._turns[number] = Turn(number, self.person(number), start, end)
        return found

    def turn_at(self, instant: datetime) -> Turn | None:
        """Return the turn that runs at `instant`; None before the first handoff."""
        number = self.number_at(instant)
        return self.turn(number) if number >= 0 else None

    def turns(self, start: datetime, end: datetime) -> tuple[Turn, ...]:
        """Return every turn that runs at some instant of [start, end), whole, in order."""
        return tuple(self._turns_from(max(start, self.starts_at), end))

    def person(self, number: int) -> str:
        """Return who has turn `number`."""
        return self.order[place(number, len(self.order), self._parts)]

    def person_but(self, number: int, busy: Container[str | None]) -> str | None:
        """Return who has turn `number`, or the next in the order who is not `busy`; None when all are."""
        start = place(number, len(self.order), self._parts)
        around = (*self.order[start:], *self.order[:start])
        return next((person for person in around if person not in busy), None)

    def _turns_from(self, start: datetime, end: datetime) -> Iterator[Turn]:
        if start >= end:
            return
        number = self.number_at(start)
        while (turn := self.turn(number)).start < end:
            if turn.start < turn.end:
                yield turn
            number += 1

    def _handoff(self, number: int) -> tuple[float, datetime]:
        """Return when turn `number` starts, in seconds since 1970 and as an instant."""
        known = self._handoffs.get(number)
        if known is None:
            instant = handoff(self.cadence, number)
            known = self._handoffs[number] = (instant.timestamp(), instant)
        return known
