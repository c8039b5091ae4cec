"""Counts tries and says how long the next one has to wait; never refuses anybody for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oncall.tables import Attempt

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` tries within `window` cost nothing; each one after them doubles the pause, up to `longest`."""

    free: int
    window: timedelta
    first_pause: timedelta
    longest: timedelta


def count(session: Session, bucket: str, now: datetime) -> None:
    """Write down one try in `bucket` and forget tries too old for any limit."""
    session.execute(delete(Attempt).where(Attempt.bucket == bucket, Attempt.at < now - KEPT_FOR))
    session.add(Attempt(bucket=bucket, at=now))


def forget(session: Session, bucket: str) -> None:
    """Drop the tries in `bucket`: somebody proved who they are."""
    session.execute(delete(Attempt).where(Attempt.bucket == bucket))


def pause(session: Session, bucket: str, limit: Limit, now: datetime) -> timedelta:
    """Return how long `bucket` has to wait before its next try; zero when it may try now."""
    tries, last = session.execute(
        select(func.count(), func.max(Attempt.at)).where(
            Attempt.bucket == bucket, Attempt.at > now - limit.window
        )
    ).one()
    if tries < limit.free:
        return timedelta(0)
    # The exponent is bounded, or a long attack would overflow the span.
    doubled = limit.first_pause * 2 ** min(tries - limit.free, 16)
    wait: timedelta = last + min(doubled, limit.longest) - now
    return max(wait, timedelta(0))
