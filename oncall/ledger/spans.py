"""Sets of time as sorted stretches of whole seconds: joined, cut out, measured. Knows no person and no zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[int, int]
"""Seconds since 1970, start <= second < end."""


def span_of(start: datetime, end: datetime) -> Span:
    """Return two aware instants as a span; parts of a second are dropped."""
    return int(start.timestamp()), int(end.timestamp())


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as stretches that neither touch nor overlap, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def within(spans: Iterable[Span], window: Span) -> list[Span]:
    """Return the part of `spans` that lies inside `window`."""
    cut = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in cut if start < end]


def seconds(spans: Iterable[Span]) -> int:
    """Return how long `spans`, which must not overlap, are together."""
    return sum(end - start for start, end in spans)


def overlap(span: Span, others: Iterable[Span]) -> int:
    """Return for how many seconds of `span` some of `others` lasts."""
    return seconds(within(union(others), span))


def reached(spans: Iterable[Span], least: int) -> int | None:
    """Return the second at which `spans` together have lasted `least` seconds; None when they never do."""
    left = least
    for start, end in union(spans):
        if end - start >= left:
            return start + left
        left -= end - start
    return None
