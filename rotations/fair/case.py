"""A problem with everything looked up once: indexes, bit masks, exact shares. Decides nothing, is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import gcd, lcm

from rotations.fair.problem import BACKUP, CHRISTMAS, HOLIDAY, ORDINARY, PRIMARY, Person, Problem

TURN = 10**9
"""Shares and deviations are counted in billionths of a turn: exact enough, and whole numbers compare alike anywhere."""

NOBODY = -1
UNLIMITED = 1 << 30
Place = tuple[int, int]
"""(role, slot)."""


@dataclass(eq=False)
class Case:
    """A problem by index: people in the tie-breaking order, slots from 0, roles 0 and 1; `locked` turns stand."""

    problem: Problem
    locked: dict[Place, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people: tuple[Person, ...] = self.problem.in_order()
        self.index = {person.id: number for number, person in enumerate(self.people)}
        self.slots = len(self.problem.slots)
        self.roles = self.problem.roles
        self.gap = max(1, self.problem.rules.min_gap)
        self.chain = self.problem.rules.chain and self.roles > 1
        self.year = [slot.year for slot in self.problem.slots]
        self.quarter = [(slot.year, slot.quarter) for slot in self.problem.slots]
        self.holiday = [self._kind(slot.holiday) for slot in self.problem.slots]

    @property
    def everyone(self) -> range:
        """Return the indexes of all people."""
        return range(len(self.people))

    def places(self) -> Iterator[Place]:
        """Yield every (role, slot) there is to fill, slot by slot."""
        for slot in range(self.slots):
            for role in range(self.roles):
                yield role, slot

    @cached_property
    def per_quarter(self) -> list[int]:
        """Return the most turns (as primary) a quarter allows each person."""
        most = self.problem.rules.max_per_quarter
        return [_limit(one.max_per_quarter, most) for one in self.people]

    @cached_property
    def per_year(self) -> list[int]:
        """Return the most turns (as primary) a year allows each person."""
        most = self.problem.rules.max_per_year
        return [_limit(one.max_per_year, most) for one in self.people]

    @cached_property
    def free(self) -> list[int]:
        """Return, per person, the slots they are employed, not on leave and rested from before the horizon: bits."""
        return [self._free(person) for person in self.people]

    @cached_property
    def possible(self) -> list[int]:
        """Return, per person, the slots they are free in or locked to: bits."""
        bits = list(self.free)
        for (_, slot), person in self.locked.items():
            bits[person] |= 1 << slot
        return bits

    @cached_property
    def open(self) -> tuple[list[int], ...]:
        """Return, per role and person, the slots left once the locked turns stand: bits."""
        left = [list(self.free) for _ in range(self.roles)]
        for role in range(self.roles):
            taken = sum(1 << slot for locked, slot in self.locked if locked == role)
            left[role] = [bits & ~taken for bits in left[role]]
        for (role, slot), person in self.locked.items():
            for other in range(self.roles):
                left[other][person] &= ~self.near(other, role, slot)
        return tuple(left)

    def near(self, role: int, other: int, slot: int) -> int:
        """Return the slots where `role` is impossible for whoever has `other` in `slot`: bits."""
        bits = self.around[slot]
        if role == PRIMARY and other == BACKUP:
            return bits & ~(1 << slot + 1)
        if role == BACKUP and other == PRIMARY and slot > 0:
            return bits & ~(1 << slot - 1)
        return bits

    @cached_property
    def around(self) -> list[int]:
        """Return, per slot, the slots closer to it than the minimum gap, itself included: bits."""
        everything = (1 << self.slots) - 1
        gap = min(self.gap, self.slots + 1)
        wide = (1 << (2 * gap - 1)) - 1
        return [
            (wide << (slot - gap + 1) if slot >= gap - 1 else wide >> (gap - 1 - slot)) & everything
            for slot in range(self.slots)
        ]

    @cached_property
    def no_go(self) -> list[int]:
        """Return, per person, the people they never share a slot with: bits."""
        bits = [0] * len(self.people)
        for first, second in self.problem.rules.no_go_pairs:
            if first in self.index and second in self.index:
                bits[self.index[first]] |= 1 << self.index[second]
                bits[self.index[second]] |= 1 << self.index[first]
        return bits

    @cached_property
    def costs(self) -> list[int]:
        """Return, per person, what one unit costs: inversely proportional to the weight, as whole numbers."""
        common = 0
        for person in self.people:
            common = gcd(common, person.weight)
        weights = [person.weight // common for person in self.people]
        everything = lcm(*weights) if weights else 1
        return [everything // weight for weight in weights]

    @cached_property
    def cost_scale(self) -> float:
        """Return what turns a sum of costs into the sum per full-time person (weight 100)."""
        if not self.people:
            return 0.0
        return 100 / (self.costs[0] * self.people[0].weight)

    @cached_property
    def due(self) -> list[list[int]]:
        """Return, per person, the share due before each slot and after the last, in billionths of a turn."""
        sums = self._exact_sums()
        return [[_rounded(part, self._common) for part in row] for row in sums]

    @cached_property
    def share(self) -> list[int]:
        """Return each person's fair share of the whole horizon, in billionths of a turn."""
        return [row[-1] for row in self.due]

    @cached_property
    def carry(self) -> list[int]:
        """Return what each person held above their share before the horizon, in billionths of a turn."""
        return [person.carry * (TURN // 1000) for person in self.people]

    @cached_property
    def season(self) -> list[int]:
        """Return the season of each slot: a New Year's turn in January belongs to the Christmas before it."""
        return [slot.year - (1 if _is_first_half(slot.date) else 0) for slot in self.problem.slots]

    @cached_property
    def least_interval(self) -> list[int]:
        """Return, per person, the gap below which two turns lie close: 0.6 of their own interval, rounded up."""
        return [self._least_interval(number) for number in self.everyone]

    @cached_property
    def wishes(self) -> tuple[list[dict[int, int]], ...]:
        """Return, per role and person, what holding a slot costs: unwanted 2 (backup 1), wanted -2."""
        primary = [
            dict.fromkeys(person.wanted, -2) | dict.fromkeys(person.unwanted, 2)
            for person in self.people
        ]
        backup = [dict.fromkeys(person.unwanted, 1) for person in self.people]
        return primary, backup

    def majors_before(self, person: int) -> int:
        """Return the Christmas/New Year turns `person` held before the horizon."""
        return self.people[person].major_history

    def _kind(self, kind: int) -> int:
        balance = self.problem.holiday_balance
        if balance == "off" or (balance == "christmas" and kind == HOLIDAY):
            return ORDINARY
        return CHRISTMAS if kind == CHRISTMAS else kind

    def _free(self, person: Person) -> int:
        first = 0 if person.last_turn is None else max(0, person.last_turn + self.gap)
        start, end = max(first, person.start), min(self.slots - 1, person.end)
        bits = ((1 << end + 1) - 1) >> start << start if start <= end else 0
        for slot in person.unavailable | person.paused:
            bits &= ~(1 << slot)
        return bits

    def _exact_sums(self) -> list[list[int]]:
        """Sum weight / (weight of all employed) up to each slot, over the common denominator of all slots."""
        totals = [
            sum(person.weight for person in self.people if person.is_employed(slot))
            for slot in range(self.slots)
        ]
        self._common = lcm(*(total for total in totals if total)) if any(totals) else 1
        parts = [self._common // total if total else 0 for total in totals]
        return [_running(person, parts) for person in self.people]

    def _least_interval(self, number: int) -> int:
        person, share = self.people[number], self.share[number]
        if share <= 0:
            return 0
        employed = sum(person.is_employed(slot) for slot in range(self.slots))
        # In whole numbers: 0.6 x employed / share, rounded up.
        return -(-3 * employed * TURN // (5 * share))


def _running(person: Person, parts: list[int]) -> list[int]:
    total = 0
    row = [0]
    for slot, part in enumerate(parts):
        if person.is_employed(slot):
            total += person.weight * part
        row.append(total)
    return row


def _rounded(part: int, common: int) -> int:
    return (2 * part * TURN + common) // (2 * common)


def _limit(own: int | None, rule: int | None) -> int:
    limit = rule if own is None else own
    return UNLIMITED if limit is None else limit


def _is_first_half(day: str) -> bool:
    try:
        return date.fromisoformat(day[:10]).month <= 6
    except ValueError:
        return False


def bits_of(bits: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
