"""Write the lines of a ticket's timeline and of the audit log. Never changes or removes one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from oncall.tables import AuditEntry, Base, Event, Page

# The tables themselves: a plain insert is three times as fast as one through the mapper, and every page waits for one.
EVENTS: Table = Base.metadata.tables[Event.__tablename__]
AUDIT: Table = Base.metadata.tables[AuditEntry.__tablename__]


def record(
    session: Session,
    ticket_id: int,
    at: datetime,
    kind: str,
    *,
    actor: str = "",
    page_id: int | None = None,
    **data: Any,
) -> None:
    """Add one line to a ticket's timeline; `data` must be JSON (instants as ISO text)."""
    row = line(ticket_id, at, kind, actor=actor, page_id=page_id, **data)
    session.execute(EVENTS.insert(), row)


def line(
    ticket_id: int,
    at: datetime,
    kind: str,
    *,
    actor: str = "",
    page_id: int | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Return the columns of one line of a ticket's timeline, for whoever writes many at once."""
    return {
        "ticket_id": ticket_id,
        "at": at,
        "kind": kind,
        "actor": actor,
        "page_id": page_id,
        "data": data,
    }


def record_page(session: Session, page: Page, at: datetime, kind: str, **data: Any) -> None:
    """Add what became of `page` to its ticket's timeline; a page without a ticket has none."""
    if page.ticket_id is not None:
        record(
            session,
            page.ticket_id,
            at,
            kind,
            actor=page.person,
            page_id=page.id,
            channel=page.channel,
            **data,
        )


def audit(session: Session, at: datetime, actor: str, action: str, **data: Any) -> None:
    """Add one line to the audit log: what `actor` did outside a ticket."""
    session.execute(AUDIT.insert(), {"at": at, "actor": actor, "action": action, "data": data})
