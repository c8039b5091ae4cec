"""Lay overrides over stretches of time: who has what, from when to when. Knows no rotation, only people and hours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from rotations.hours import OpenHours, Stretch
from rotations.shifts import Override


class Held(NamedTuple):
    """Who has a role in a stretch of time, whose it was planned to be, and by which override they have it."""

    start: datetime
    end: datetime
    person: str | None
    planned: str | None
    override: int | None = None


def touching(overrides: Iterable[Override], start: datetime, end: datetime) -> list[Override]:
    """Return those of `overrides` that hold at some instant of [start, end)."""
    return [one for one in overrides if one.start < end and one.end > start]


def laid_over(base: list[Held], overrides: Sequence[Override]) -> list[Held]:
    """Return `base`, pieces that follow one another, with `overrides` laid over; the first of them lies on top."""
    if not overrides:
        return base
    return joined(part for piece in base for part in _under(piece, overrides))


def never_twice(
    pieces: list[Held], others: Sequence[Held], instead: Callable[[Held], str | None]
) -> list[Held]:
    """Return `pieces` with `instead` of a piece wherever one of `others` gives the same person another role."""
    found: list[Held] = []
    for piece in pieces:
        person = piece.person
        twice = person and [one for one in others if one.person == person and _meet(one, piece)]
        if not twice:
            found.append(piece)
            continue
        for start, end in pairwise(_cuts(piece, twice)):
            part = piece._replace(start=start, end=end)
            is_twice = any(one.start <= start < one.end for one in twice)
            found.append(part._replace(person=instead(piece)) if is_twice else part)
    return joined(found)


def joined(pieces: Iterable[Held]) -> list[Held]:
    """Return `pieces`, which follow one another, with those joined between which nothing changes."""
    found: list[Held] = []
    for piece in pieces:
        if found and found[-1][2:] == piece[2:] and found[-1].end == piece.start:
            found[-1] = found[-1]._replace(end=piece.end)
        else:
            found.append(piece)
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of `stretches` when all of `taken`, in order of their starts, is taken away."""
    found = []
    away = list(taken)
    for start, end in stretches:
        for begins, ends in away:
            if begins >= end:
                break
            if ends > start:
                if begins > start:
                    found.append((start, begins))
                start = ends
        if start < end:
            found.append((start, end))
    return found


class Cover:
    """The hours a rotation holds, worked out once for [start, end); all hours when `hours` is None."""

    def __init__(self, hours: OpenHours | None, start: datetime, end: datetime) -> None:
        self._stretches = [(start, end)] if hours is None else list(_unbroken(hours, start, end))
        self._starts = [stretch[0] for stretch in self._stretches]

    def inside(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield the stretches of [start, end), cut at its ends."""
        for begins, ends in self._stretches[max(0, bisect_right(self._starts, start) - 1) :]:
            if begins >= end:
                return
            if ends > start:
                yield (max(begins, start), min(ends, end))


def _under(piece: Held, overrides: Sequence[Override]) -> Iterator[Held]:
    over = touching(overrides, piece.start, piece.end)
    if not over:
        yield piece
        return
    for start, end in pairwise(_cuts(piece, over)):
        # An interval between two cuts is wholly under an override, or not at all.
        top = next((one for one in over if one.start <= start < one.end), None)
        if top is None:
            yield piece._replace(start=start, end=end)
        else:
            yield Held(start, end, top.person, piece.planned, top.id)


def _cuts(piece: Held, ends: Iterable[Held | Override]) -> list[datetime]:
    """Return both ends of `piece` and every end of `ends` inside it, in order, each once."""
    inside = {at for one in ends for at in (one.start, one.end) if piece.start < at < piece.end}
    return [piece.start, *sorted(inside), piece.end]


def _meet(one: Held, other: Held) -> bool:
    return one.start < other.end and one.end > other.start


def _unbroken(hours: OpenHours, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield the open stretches of [start, end) however long it is: one question looks three years ahead only."""
    held: Stretch | None = None
    while start < end:
        found = list(hours.stretches(start, end))
        for stretch in found:
            if held is not None and stretch[0] > held[1]:
                yield held
                held = None
            held = stretch if held is None else (held[0], stretch[1])
        if not found:
            break
        start = found[-1][1]
    if held is not None:
        yield held
