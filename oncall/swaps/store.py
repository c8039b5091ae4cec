"""Requests as rows: fetched under a lock, closed, put into words for texts. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.errors import NotFound
from oncall.roster import Span
from oncall.swaps.rules import Take
from oncall.tables import RequestAnswer, RequestHours, ShiftRequest

LIVING = ("open", "waiting")
"""States in which a request may still move a shift."""


def locked(session: Session, request_id: int) -> ShiftRequest:
    """Return a request that nobody else changes until this transaction ends; raises `NotFound`."""
    rota.lock(session)
    row = session.scalar(
        select(ShiftRequest).where(ShiftRequest.id == request_id).with_for_update()
    )
    if row is None:
        raise NotFound("there is no such request")
    return row


def gives(session: Session, request_id: int) -> tuple[Span, ...]:
    """Return the hours the asker gives, in order."""
    return tuple(take.hours for take in choice_of(session, request_id, 0))


def choice_of(session: Session, request_id: int, choice: int) -> tuple[Take, ...]:
    """Return the hours of one choice of a trade (0: what the asker gives) with whose they were."""
    rows = session.scalars(
        select(RequestHours)
        .where(RequestHours.request_id == request_id, RequestHours.choice == choice)
        .order_by(RequestHours.starts_at)
    )
    return tuple(Take(row.person, (row.starts_at, row.ends_at)) for row in rows)


def choices(session: Session, request_id: int) -> dict[int, tuple[Take, ...]]:
    """Return every choice of a trade by its number, from 1 on."""
    numbers = session.scalars(
        select(RequestHours.choice)
        .where(RequestHours.request_id == request_id, RequestHours.choice > 0)
        .distinct()
        .order_by(RequestHours.choice)
    ).all()
    return {number: choice_of(session, request_id, number) for number in numbers}


def asked(session: Session, request_id: int) -> tuple[str, ...]:
    """Return the people who were asked and have not said no."""
    return tuple(
        session.scalars(
            select(RequestAnswer.person)
            .where(RequestAnswer.request_id == request_id, RequestAnswer.state != "no")
            .order_by(RequestAnswer.id)
        )
    )


def answer_row(session: Session, request_id: int, person: str) -> RequestAnswer | None:
    """Return what is kept about one person asked."""
    return session.scalar(
        select(RequestAnswer).where(
            RequestAnswer.request_id == request_id, RequestAnswer.person == person
        )
    )


def close(session: Session, row: ShiftRequest, state: str, *, by: str, now: datetime) -> None:
    """End a request in `state`."""
    row.state, row.closed_at, row.closed_by, row.waits_for = state, now, by, ""
    row.decide_by = None
    session.flush()


def facts(session: Session, row: ShiftRequest, person: str | None = None) -> dict[str, Any]:
    """Return what a text says of a request: when its hours begin and end, and its page.

    For a trade with `person` also the first hours that person would give.
    """
    give = gives(session, row.id)
    found: dict[str, Any] = {
        "start": give[0][0].isoformat(),
        "end": give[-1][1].isoformat(),
        "path": f"/rota/requests/{row.id}",
        "request": row.id,
    }
    mine = [
        take
        for choice in choices(session, row.id).values()
        for take in choice
        if take.person == person
    ]
    if mine:
        found["other_start"] = mine[0].hours[0].isoformat()
        found["other_end"] = mine[-1].hours[1].isoformat()
    return found
