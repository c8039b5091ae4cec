"""The plan being made: who stands where, and what every level of the objective makes of it. Knows no strategy."""

from __future__ import annotations

from collections.abc import Iterable

from rotations.fair.case import NOBODY, TURN, Case, Place, bits_of
from rotations.fair.problem import BACKUP, HOLIDAY, PRIMARY

Score = tuple[int, ...]
"""The levels of the objective in their order; smaller is better, the first difference decides."""

LEVELS = (
    "uncovered",
    "largest_deviation",
    "squares",
    "holidays",
    "repeated_seasons",
    "chain_breaks",
    "backup_squares",
    "wishes",
    "spacing",
)
Change = tuple[int, int, int]
"""(role, slot, person or NOBODY): who is to stand there."""

CLOSE = 1 << 20
"""A close pair of turns counts this much, plus the slots it falls short: fewer pairs first, then wider ones."""


class Board:
    """A plan of a case, changed turn by turn; the score is kept up to date with every change."""

    def __init__(self, case: Case) -> None:
        people = len(case.people)
        self.case = case
        self.holder = [[NOBODY] * case.slots for _ in range(case.roles)]
        self.held = [[0] * people for _ in range(2)]
        self.turns = [0] * people
        self.off = [case.carry[one] - case.share[one] for one in case.everyone]
        self.backup_off = [-share for share in case.share]
        self.majors = [case.majors_before(one) for one in case.everyone]
        self.minors = [0] * people
        self.seasons = [_seasons_before(case, one) for one in case.everyone]
        self.in_quarter: list[dict[tuple[int, int], int]] = [{} for _ in case.everyone]
        self.in_year: list[dict[int, int]] = [{} for _ in case.everyone]
        self._reset_levels()
        for (role, slot), person in sorted(case.locked.items()):
            self.put(role, slot, person)

    def _reset_levels(self) -> None:
        case = self.case
        self.empty = case.slots * case.roles
        self.squares = sum(off * off * cost for off, cost in zip(self.off, case.costs, strict=True))
        self.holidays = sum(3 * m * m * c for m, c in zip(self.majors, case.costs, strict=True))
        self.repeats = 0
        self.breaks = max(0, case.slots - 1) if case.chain else 0
        self.backup_squares = 0
        if case.roles > 1:
            pairs = zip(self.backup_off, case.costs, strict=True)
            self.backup_squares = sum(off * off * cost for off, cost in pairs)
        self.wishes = 0
        self.spacing = 0
        self._largest = 0
        self._is_stale = True

    def fits(self, role: int, slot: int, person: int) -> bool:
        """Say whether no hard rule stands against `person` in an empty place."""
        case = self.case
        if not case.open[role][person] >> slot & 1:
            return False
        if self.held[role][person] & case.around[slot]:
            return False
        if case.roles == 1:
            return self._is_under_caps(slot, person)
        other = 1 - role
        if self.held[other][person] & case.near(other, role, slot):
            return False
        if case.no_go[person] and self._shares_slot_with(case.no_go[person], other, slot):
            return False
        return role == BACKUP or self._is_under_caps(slot, person)

    def _is_under_caps(self, slot: int, person: int) -> bool:
        case = self.case
        used = self.in_quarter[person].get(case.quarter[slot], 0)
        if used >= case.per_quarter[person]:
            return False
        return self.in_year[person].get(case.year[slot], 0) < case.per_year[person]

    def _shares_slot_with(self, people: int, role: int, slot: int) -> bool:
        there = self.holder[role][slot]
        return there != NOBODY and bool(people >> there & 1)

    def put(self, role: int, slot: int, person: int) -> None:
        """Place `person` in an empty place; asks no rule."""
        self.holder[role][slot] = person
        self._move(role, slot, person, 1)
        self.held[role][person] |= 1 << slot

    def lift(self, role: int, slot: int) -> int:
        """Empty a place and return who stood there."""
        person = self.holder[role][slot]
        self.held[role][person] &= ~(1 << slot)
        self._move(role, slot, person, -1)
        self.holder[role][slot] = NOBODY
        return person

    def set(self, role: int, slot: int, person: int) -> None:
        """Make `person` (or NOBODY) stand in a place, whoever stood there before; asks no rule."""
        if self.holder[role][slot] != NOBODY:
            self.lift(role, slot)
        if person != NOBODY:
            self.put(role, slot, person)

    def try_changes(self, changes: Iterable[Change]) -> list[Change] | None:
        """Make the changes if no hard rule is broken and return what undoes them; otherwise change nothing."""
        changes = list(changes)
        known = None if self._is_stale else self._largest
        undo = [(role, slot, self.holder[role][slot]) for role, slot, _ in changes]
        for role, slot, person in undo:
            if person != NOBODY:
                self.lift(role, slot)
        for done, (role, slot, person) in enumerate(changes):
            if person == NOBODY:
                continue
            if not self.fits(role, slot, person):
                self._restore(changes[:done], undo)
                return None
            self.put(role, slot, person)
        if known is not None and _primaries(changes) == _primaries(undo):
            # A swap leaves everybody's count alone.
            self._largest, self._is_stale = known, False
        return undo

    def undo(self, undo: list[Change], *, largest: int | None = None) -> None:
        """Take back what `try_changes` made; `largest` is the largest deviation before it, if known."""
        self._restore(undo, undo)
        if largest is not None:
            self._largest, self._is_stale = largest, False

    def _restore(self, made: Iterable[Change], undo: list[Change]) -> None:
        for role, slot, _ in made:
            if self.holder[role][slot] != NOBODY:
                self.lift(role, slot)
        for role, slot, person in undo:
            if person != NOBODY:
                self.put(role, slot, person)

    @property
    def largest(self) -> int:
        """Return the largest deviation of any person from their share, in billionths of a turn."""
        if self._is_stale:
            self._largest = max(map(abs, self.off), default=0)
            self._is_stale = False
        return self._largest

    def score(self) -> Score:
        """Return every level of the objective, in order."""
        return (
            self.empty,
            self.largest,
            self.squares,
            self.holidays,
            self.repeats,
            self.breaks,
            self.backup_squares,
            self.wishes,
            self.spacing,
        )

    def holes(self) -> list[Place]:
        """Return the places nobody holds, slot by slot."""
        return [(role, t) for role, t in self.case.places() if self.holder[role][t] == NOBODY]

    def candidates(self, role: int, slot: int) -> list[int]:
        """Return who could take a place that is empty."""
        return [one for one in self.case.everyone if self.fits(role, slot, one)]

    def state(self) -> list[list[int]]:
        """Return a copy of who stands where."""
        return [list(row) for row in self.holder]

    def load(self, state: list[list[int]]) -> None:
        """Make the plan what `state` says."""
        for role, slot in self.case.places():
            if self.holder[role][slot] != state[role][slot]:
                self.set(role, slot, state[role][slot])

    def _move(self, role: int, slot: int, person: int, sign: int) -> None:
        """Account for a turn that comes (sign 1, before the bit is set) or goes (-1, after it is cleared)."""
        self.empty -= sign
        self.wishes += sign * self.case.wishes[role][person].get(slot, 0)
        if role == PRIMARY:
            self._count_turn(slot, person, sign)
            if self.case.holiday[slot]:
                self._count_holiday(slot, person, sign)
            self.spacing += sign * self._closeness(slot, person)
        else:
            off = self.backup_off[person]
            self.backup_squares += TURN * (2 * sign * off + TURN) * self.case.costs[person]
            self.backup_off[person] = off + sign * TURN
        if self.case.chain:
            self._count_chain(role, slot, person, sign)

    def _count_turn(self, slot: int, person: int, sign: int) -> None:
        case = self.case
        off = self.off[person]
        self.squares += TURN * (2 * sign * off + TURN) * case.costs[person]
        self.off[person] = off + sign * TURN
        self.turns[person] += sign
        quarter, year = self.in_quarter[person], self.in_year[person]
        quarter[case.quarter[slot]] = quarter.get(case.quarter[slot], 0) + sign
        year[case.year[slot]] = year.get(case.year[slot], 0) + sign
        self._is_stale = True

    def _count_holiday(self, slot: int, person: int, sign: int) -> None:
        cost = self.case.costs[person]
        if self.case.holiday[slot] == HOLIDAY:
            self.holidays += (2 * sign * self.minors[person] + 1) * cost
            self.minors[person] += sign
            return
        self.holidays += 3 * (2 * sign * self.majors[person] + 1) * cost
        self.majors[person] += sign
        seasons, season = self.seasons[person], self.case.season[slot]
        self.repeats += sign * (seasons.get(season - 1, 0) + seasons.get(season + 1, 0))
        seasons[season] = seasons.get(season, 0) + sign

    def _count_chain(self, role: int, slot: int, person: int, sign: int) -> None:
        if role == PRIMARY and slot > 0 and self.holder[BACKUP][slot - 1] == person:
            self.breaks -= sign
        if (
            role == BACKUP
            and slot + 1 < self.case.slots
            and self.holder[PRIMARY][slot + 1] == person
        ):
            self.breaks -= sign

    def _closeness(self, slot: int, person: int) -> int:
        """Return what a turn in `slot` adds to the spacing of a person who has no turn there."""
        least = self.case.least_interval[person]
        before, after = self.neighbours(slot, person)
        added = _close(slot - before, least) if before is not None else 0
        if after is not None:
            added += _close(after - slot, least)
            if before is not None:
                added -= _close(after - before, least)
        return added

    def neighbours(self, slot: int, person: int) -> tuple[int | None, int | None]:
        """Return the person's nearest turns as primary before and after `slot`; before the horizon counts."""
        bits = self.held[PRIMARY][person]
        low, high = bits & ((1 << slot) - 1), bits >> (slot + 1)
        before = low.bit_length() - 1 if low else self.case.people[person].last_turn
        return before, slot + (high & -high).bit_length() if high else None

    def turns_of(self, person: int) -> list[int]:
        """Return the slots `person` holds as primary."""
        return list(bits_of(self.held[PRIMARY][person]))


def _primaries(changes: list[Change]) -> list[int]:
    return sorted(person for role, _, person in changes if role == PRIMARY)


def _close(gap: int, least: int) -> int:
    return CLOSE + least - gap if gap < least else 0


def _seasons_before(case: Case, person: int) -> dict[int, int]:
    last = case.people[person].last_major_year
    return {} if last is None else {last: 1}
