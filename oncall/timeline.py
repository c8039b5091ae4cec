"""Write the lines of a ticket's timeline and of the audit log. Never changes or removes one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from oncall.tables import AuditEntry, Event


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
    session.execute(
        insert(Event).values(
            ticket_id=ticket_id, at=at, kind=kind, actor=actor, page_id=page_id, data=data
        )
    )


def audit(session: Session, at: datetime, actor: str, action: str, **data: Any) -> None:
    """Add one line to the audit log: what `actor` did outside a ticket."""
    session.execute(insert(AuditEntry).values(at=at, actor=actor, action=action, data=data))
