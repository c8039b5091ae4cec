"""The audit log for people to read and search: who did what outside a ticket. Never changes or removes a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from oncall.app import App
from oncall.board import Someone, someone
from oncall.tables import AuditEntry

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `actor` is None for the machine and the command line; `facts` in the order they were written."""

    id: int
    at: datetime
    actor: Someone | None
    action: str
    facts: tuple[tuple[str, str], ...]


def lines(
    session: Session, app: App, *, words: str = "", before: int | None = None
) -> tuple[Line, ...]:
    """Return the newest 50 lines, or those before line `before`, in which every one of `words` stands."""
    asked = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(SHOWN)
    if before is not None:
        asked = asked.where(AuditEntry.id < before)
    for word in words.split():
        pattern = f"%{_escaped(word)}%"
        data = cast(AuditEntry.data, String)
        asked = asked.where(
            or_(
                *(
                    column.ilike(pattern, escape="!")
                    for column in (AuditEntry.actor, AuditEntry.action, data)
                )
            )
        )
    return tuple(_line(app, row) for row in session.scalars(asked))


def _line(app: App, row: AuditEntry) -> Line:
    actor = someone(app.shelf.current, row.actor) if row.actor else None
    facts = tuple((key, _shown(value)) for key, value in row.data.items())
    return Line(row.id, row.at, actor, row.action, facts)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
