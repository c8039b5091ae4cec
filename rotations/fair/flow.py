"""Turns as a flow: who can have how many when gaps are set aside. Exact, and so a bound for every plan.

Slots are given to people who are free, within their caps. The counts people can reach this way form a polymatroid:
giving the next turn to whoever it costs least, as long as room remains, is optimal for any convex cost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from rotations.fair.case import NOBODY, Case, bits_of
from rotations.fair.problem import PRIMARY

_Group = tuple[int, object]
Cost = Callable[[int, int], int]
"""(person, turns held in this flow) -> what one more turn costs; never falls as turns grow."""


class Flow:
    """An assignment of slots to people that grows turn by turn along exchange paths."""

    def __init__(self, case: Case, slots: Iterable[int]) -> None:
        self.case = case
        self.slots = sorted(slots)
        self.free = self._free()
        self.open = sum(1 << slot for slot in self.slots)
        self.holder: dict[int, int] = {}
        self.held = [0] * len(case.people)
        self.turns = [0] * len(case.people)
        self.used: dict[_Group, int] = {}
        self.pinned = self._pinned()

    def _free(self) -> list[int]:
        """Return who may have which slot: locked slots are open to their holder alone."""
        wanted = sum(1 << slot for slot in self.slots)
        free = [bits & wanted for bits in self.case.free]
        for (role, slot), person in self.case.locked.items():
            if role == PRIMARY and wanted >> slot & 1:
                free = [bits & ~(1 << slot) for bits in free]
                free[person] |= 1 << slot
        return free

    def _pinned(self) -> dict[_Group, int]:
        """Count locked turns per person and span: agreed turns may exceed a cap."""
        pinned: dict[_Group, int] = {}
        for (role, slot), person in self.case.locked.items():
            if role == PRIMARY:
                for span in (self.case.quarter[slot], self.case.year[slot]):
                    pinned[person, span] = pinned.get((person, span), 0) + 1
        return pinned

    def give(self, person: int) -> bool:
        """Give `person` one more turn, moving other turns between people if needed; False: there is no way."""
        if not self.open:
            return False
        return self._give_directly(person) or self._give_by_exchange(person)

    def fill(self, most: Callable[[int], int]) -> int:
        """Give everybody turns up to `most(person)` until no more can be given; return the turns given in all."""
        able = list(self.case.everyone)
        # One each in turn: slots few people can have are not used up by the first who could have many others.
        while able:
            able = [one for one in able if self.turns[one] < most(one) and self.give(one)]
        return len(self.holder)

    def fill_cheaply(self, cost: Cost, turns: int, most: Callable[[int], int] | None = None) -> int:
        """Give turns where they cost least until `turns` are held; return what they cost in all."""
        total = 0
        able = set(self.case.everyone)
        while len(self.holder) < turns:
            able = {one for one in able if most is None or self.turns[one] < most(one)}
            if not able:
                return total
            best = min(able, key=lambda one: (cost(one, self.turns[one]), one))
            price = cost(best, self.turns[best])
            if self.give(best):
                total += price
            else:
                able.discard(best)
        return total

    def _give_directly(self, person: int) -> bool:
        for slot in bits_of(self.free[person] & self.open):
            if self._has_room(person, slot):
                self._take(person, slot)
                return True
        return False

    def _groups(self, person: int, slot: int) -> tuple[tuple[_Group, int], tuple[_Group, int]]:
        case = self.case
        quarter, year = (person, case.quarter[slot]), (person, case.year[slot])
        return (
            (quarter, max(case.per_quarter[person], self.pinned.get(quarter, 0))),
            (year, max(case.per_year[person], self.pinned.get(year, 0))),
        )

    def _has_room(self, person: int, slot: int) -> bool:
        return all(self.used.get(group, 0) < limit for group, limit in self._groups(person, slot))

    def _reachable(self, person: int, dropped: int) -> int:
        """Return the slots `person` could take after giving up slot `dropped` (NOBODY: giving up none): bits."""
        bits = self.free[person] & ~self.held[person]
        case = self.case
        if case.per_quarter[person] >= case.slots and case.per_year[person] >= case.slots:
            return bits
        return sum(1 << slot for slot in bits_of(bits) if self._fits_after(person, slot, dropped))

    def _fits_after(self, person: int, slot: int, dropped: int) -> bool:
        gone = set()
        if dropped != NOBODY:
            gone = {group for group, _ in self._groups(person, dropped)}
        return all(
            self.used.get(group, 0) - (group in gone) < limit
            for group, limit in self._groups(person, slot)
        )

    def _give_by_exchange(self, person: int) -> bool:
        """Find the shortest chain: `person` takes a slot, its holder another, the last one an open slot."""
        came: dict[int, tuple[int, int]] = {}
        seen = 0
        queue: deque[tuple[int, int]] = deque([(person, NOBODY)])
        while queue:
            taker, dropped = queue.popleft()
            fresh = self._reachable(taker, dropped) & ~seen
            found = fresh & self.open
            if found:
                slot = next(bits_of(found))
                came[slot] = (taker, dropped)
                self._follow(slot, came)
                return True
            seen |= fresh
            for slot in bits_of(fresh):
                came[slot] = (taker, dropped)
                queue.append((self.holder[slot], slot))
        return False

    def _follow(self, slot: int, came: dict[int, tuple[int, int]]) -> None:
        """Carry out the chain that ends in the open slot: whoever takes a slot first gives up theirs."""
        while slot != NOBODY:
            taker, dropped = came[slot]
            if dropped != NOBODY:
                self._drop(dropped)
            self._take(taker, slot)
            slot = dropped

    def _take(self, person: int, slot: int) -> None:
        self.holder[slot] = person
        self.held[person] |= 1 << slot
        self.open &= ~(1 << slot)
        self.turns[person] += 1
        for group, _ in self._groups(person, slot):
            self.used[group] = self.used.get(group, 0) + 1

    def _drop(self, slot: int) -> None:
        person = self.holder.pop(slot)
        self.held[person] &= ~(1 << slot)
        self.open |= 1 << slot
        self.turns[person] -= 1
        for group, _ in self._groups(person, slot):
            self.used[group] -= 1
