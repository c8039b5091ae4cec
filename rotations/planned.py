"""Planned turns in one line: published ones where they are, the plain rotation in between. Knows no override."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from rotations.shifts import Published
from rotations.turns import RoundRobin

_MOMENT = timedelta.resolution
_FORWARD = 1


class Piece(NamedTuple):
    """A turn of the line: published, or what published turns left of a plain one.

    `number` is the plain turn's, of a published one that of the plain turn in which it starts.
    """

    start: datetime
    end: datetime
    number: int
    holder: str | None
    backup: str | None
    is_published: bool


class Line:
    """Every planned turn of one rotation, one after the other without a hole, without beginning or end.

    Of two published turns that overlap, the one that starts later counts from its start on. Plain turns reach back
    before the first handoff too: whoever would have held the phone then is the `previous` of the first turn.
    """

    def __init__(self, rota: RoundRobin, published: Sequence[Published]) -> None:
        self._rota = rota
        self._published = _in_line(published)
        self._starts = [one.start for one in self._published]
        self.starts_at = min([rota.starts_at, *self._starts[:1]])

    def at(self, instant: datetime) -> Piece:
        """Return the turn that runs at `instant` (aware UTC), also before `starts_at`."""
        return self._at(instant, self._rota.number_at(instant))

    def between(self, start: datetime, end: datetime) -> Iterator[Piece]:
        """Yield every turn that runs at some instant of [start, end), whole, in order."""
        if start >= end:
            return
        piece = self.at(start)
        while piece.start < end:
            yield piece
            piece = self._at(piece.end, piece.number)

    def nearest(
        self, piece: Piece, direction: int, others_than: Sequence[str | None]
    ) -> str | None:
        """Return the nearest holder before (-1) or after (+1) `piece` who is none of `others_than`."""
        has_others = any(person not in others_than for person in self._rota.order)
        while has_others or self._is_published_beyond(piece, direction):
            instant = piece.end if direction == _FORWARD else piece.start - _MOMENT
            piece = self._at(instant, piece.number)
            if piece.holder is not None and piece.holder not in others_than:
                return piece.holder
        return None

    def _at(self, instant: datetime, near: int) -> Piece:
        """Return the turn that runs at `instant`, in or beside the plain turn `near`."""
        index = bisect_right(self._starts, instant)
        last = self._published[index - 1] if index else None
        if last is not None and instant < last.end:
            number = self._rota.number_at(last.start)
            return Piece(last.start, last.end, number, last.holder, last.backup, True)
        turn = self._rota.turn(near)
        while turn.start > instant:
            turn = self._rota.turn(turn.number - 1)
        while turn.end <= instant:
            turn = self._rota.turn(turn.number + 1)
        start, end = turn.start, turn.end
        if last is not None and last.end > start:
            start = last.end
        if index < len(self._starts) and self._starts[index] < end:
            end = self._starts[index]
        return Piece(start, end, turn.number, turn.person, None, False)

    def _is_published_beyond(self, piece: Piece, direction: int) -> bool:
        if not self._published:
            return False
        if direction == _FORWARD:
            return self._published[-1].start >= piece.end
        return self._published[0].end <= piece.start


def _in_line(published: Sequence[Published]) -> list[Published]:
    """Return what counts of `published`, in order, none over another, none without length, in UTC."""
    ordered = sorted(
        (
            Published(one.start.astimezone(UTC), one.end.astimezone(UTC), one.holder, one.backup)
            for one in published
        ),
        key=lambda one: (one.start, one.end),
    )
    cut = [
        Published(one.start, min(one.end, following.start), one.holder, one.backup)
        for one, following in pairwise(ordered)
    ]
    return [one for one in (*cut, *ordered[-1:]) if one.start < one.end]
