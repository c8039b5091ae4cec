"""Make a plan better step by step, by the objective and nothing else: hand-overs, swaps, chains. Never breaks a rule.

Every search tries its changes in a fixed order and counts what it tries; no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rotations.fair.attempts import Way
from rotations.fair.board import Board
from rotations.fair.case import NOBODY, TURN, bits_of
from rotations.fair.problem import BACKUP, CHRISTMAS, PRIMARY
from rotations.fair.sharing import Sharing


class Improver(Sharing):
    """Local search on a board; `movable` says which places it may touch (never a locked one)."""

    def __init__(self, board: Board, movable: Callable[[int, int], bool] | None = None) -> None:
        super().__init__(board, movable)
        self._wanted_by: dict[int, list[int]] = {}
        for one, wishes in enumerate(self.case.wishes[PRIMARY]):
            for slot, cost in sorted(wishes.items()):
                if cost < 0:
                    self._wanted_by.setdefault(slot, []).append(one)

    def run(self) -> None:
        """Improve until no hand-over, swap or short chain makes the plan better."""
        while self.share_out() or self.refine():
            pass

    def refine(self) -> bool:
        """Swap and hand over where a lower level can gain; return whether anything was better."""
        improved = False
        again = True
        while again:
            again = False
            for slot in range(self.case.slots):
                if self._refine_slot(slot):
                    again = improved = True
        return improved

    def balance_christmas(self) -> None:
        """Swap Christmas and New Year turns until that makes their sharing no better; touch nothing else."""
        slots = [slot for slot, kind in enumerate(self.case.holiday) if kind == CHRISTMAS]
        while any(self._balance_slot(slot) for slot in slots):
            pass

    def _balance_slot(self, slot: int) -> bool:
        if not self.is_movable[PRIMARY][slot]:
            return False
        before, state = self.board.holidays, self.board.state()
        if not self.take_best(self._swaps_of(slot, self.case.everyone)):
            return False
        if self.board.holidays < before:
            return True
        self.board.load(state)
        return False

    def _refine_slot(self, slot: int) -> bool:
        improved = False
        if self.is_movable[PRIMARY][slot]:
            takers = self.case.everyone if self._is_wanting(slot) else self._wishing(slot)
            improved = self.take_best(self._moves_of(slot, takers))
        if self.case.roles > 1 and self.is_movable[BACKUP][slot]:
            improved = self.take_best(self._backup_moves(slot)) or improved
        return improved

    def _is_wanting(self, slot: int) -> bool:
        """Say whether some level counts against the turn in `slot` as it is."""
        case, board = self.case, self.board
        person = board.holder[PRIMARY][slot]
        if person == NOBODY or case.holiday[slot] or self._is_unwanted(slot):
            return True
        if self._breaks_chain(slot):
            return True
        least = case.least_interval[person]
        before, after = board.neighbours(slot, person)
        return (before is not None and slot - before < least) or (
            after is not None and after - slot < least
        )

    def _is_unwanted(self, slot: int) -> bool:
        """Say whether the holder would rather not hold `slot`, or not be the backup before it."""
        holder, wishes = self.board.holder, self.case.wishes
        if wishes[PRIMARY][holder[PRIMARY][slot]].get(slot, 0) > 0:
            return True
        if not self.case.chain or slot == 0 or holder[BACKUP][slot - 1] == NOBODY:
            return False
        return wishes[BACKUP][holder[BACKUP][slot - 1]].get(slot - 1, 0) > 0

    def _breaks_chain(self, slot: int) -> bool:
        if not self.case.chain:
            return False
        holder = self.board.holder
        return slot > 0 and holder[BACKUP][slot - 1] != holder[PRIMARY][slot]

    def _wishing(self, slot: int) -> list[int]:
        """Return who wants `slot` and does not hold it; a turn nothing counts against can gain by them alone."""
        holder = self.board.holder[PRIMARY][slot]
        return [one for one in self._wanted_by.get(slot, ()) if one != holder]

    def _moves_of(self, slot: int, takers: Sequence[int]) -> Iterator[Way]:
        """Yield the hand-overs to and swaps with `takers` of the turn in `slot` that leave the counts as fair."""
        holder = self.board.holder[PRIMARY][slot]
        for taker in takers:
            if taker != holder and self._is_as_fair(holder, taker):
                yield self.ways([(slot, taker)])
        yield from self._swaps_of(slot, takers)

    def _swaps_of(self, slot: int, takers: Sequence[int]) -> Iterator[Way]:
        board, case = self.board, self.case
        holder = board.holder[PRIMARY][slot]
        if holder == NOBODY:
            yield from (self.ways(list(slide)) for slide in self._slides(PRIMARY, slot))
            return
        reach = case.open[PRIMARY][holder]
        for taker in takers:
            if taker == holder or not case.open[PRIMARY][taker] >> slot & 1:
                continue
            for other in bits_of(board.held[PRIMARY][taker] & reach):
                if self.is_movable[PRIMARY][other]:
                    yield self.ways([(slot, taker), (other, holder)])

    def _slides(self, role: int, hole: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the ways to move the hole: somebody comes here and leaves one of their own slots empty."""
        board, case = self.board, self.case
        for person in case.everyone:
            if case.open[role][person] >> hole & 1:
                for other in bits_of(board.held[role][person]):
                    if self.is_movable[role][other]:
                        yield (hole, person), (other, NOBODY)

    def _is_as_fair(self, giver: int, taker: int) -> bool:
        if giver == NOBODY:
            return True
        off, costs = self.board.off, self.case.costs
        gain = (2 * off[taker] + TURN) * costs[taker] - (2 * off[giver] - TURN) * costs[giver]
        if gain > 0:
            return False
        return max(abs(off[giver] - TURN), abs(off[taker] + TURN)) <= self.board.largest

    def _backup_moves(self, slot: int) -> Iterator[Way]:
        board, case = self.board, self.case
        holder = board.holder[BACKUP][slot]
        if (
            case.chain
            and slot + 1 < case.slots
            and holder == board.holder[PRIMARY][slot + 1] != NOBODY
        ):
            return
        for taker in case.everyone:
            if taker != holder and case.open[BACKUP][taker] >> slot & 1:
                yield ([(BACKUP, slot, taker)],)
        if holder == NOBODY:
            for first, second in self._slides(BACKUP, slot):
                yield ([(BACKUP, *first), (BACKUP, *second)],)
            return
        for other in bits_of(case.open[BACKUP][holder]):
            taker = board.holder[BACKUP][other]
            if taker not in (holder, NOBODY) and self.is_movable[BACKUP][other]:
                yield ([(BACKUP, slot, taker), (BACKUP, other, holder)],)
