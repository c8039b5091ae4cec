"""Who answered which page when, read from the timeline. The only place where the ledger looks at tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from oncall.ledger.extras import Answer
from oncall.tables import Event, Page, Ticket

ANSWERS = ("acknowledged", "passed")
ASKING = ("alert", "nobody")

# A page answered is one that reached its reader before they acted, by whatever way they did.
_WAS_PAGED = exists().where(
    Page.ticket_id == Event.ticket_id,
    Page.person == Event.actor,
    Page.kind.in_(ASKING),
    Page.accepted_at <= Event.at,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer with its ticket: `solved_at` is None while nobody solved it."""

    person: str
    at: datetime
    ticket: int
    solved_at: datetime | None


def between(session: Session, start: datetime, end: datetime) -> tuple[Answer, ...]:
    """Return every answer to a page in [start, end), in order."""
    return tuple(Answer(one.person, one.at) for one in with_tickets(session, start, end))


def with_tickets(session: Session, start: datetime, end: datetime) -> tuple[Answered, ...]:
    """Return every answer to a page in [start, end) with when its ticket was solved, in order."""
    rows = session.execute(
        select(Event.actor, Event.at, Event.ticket_id, Ticket.resolved_at)
        .join(Ticket, Ticket.id == Event.ticket_id)
        .where(Event.at >= start, Event.at < end, Event.kind.in_(ANSWERS), _WAS_PAGED)
        .order_by(Event.at, Event.id)
    )
    return tuple(Answered(*row) for row in rows)
