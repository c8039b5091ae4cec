"""Plan several slots of a small team at once, where single hand-overs no longer fit. Keeps a result only if better.

Where people hardly get their rest, only several turns together can move. The slots are swept one by one over every
row that is possible, keeping the best ways for each recent past and each count of turns; how many is limited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rotations.fair.board import Board, Change
from rotations.fair.bounds import fairest
from rotations.fair.case import NOBODY, TURN, Case, Place, bits_of
from rotations.fair.problem import BACKUP, PRIMARY

_MOST_KEPT = (150, 50)
"""Ways kept per slot of a window, with one role and with two."""
_MOST_KEPT_OVER_ALL = (300, 120)
"""The same when everything is planned at once."""
_MOST_TRIED = 12
"""Ways tried on the board at the end."""
_MOST_ROUNDS = 4
_LARGEST_TEAM = 16
_ENOUGH_ROWS = 3
"""With this many full rows to choose from, none with an empty place is looked at."""

_Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """What stands in the slots swept so far: the last row and the way before it."""

    empty: int
    cost: int
    breaks: int
    off: tuple[int, ...]
    recent: tuple[_Row, ...]
    row: _Row
    before: _Way | None

    def rows(self) -> list[_Row]:
        found = []
        here = self
        while here.before is not None:
            found.append(here.row)
            here = here.before
        return found[::-1]


def is_worthwhile(case: Case) -> bool:
    """Say whether the team is small enough to plan several slots at once."""
    return 0 < len(case.people) <= _LARGEST_TEAM


def improve_at_once(board: Board) -> bool:
    """Plan a tight team over the whole horizon and window by window; return whether the plan is better."""
    if not board.empty and _is_fair(board) and not board.breaks:
        return False
    improved = False
    if board.empty or not _is_fair(board):
        improved = _Window(board, 0, board.case.slots, is_whole=True).improve()
    return improve_windows(board) or improved


def improve_windows(board: Board) -> bool:
    """Plan window after window anew; where the counts are fair, only around holes and chain breaks."""
    width = 2 * board.case.gap + 3
    improved = False
    for round_ in range(_MOST_ROUNDS):
        # Every other round the windows lie between those of the round before.
        start = -(width // 2) if round_ % 2 else 0
        everywhere = not _is_fair(board)
        again = False
        for left in range(start, board.case.slots, width // 2 + 1):
            window = _Window(board, max(0, left), left + width)
            if everywhere or window.is_wanting():
                again = window.improve() or again
        improved = improved or again
        if not again:
            break
    return improved


def _is_fair(board: Board) -> bool:
    found = fairest(board.case, board.case.slots - board.holder[PRIMARY].count(NOBODY))
    return board.largest <= found.largest and board.squares <= found.squares


class _Window:
    def __init__(self, board: Board, first: int, end: int, *, is_whole: bool = False) -> None:
        case = board.case
        self.board = board
        self.case = case
        self.first = first
        self.end = min(end, case.slots)
        self.is_whole = is_whole
        self.has_holes = board.empty > 0
        self.most = (_MOST_KEPT_OVER_ALL if is_whole else _MOST_KEPT)[case.roles - 1]
        self.places: list[Place] = [
            (role, slot)
            for slot in range(first, self.end)
            for role in range(case.roles)
            if (role, slot) not in case.locked
        ]

    def is_wanting(self) -> bool:
        """Say whether there is a hole or a chain break in the window."""
        holder = self.board.holder
        if any(holder[role][slot] == NOBODY for role, slot in self.places):
            return True
        return self.case.chain and any(
            holder[BACKUP][slot - 1] != holder[PRIMARY][slot]
            for slot in range(max(1, self.first), self.end)
        )

    def improve(self) -> bool:
        """Replace what stands in the window by the best that scores better; return whether something did."""
        board = self.board
        best_score = board.score()
        kept: list[Change] = [(role, slot, board.holder[role][slot]) for role, slot in self.places]
        for role, slot in self.places:
            board.set(role, slot, NOBODY)
        best = kept
        for way in sorted(self._sweep(), key=_final_rank)[:_MOST_TRIED]:
            rows = way.rows()
            changes = [(role, slot, rows[slot - self.first][role]) for role, slot in self.places]
            undo = board.try_changes(changes)
            if undo is not None:
                if board.score() < best_score:
                    best, best_score = changes, board.score()
                board.undo(undo)
        for role, slot, person in best:
            board.set(role, slot, person)
        return best is not kept

    def _sweep(self) -> list[_Way]:
        able = self._able()
        ways = [_Way(0, 0, 0, tuple(self.board.off), (), (), None)]
        for slot in range(self.first, self.end):
            best: dict[tuple[tuple[_Row, ...], tuple[int, ...]], _Way] = {}
            for way in ways:
                for row in self._possible(able, slot, way.recent):
                    longer = self._longer(way, slot, row)
                    known = best.get((longer.recent, longer.off))
                    if known is None or _rank(longer) < _rank(known):
                        best[longer.recent, longer.off] = longer
            ways = sorted(best.values(), key=self._rank_after(slot))[: self.most]
        return ways

    def _rank_after(self, slot: int) -> Callable[[_Way], tuple[int, ...]]:
        """Return how to rank ways that reach `slot`: over the whole horizon by what is due until then."""
        if not self.is_whole:
            return _rank
        case = self.case
        ahead = [case.share[one] - case.due[one][slot + 1] for one in case.everyone]

        def rank(way: _Way) -> tuple[int, ...]:
            parts = zip(way.off, ahead, case.costs, strict=True)
            return way.empty, sum((off + more) ** 2 * cost for off, more, cost in parts), way.breaks

        return rank

    def _able(self) -> list[list[int]]:
        """Return, per role and person, the slots of the window left by leave and by turns outside: bits."""
        board, case = self.board, self.case
        left = [list(case.open[role]) for role in range(case.roles)]
        for person in case.everyone:
            for held in range(case.roles):
                for slot in bits_of(board.held[held][person]):
                    for role in range(case.roles):
                        left[role][person] &= ~case.near(role, held, slot)
        return left

    def _possible(
        self, able: list[list[int]], slot: int, recent: tuple[_Row, ...]
    ) -> Iterator[_Row]:
        primaries = self._choices(able, PRIMARY, slot, recent)
        if self.case.roles == 1:
            yield from ((one,) for one in primaries)
            # Where some slot stays empty it matters which; otherwise an empty slot helps nobody.
            if (self.has_holes or not primaries) and (PRIMARY, slot) not in self.case.locked:
                yield (NOBODY,)
            return
        backups = self._choices(able, BACKUP, slot, recent)
        full = [(a, b) for a in primaries for b in backups if self._go_together(a, b)]
        yield from full
        if len(full) < _ENOUGH_ROWS:
            yield from self._with_holes(slot, primaries, backups)

    def _with_holes(self, slot: int, primaries: list[int], backups: list[int]) -> Iterator[_Row]:
        locked = self.case.locked
        if (BACKUP, slot) not in locked:
            yield from ((one, NOBODY) for one in primaries)
        if (PRIMARY, slot) not in locked:
            yield from ((NOBODY, one) for one in backups)
        if (PRIMARY, slot) not in locked and (BACKUP, slot) not in locked:
            yield NOBODY, NOBODY

    def _go_together(self, first: int, second: int) -> bool:
        return first != second and not self.case.no_go[first] >> second & 1

    def _choices(
        self, able: list[list[int]], role: int, slot: int, recent: tuple[_Row, ...]
    ) -> list[int]:
        if (role, slot) in self.case.locked:
            return [self.case.locked[role, slot]]
        busy = _busy(role, recent)
        return [
            one for one in self.case.everyone if able[role][one] >> slot & 1 and one not in busy
        ]

    def _longer(self, way: _Way, slot: int, row: _Row) -> _Way:
        case, holder = self.case, row[PRIMARY]
        cost, off, breaks = way.cost, way.off, way.breaks
        if holder != NOBODY and (PRIMARY, slot) not in case.locked:
            cost += (2 * off[holder] + TURN) * case.costs[holder]
            off = (*off[:holder], off[holder] + TURN, *off[holder + 1 :])
        if case.chain and slot > 0:
            before = way.row[BACKUP] if way.row else self.board.holder[BACKUP][slot - 1]
            breaks += before != holder or holder == NOBODY
        recent = (*way.recent, row)[-(case.gap - 1) :] if case.gap > 1 else ()
        return _Way(way.empty + row.count(NOBODY), cost, breaks, off, recent, row, way)


def _rank(way: _Way) -> tuple[int, ...]:
    return way.empty, way.cost, way.breaks


def _final_rank(way: _Way) -> tuple[int, ...]:
    return way.empty, max(map(abs, way.off)), way.cost, way.breaks


def _busy(role: int, recent: tuple[_Row, ...]) -> set[int]:
    """Return who is not rested after `recent` rows; the backup of the slot just before may be the primary now."""
    busy = {person for row in recent for person in row}
    if role == PRIMARY and recent and len(recent[-1]) > 1:
        last = recent[-1][BACKUP]
        if all(last not in row for row in recent[:-1]):
            busy.discard(last)
    return busy
