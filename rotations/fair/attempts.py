"""Try changes on a board and make the best of them, backups following their primaries. Knows no strategy."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rotations.fair.board import Board, Change, Score
from rotations.fair.case import NOBODY
from rotations.fair.problem import BACKUP, PRIMARY

Way = tuple[list[Change], ...]
"""Changes to try in turn: the first that breaks no rule counts."""


class Attempts:
    """Changes on a board; `movable` says which places may be touched (never a locked one)."""

    def __init__(self, board: Board, movable: Callable[[int, int], bool] | None = None) -> None:
        self.board = board
        self.case = board.case
        self.is_movable = [
            [self._may_move(role, slot, movable) for slot in range(board.case.slots)]
            for role in range(board.case.roles)
        ]

    def _may_move(self, role: int, slot: int, movable: Callable[[int, int], bool] | None) -> bool:
        if (role, slot) in self.case.locked:
            return False
        return movable is None or movable(role, slot)

    # What a change of primaries means for the backups.

    def ways(self, moves: list[tuple[int, int]]) -> Way:
        """Return the change of primaries with the backups before them moving along, then with fewer of them.

        Moving along is never worse where backups are the next primaries: the first that is possible is the best.
        """
        plain = [(PRIMARY, slot, person) for slot, person in moves]
        if not self.case.chain:
            return (plain,)
        along = [
            (BACKUP, slot - 1, one)
            for slot, one in moves
            if one != NOBODY and self._backup_follows(slot)
        ]
        if len(along) < 2:
            return (plain + along, plain) if along else (plain,)
        return (plain + along, *([*plain, one] for one in along), plain)

    def _backup_follows(self, slot: int) -> bool:
        return slot > 0 and self.is_movable[BACKUP][slot - 1]

    def take_best(self, ways: Iterable[Way], most: int = 1 << 30) -> bool:
        """Make the change that scores best if it beats the plan as it is."""
        board = self.board
        best: list[Change] | None = None
        best_score: Score = board.score()
        largest = board.largest
        for tried, way in enumerate(ways):
            if tried >= most:
                break
            for changes in way:
                undo = board.try_changes(changes)
                if undo is not None:
                    score = board.score()
                    if score < best_score:
                        best, best_score = changes, score
                    board.undo(undo, largest=largest)
                    break
        if best is None:
            return False
        board.try_changes(best)
        return True
