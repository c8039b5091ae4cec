"""Put a problem as a question of whole numbers, for a solver: who stands where, rule by rule, level by level.

Solves nothing. What a solver answers is believed only after `rotations.fair.optimal` has judged it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rotations.fair.case import TURN, Case, Place, bits_of
from rotations.fair.plan import Level
from rotations.fair.problem import BACKUP, CHRISTMAS, HOLIDAY, PRIMARY

Terms = tuple[tuple[int, float], ...]
"""A sum: (column, factor)."""

LEVELS = ("uncovered", "largest_deviation", "squares", "holidays")
"""The levels of the objective that are asked for, in their order; the others are left to local search."""

_SLACK = 2e-6
"""Levels come rounded to six places; a floor lies this much below a bound, a ceiling above a value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One column that is 0 or 1: `person` (by index) stands in a place, or does not."""

    role: int
    slot: int
    person: int


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: the sum of `terms` is at least `least` and at most `most`; None: no limit."""

    least: float | None
    most: float | None
    terms: Terms


@dataclass(frozen=True, slots=True)
class Goal:
    """One level to make small; no plan brings the sum of `terms` below `floor`, None: nothing is known."""

    name: str
    terms: Terms
    floor: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """The columns are the choices, then one fraction from 0 to each of `tops` (None: no limit).

    Goals are to be reached in their order, each kept while the next is sought; `start` are the choices of a plan
    that keeps every rule.
    """

    choices: tuple[Choice, ...]
    tops: tuple[float | None, ...]
    rows: tuple[Row, ...]
    goals: tuple[Goal, ...]
    start: tuple[int, ...]


def choices_of(case: Case, first: int = 0) -> tuple[Choice, ...]:
    """Return everything that is left to decide from slot `first` on, the locked places being taken."""
    return tuple(
        Choice(role, slot, person)
        for role in range(case.roles)
        for person in case.everyone
        for slot in bits_of(case.open[role][person])
        if slot >= first
    )


def question(
    case: Case, choices: tuple[Choice, ...], start: Iterable[Choice], reached: Mapping[str, Level]
) -> Question:
    """Return the whole question; `reached` are the levels of the plan to beat, with their bounds."""
    return _Writing(case, choices).question(frozenset(start), reached)


