"""What is to be planned, as frozen values: slots, people, rules, what is fixed. Plans nothing and reads no JSON."""

from __future__ import annotations

from dataclasses import dataclass

PRIMARY, BACKUP = 0, 1
ROLES = ("primary", "backup")

ORDINARY, HOLIDAY, CHRISTMAS = 0, 1, 2
"""Kinds of slot; CHRISTMAS is Christmas or New Year."""


class ProblemError(ValueError):
    """A problem that cannot be understood; `field` says where, as in `people[2].weight`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Slot:
    """One turn to be filled; `year` and `quarter` are indexes for the caps, `holiday` a kind of slot."""

    date: str
    year: int = 0
    quarter: int = 0
    holiday: int = ORDINARY


@dataclass(frozen=True, slots=True)
class Person:
    """One person: when employed (`start` to `end`, slots, both included), what counts, what is asked for.

    `weight` is percent of full time, `carry` thousandths of a turn already held above the fair share, `last_turn`
    the (negative) slot of the last turn before the horizon, `last_major_year` -1 when last season's Christmas or
    New Year was theirs. In `paused` slots (a long absence) nobody is available and no share grows.
    """

    id: str
    weight: int = 100
    start: int = 0
    end: int = 1_000_000
    unavailable: frozenset[int] = frozenset()
    paused: frozenset[int] = frozenset()
    wanted: frozenset[int] = frozenset()
    unwanted: frozenset[int] = frozenset()
    carry: int = 0
    last_turn: int | None = None
    major_history: int = 0
    last_major_year: int | None = None
    max_per_quarter: int | None = None
    max_per_year: int | None = None

    def is_employed(self, slot: int) -> bool:
        """Say whether the person counts in `slot`: employed and not on a long absence."""
        return self.start <= slot <= self.end and slot not in self.paused

    def is_available(self, slot: int) -> bool:
        """Say whether the person can hold the phone in `slot` as far as employment and leave go."""
        return self.is_employed(slot) and slot not in self.unavailable


@dataclass(frozen=True, slots=True)
class Rules:
    """The hard rules; `chain` is a wish of the objective: the backup should be the next primary."""

    min_gap: int = 1
    max_per_quarter: int | None = None
    max_per_year: int | None = None
    chain: bool = False
    no_go_pairs: frozenset[tuple[str, str]] = frozenset()
    frozen_slots: int = 0


@dataclass(frozen=True, slots=True)
class Fixed:
    """A pinned turn: a swap that people agreed on."""

    slot: int
    role: int
    person: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who holds one slot and who stands behind; None: nobody."""

    primary: str | None = None
    backup: str | None = None

    def of(self, role: int) -> str | None:
        """Return the person in `role`."""
        return self.primary if role == PRIMARY else self.backup


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on; `order` is the order of the rotation, people it leaves out follow by id.

    `mode` is `fair`, or `rotation`: that order, kept, with absences repaired. `holiday_balance` is `off`, `christmas`
    or `all`. `previous_plan` asks for a re-plan; it may be shorter than `slots`: the rest is planned anew.
    """

    name: str
    slots: tuple[Slot, ...]
    people: tuple[Person, ...]
    rules: Rules = Rules()
    roles: int = 1
    fixed: tuple[Fixed, ...] = ()
    previous_plan: tuple[Assignment, ...] | None = None
    order: tuple[str, ...] = ()
    mode: str = "fair"
    holiday_balance: str = "all"

    def in_order(self) -> tuple[Person, ...]:
        """Return the people in the order that breaks every tie, whatever order they were given in."""
        place = {person: number for number, person in enumerate(self.order)}
        last = len(place)
        return tuple(sorted(self.people, key=lambda one: (place.get(one.id, last), one.id)))
