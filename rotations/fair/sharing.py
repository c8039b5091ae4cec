"""Share turns out: from people above their fair share to people below it. Looks at counts, at nothing below them."""

from __future__ import annotations

from collections.abc import Iterator

from rotations.fair.attempts import Attempts, Way
from rotations.fair.case import TURN, bits_of
from rotations.fair.problem import PRIMARY

_MOST_CHAIN_PAIRS = 40
_MOST_CHAINS = 4_000


class Sharing(Attempts):
    """Hand-overs and short chains that bring turns closer to the fair shares."""

    def share_out(self) -> bool:
        """Hand turns over from people above to people below their share; return whether anything was better."""
        improved = False
        while self._hand_over_once() or self._chain_once():
            improved = True
        return improved

    def hand_over(self, most: int) -> None:
        """Make up to `most` single hand-overs that make counts fairer."""
        for _ in range(most):
            if not self._hand_over_once():
                return

    def bring_within_one_turn(self) -> None:
        """Hand over turns of, or to, people more than one turn off their share, until nobody is or nothing helps."""
        while self.board.largest > TURN:
            if not (self._hand_over_once(far_off=True) or self._chain_once(far_off=True)):
                return

    def _pairs(self, *, far_off: bool) -> list[tuple[int, int, int]]:
        off = self.board.off
        pairs = self._worthwhile()
        if not far_off:
            return pairs
        return [pair for pair in pairs if max(abs(off[pair[1]]), abs(off[pair[2]])) > TURN]

    def _worthwhile(self) -> list[tuple[int, int, int]]:
        """Return (gain in squares, giver, taker) for every pair that would make counts fairer, best first."""
        board, costs = self.board, self.case.costs
        give = [(2 * off - TURN) * cost for off, cost in zip(board.off, costs, strict=True)]
        take = [(2 * off + TURN) * cost for off, cost in zip(board.off, costs, strict=True)]
        givers = [one for one in self.case.everyone if board.turns[one]]
        pairs = [
            (take[taker] - give[giver], giver, taker)
            for giver in givers
            for taker in self.case.everyone
            if take[taker] < give[giver]
            or board.largest in (abs(board.off[giver]), abs(board.off[taker]))
        ]
        return sorted(pair for pair in pairs if self._is_fairer(*pair))

    def _is_fairer(self, gain: int, giver: int, taker: int) -> bool:
        if giver == taker:
            return False
        off, largest = self.board.off, self.board.largest
        after = max(abs(off[giver] - TURN), abs(off[taker] + TURN))
        if after > largest:
            return False
        if gain < 0:
            return True
        # Squares grow: worth it only if the largest deviation itself falls.
        before = max(abs(off[giver]), abs(off[taker]))
        return after < before == largest and self._is_alone(giver, taker)

    def _is_alone(self, giver: int, taker: int) -> bool:
        others = (abs(off) for one, off in enumerate(self.board.off) if one not in (giver, taker))
        return max(others, default=0) < self.board.largest

    def _hand_over_once(self, *, far_off: bool = False) -> bool:
        for _, giver, taker in self._pairs(far_off=far_off):
            ways = (
                self.ways([(slot, taker)])
                for slot in self._slots_of(giver)
                if self.case.open[PRIMARY][taker] >> slot & 1
            )
            if self.take_best(ways):
                return True
        return False

    def _chain_once(self, *, far_off: bool = False) -> bool:
        """Let giver's turn go to somebody in between, who hands one of theirs to the taker."""
        for number, (_, giver, taker) in enumerate(self._pairs(far_off=far_off)):
            # Somebody far off is worth every effort; the last tenths of a turn are not.
            is_far_off = max(abs(self.board.off[giver]), abs(self.board.off[taker])) > TURN
            if number >= _MOST_CHAIN_PAIRS and not is_far_off:
                return False
            most = 1 << 30 if is_far_off else _MOST_CHAINS
            if self.take_best(self._chains(giver, taker), most=most):
                return True
        return False

    def _chains(self, giver: int, taker: int) -> Iterator[Way]:
        board, case = self.board, self.case
        reach = case.open[PRIMARY][taker]
        for slot in self._slots_of(giver):
            for between in case.everyone:
                if between in (giver, taker) or not case.open[PRIMARY][between] >> slot & 1:
                    continue
                for passed in bits_of(board.held[PRIMARY][between] & reach):
                    if self.is_movable[PRIMARY][passed]:
                        yield self.ways([(slot, between), (passed, taker)])

    def _slots_of(self, person: int) -> list[int]:
        return [slot for slot in self.board.turns_of(person) if self.is_movable[PRIMARY][slot]]
