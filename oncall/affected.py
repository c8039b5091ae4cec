"""Who gets or loses hours when the rota changes, by comparing it before and after. Tells and stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from oncall.roster import Roster, Span
from rotations.schedule import HOLDER


@dataclass(frozen=True, slots=True)
class Moved:
    """Hours that `before` held and `after` holds now, aware UTC; None: nobody."""

    start: datetime
    end: datetime
    before: str | None
    after: str | None


def moved(before: Roster, after: Roster, rotation: str, span: Span) -> tuple[Moved, ...]:
    """Return the hours of `rotation` inside `span` whose holder differs, in order, each as long as it can be."""
    joined: list[Moved] = []
    for piece in _pieces(before, after, rotation, span):
        last = joined[-1] if joined else None
        if (
            last
            and last.end == piece.start
            and (last.before, last.after) == (piece.before, piece.after)
        ):
            joined[-1] = Moved(last.start, piece.end, piece.before, piece.after)
        else:
            joined.append(piece)
    return tuple(joined)


def _pieces(before: Roster, after: Roster, rotation: str, span: Span) -> Iterator[Moved]:
    start, end = span
    bounds = {start, end}
    for roster in (before, after):
        for shift in roster.final_schedule(start, end, rotation):
            bounds |= {max(shift.start, start), min(shift.end, end)}
    edges = sorted(bounds)
    for begins, ends in pairwise(edges):
        old, new = _holder(before, rotation, begins), _holder(after, rotation, begins)
        if old != new:
            yield Moved(begins, ends, old, new)


def _holder(roster: Roster, rotation: str, instant: datetime) -> str | None:
    shift = roster.holder_at(rotation, instant, HOLDER)
    return shift.person if shift else None
