"""Fill empty places by moving as few other turns as possible: an exact search with a limit. Knows no fairness level.

Somebody takes the empty place; whatever turns of theirs stand in the way become empty in turn, until nothing is
empty. Deepening the number of moves one by one makes the first answer the one with the fewest.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from rotations.fair.board import Board, Change
from rotations.fair.case import NOBODY, Place, bits_of
from rotations.fair.problem import PRIMARY

_MOST_TRIES = 60_000
"""People tried for a place, in all."""
_MOST_TRIES_A_LEVEL = 25_000
"""The same for one number of places left empty."""
_MOST_TRIES_ALONE = 2_000
"""The same for one place, where all together were too many."""
_MOST_COMPARED = 400


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to fill a place: who takes it, and which of the turns around must go for that."""

    person: int
    gives_up: tuple[Place, ...]


class Exchange:
    """One search for the fewest moves; `board` has the empty places, and holds the answer afterwards.

    `were_empty` names those that had nobody before, so that filling them is a move too.
    """

    def __init__(
        self, board: Board, were_empty: Container[Place] = (), *, most_tries: int = _MOST_TRIES
    ) -> None:
        self.board = board
        self.case = board.case
        self.most_tries = most_tries
        self.tries_left = most_tries
        self.was_cut = False
        self.decided: set[Place] = set(board.case.locked)
        self.were_empty = were_empty

    def fill(self, *, at_least_empty: int = 0) -> None:
        """Fill what can be filled: fewest empty places first, then fewest moves."""
        holes = [place for place in self.board.holes() if place not in self.decided]
        hopeless = {place for place in holes if not self._is_open(place)}
        self.decided |= hopeless
        holes = [place for place in holes if place not in hopeless]
        least = min(max(0, at_least_empty - len(hopeless)), len(holes))
        left = self.most_tries
        for empty in range(least, len(holes)):
            self.tries_left = min(left, _MOST_TRIES_A_LEVEL)
            left -= self.tries_left
            if self._deepen(holes, empty):
                return
            left += self.tries_left
            if left <= 0:
                self._fill_one_by_one(holes)
                return

    def _fill_one_by_one(self, holes: list[Place]) -> None:
        """Give up on the best for all together and find the fewest moves for one place after the other."""
        self.decided |= set(holes)
        for place in holes:
            self.decided.discard(place)
            self.tries_left = _MOST_TRIES_ALONE
            if not self._deepen([place], 0):
                self.decided.add(place)

    def _is_open(self, place: Place) -> bool:
        """Say whether anybody could ever have the place, whatever else moves."""
        role, slot = place
        return any(bits >> slot & 1 for bits in self.case.open[role])

    def _deepen(self, holes: list[Place], empty: int) -> bool:
        least = max(0, sum(place in self.were_empty for place in holes) - empty)
        for moves in range(least, self.case.slots * self.case.roles + 1):
            self.was_cut = False
            if self._search(moves, empty):
                return True
            if not self.was_cut or self.tries_left <= 0:
                return False
        return False

    def _search(self, moves: int, empty: int) -> bool:
        """Fill every undecided empty place, leaving at most `empty` empty, with at most `moves` moves.

        A move is a turn taken from somebody who could have kept it, or a place filled that was empty before.
        """
        open_places = [place for place in self.board.holes() if place not in self.decided]
        if not open_places:
            return True
        place, options = self._scarcest(open_places, moves)
        for option in options:
            if self._try(place, option, moves, empty):
                return True
        return self._leave(place, moves, empty)

    def _try(self, place: Place, option: _Option, moves: int, empty: int) -> bool:
        board = self.board
        left = moves - len(option.gives_up) - (place in self.were_empty)
        if left < 0:
            self.was_cut = True
            return False
        changes: list[Change] = [(role, slot, NOBODY) for role, slot in option.gives_up]
        undo = board.try_changes([*changes, (*place, option.person)])
        if undo is None:
            return False
        self.decided.add(place)
        if self._search(left, empty):
            return True
        self.decided.discard(place)
        board.undo(undo)
        return False

    def _leave(self, place: Place, moves: int, empty: int) -> bool:
        if not empty:
            return False
        self.decided.add(place)
        if self._search(moves, empty - 1):
            return True
        self.decided.discard(place)
        return False

    def _scarcest(self, places: list[Place], slack: int) -> tuple[Place, list[_Option]]:
        """Return the place with the fewest options, each giving up at most `slack` turns; best first."""
        if len(places) * len(self.case.people) > _MOST_COMPARED:
            # With many people the order hardly matters, and comparing every place would cost the time.
            places = places[:1]
        place, options = places[0], list(self._options(places[0], slack))
        for other in places[1:]:
            if not options:
                break
            others = list(self._options(other, slack))
            if len(others) < len(options):
                place, options = other, others
        options.sort(key=lambda one: self._preference(place, one))
        return place, options

    def _preference(self, place: Place, option: _Option) -> tuple[int, ...]:
        board, case = self.board, self.case
        off = board.off if place[0] == PRIMARY else board.backup_off
        wish = case.wishes[place[0]][option.person].get(place[1], 0)
        return (
            len(option.gives_up),
            off[option.person] * case.costs[option.person],
            wish,
            option.person,
        )

    def _options(self, place: Place, slack: int) -> Iterator[_Option]:
        role, slot = place
        for person in self.case.everyone:
            if not self.case.open[role][person] >> slot & 1:
                continue
            self.tries_left -= 1
            if self.tries_left <= 0:
                self.was_cut = True
                return
            for gives_up in self._in_the_way(role, slot, person):
                if len(gives_up) > slack:
                    self.was_cut = True
                elif self.decided.isdisjoint(gives_up):
                    yield _Option(person, gives_up)

    def _in_the_way(self, role: int, slot: int, person: int) -> Iterator[tuple[Place, ...]]:
        """Yield the sets of turns that must go before `person` can take the place; one, or one per cap choice."""
        board, case = self.board, self.case
        gone = [(role, other) for other in bits_of(board.held[role][person] & case.around[slot])]
        if case.roles > 1:
            across = 1 - role
            bits = board.held[across][person] & case.near(across, role, slot)
            gone += [(across, other) for other in bits_of(bits)]
            there = board.holder[across][slot]
            if there != NOBODY and case.no_go[person] >> there & 1:
                gone.append((across, slot))
        if role != PRIMARY:
            yield tuple(gone)
            return
        yield from self._with_caps(slot, person, gone)

    def _with_caps(self, slot: int, person: int, gone: list[Place]) -> Iterator[tuple[Place, ...]]:
        board, case = self.board, self.case
        left = [other for other in board.turns_of(person) if (PRIMARY, other) not in gone]
        quarter = [other for other in left if case.quarter[other] == case.quarter[slot]]
        year = [other for other in left if case.year[other] == case.year[slot]]
        if case.per_quarter[person] == 0 or case.per_year[person] == 0:
            return
        if len(quarter) >= case.per_quarter[person]:
            yield from (tuple([*gone, (PRIMARY, other)]) for other in quarter)
        elif len(year) >= case.per_year[person]:
            yield from (tuple([*gone, (PRIMARY, other)]) for other in year)
        else:
            yield tuple(gone)