class _Writing:
    """One question while it is written: columns and rows are added, none is changed."""

    def __init__(self, case: Case, choices: tuple[Choice, ...]) -> None:
        self.case = case
        self.choices = choices
        self.column = {choice: number for number, choice in enumerate(choices)}
        self.tops: list[float | None] = []
        self.rows: list[Row] = []

    def question(self, start: frozenset[Choice], reached: Mapping[str, Level]) -> Question:
        self._one_a_place()
        for person in self.case.everyone:
            self._rest(person)
            self._caps(person)
        self._pairs()
        wanted = [self._uncovered(), self._deviation(), self._squares(), self._holidays()]
        goals = tuple(self._goals([one for one in wanted if one[1]], reached))
        return Question(
            self.choices,
            tuple(self.tops),
            tuple(self.rows),
            goals,
            tuple(number for number, choice in enumerate(self.choices) if choice in start),
        )

    def _goals(
        self, wanted: list[tuple[str, Terms, float]], reached: Mapping[str, Level]
    ) -> Iterator[Goal]:
        """Yield what is to be sought; a proved level becomes a rule, if all before it are proved, too."""
        is_settled = True
        for name, terms, base in wanted:
            level = reached[name]
            is_settled = is_settled and level.proved
            if is_settled and name != "uncovered":
                self.rows.append(Row(None, level.value - base + _SLACK, terms))
                continue
            floor = None if level.bound is None else level.bound - base - _SLACK
            yield Goal(name, terms, floor)

    def _at_most(self, most: int, places: Iterable[Place], person: int) -> None:
        columns = self._columns(places, person)
        if len(columns) > most:
            self.rows.append(Row(None, most, tuple((column, 1.0) for column in columns)))

    def _columns(self, places: Iterable[Place], person: int) -> list[int]:
        found = (self.column.get(Choice(role, slot, person)) for role, slot in places)
        return [column for column in found if column is not None]

    def _one_a_place(self) -> None:
        at_place: dict[Place, list[int]] = {}
        for number, choice in enumerate(self.choices):
            at_place.setdefault((choice.role, choice.slot), []).append(number)
        for columns in at_place.values():
            self.rows.append(Row(None, 1, tuple((column, 1.0) for column in columns)))

    def _rest(self, person: int) -> None:
        """Of duties too close to one another a person has one; `open` already knows the locked ones."""
        for places in _too_close(self.case):
            self._at_most(1, places, person)

    def _caps(self, person: int) -> None:
        case = self.case
        limits: list[tuple[object, int]] = [
            *((quarter, case.per_quarter[person]) for quarter in sorted(set(case.quarter))),
            *((year, case.per_year[person]) for year in sorted(set(case.year))),
        ]
        for period, most in limits:
            slots = [
                slot
                for slot in range(case.slots)
                if period in (case.quarter[slot], case.year[slot])
            ]
            fixed = sum(case.locked.get((PRIMARY, slot)) == person for slot in slots)
            self._at_most(max(0, most - fixed), ((PRIMARY, slot) for slot in slots), person)

    def _pairs(self) -> None:
        if self.case.roles == 1:
            return
        for person in self.case.everyone:
            for other in bits_of(self.case.no_go[person]):
                for slot in range(self.case.slots):
                    self._never_both((PRIMARY, slot), person, (BACKUP, slot), other)

    def _never_both(self, place: Place, person: int, beside: Place, other: int) -> None:
        columns = [*self._columns([place], person), *self._columns([beside], other)]
        locked = self.case.locked
        fixed = (locked.get(place) == person) + (locked.get(beside) == other)
        if columns:
            most = max(0, 1 - fixed)
            self.rows.append(Row(None, most, tuple((column, 1.0) for column in columns)))

    def _uncovered(self) -> tuple[str, Terms, float]:
        places = self.case.slots * self.case.roles - len(self.case.locked)
        return "uncovered", tuple((column, -1.0) for column in range(len(self.choices))), places

    def _deviation(self) -> tuple[str, Terms, float]:
        """One fraction that no person's deviation exceeds, in turns."""
        largest = self._fraction(None)
        for person in self.case.everyone:
            turns = self._turns(person, range(self.case.slots))
            wish = self._wish(person) - self._locked(person, range(self.case.slots))
            self.rows.append(Row(None, wish, (*turns, (largest, -1.0))))
            self.rows.append(Row(wish, None, (*turns, (largest, 1.0))))
        return "largest_deviation", ((largest, 1.0),), 0.0

    def _squares(self) -> tuple[str, Terms, float]:
        terms: list[tuple[int, float]] = []
        base = 0.0
        for person in self.case.everyone:
            wish, cost = self._wish(person), self._cost(person)
            base += wish * wish * cost
            terms += self._count(person, range(self.case.slots), _rising(cost, -wish))
        return "squares", tuple(terms), base

    def _holidays(self) -> tuple[str, Terms, float]:
        terms: list[tuple[int, float]] = []
        base = 0.0
        for kind, worth in ((CHRISTMAS, 3), (HOLIDAY, 1)):
            slots = [slot for slot, one in enumerate(self.case.holiday) if one == kind]
            for person in self.case.everyone:
                before = self.case.majors_before(person) if kind == CHRISTMAS else 0
                cost = worth * self._cost(person)
                base += before * before * cost
                terms += self._count(person, slots, _rising(cost, before))
        return "holidays", tuple(terms), base

    def _count(
        self, person: int, slots: Iterable[int], cost: Callable[[int], float]
    ) -> Iterator[tuple[int, float]]:
        """Count a person's turns by fractions that cost more and more: the cheap ones fill up first."""
        slots = list(slots)
        turns, locked = self._turns(person, slots), self._locked(person, slots)
        most = locked + min(len(turns), len(slots) // self.case.gap + 1)
        if not most:
            return
        steps = [self._fraction(1.0) for _ in range(most)]
        counted = (*turns, *((step, -1.0) for step in steps))
        self.rows.append(Row(-locked, -locked, counted))
        yield from ((step, cost(number)) for number, step in enumerate(steps))

    def _fraction(self, top: float | None) -> int:
        self.tops.append(top)
        return len(self.choices) + len(self.tops) - 1

    def _turns(self, person: int, slots: Iterable[int]) -> Terms:
        columns = self._columns(((PRIMARY, slot) for slot in slots), person)
        return tuple((column, 1.0) for column in columns)

    def _locked(self, person: int, slots: Iterable[int]) -> int:
        return sum(self.case.locked.get((PRIMARY, slot)) == person for slot in slots)

    def _wish(self, person: int) -> float:
        return (self.case.share[person] - self.case.carry[person]) / TURN

    def _cost(self, person: int) -> float:
        return self.case.costs[person] * self.case.cost_scale


def _rising(cost: float, base: float) -> Callable[[int], float]:
    """Return what one more makes of the square of a number that starts at `base`."""
    return lambda held: (2 * (base + held) + 1) * cost


def _too_close(case: Case) -> Iterator[list[Place]]:
    """Yield sets of places of which one person may have one; together they say all there is about rest.

    Standing behind in a slot and holding the next is allowed, so no set has both.
    """
    for start in range(case.slots):
        end = min(start + case.gap, case.slots)
        holding = [(PRIMARY, slot) for slot in range(start, end)]
        if case.roles == 1:
            yield holding
            continue
        behind = [(BACKUP, slot) for slot in range(start, end)]
        yield [*holding, behind[-1]]
        yield [holding[0], *behind]
        yield [behind[0], *holding[2:]]
