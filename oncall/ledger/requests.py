"""Requests for days off as values: what is asked, reserved, taken. Changes none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oncall.ledger import book
from oncall.ledger.lots import Booking
from oncall.tables import DayOff

RESERVED = ("asked", "approved")
"""States in which days are promised and not taken yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it stands."""

    id: int
    person: str
    asked_at: datetime
    amount: int
    first: date
    last: date
    half: str
    start: datetime
    end: datetime
    note: str
    state: str
    decide_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    answer: str


def booked(session: Session, person: str) -> tuple[Booking, ...]:
    """Return what is reserved for `person` and not taken yet."""
    rows = session.execute(
        select(DayOff.last_day, DayOff.amount).where(
            DayOff.person == person, DayOff.state.in_(RESERVED)
        )
    )
    return tuple(Booking(row.last_day, row.amount) for row in rows)


def booked_by_person(session: Session) -> dict[str, int]:
    """Return how many milli-days are reserved and not taken yet, by person."""
    rows = session.execute(
        select(DayOff.person, func.sum(DayOff.amount))
        .where(DayOff.state.in_(RESERVED))
        .group_by(DayOff.person)
    )
    return {person: int(amount) for person, amount in rows}


def available(session: Session, person: str) -> int:
    """Return the milli-days `person` can still ask for: the balance less what is reserved."""
    return book.purse(session, person).balance - sum(one.amount for one in booked(session, person))


def of_person(session: Session, person: str) -> tuple[Request, ...]:
    """Return every request of `person`, the newest first."""
    rows = session.scalars(
        select(DayOff).where(DayOff.person == person).order_by(DayOff.starts_at.desc())
    )
    return tuple(value_of(row) for row in rows)


def between(
    session: Session, start: datetime, end: datetime, states: tuple[str, ...] = (*RESERVED, "taken")
) -> tuple[Request, ...]:
    """Return everybody's requests in `states` that touch [start, end), by their start."""
    rows = session.scalars(
        select(DayOff)
        .where(DayOff.starts_at < end, DayOff.ends_at > start, DayOff.state.in_(states))
        .order_by(DayOff.starts_at, DayOff.id)
    )
    return tuple(value_of(row) for row in rows)


def value_of(row: DayOff) -> Request:
    """Return a request's row as a value."""
    return Request(
        row.id,
        row.person,
        row.asked_at,
        row.amount,
        row.first_day,
        row.last_day,
        row.half,
        row.starts_at,
        row.ends_at,
        row.note,
        row.state,
        row.decide_at,
        row.decided_at,
        row.decided_by,
        row.answer,
    )
