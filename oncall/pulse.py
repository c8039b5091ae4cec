"""Whether this program can still wake somebody: database, engine, and what waits too long. Repairs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from oncall import migrate
from oncall.app import App
from oncall.board import engine_silence
from oncall.clock import MOST_DRIFT, SteadyClock
from oncall.errors import StoreTooNew
from oncall.store import reading
from oncall.tables import Page, Ticket

LATEST = timedelta(minutes=2)
"""Silence longer than this is an alarm."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `age` is how long it has been waiting, in whole seconds, None when there is none."""

    name: str
    ok: bool
    age: int | None = None


def checks(app: App, now: datetime) -> tuple[Check, ...]:
    """Return the checks of `/healthz`; a database out of reach fails the first and ends the list."""
    try:
        with reading(app.sessions) as session:
            silence = engine_silence(session, now)
            oldest = session.scalar(
                select(func.min(Page.due_at)).where(Page.state.in_(("planned", "sending")))
            )
            first_due = session.scalar(
                select(func.min(Ticket.due_at)).where(Ticket.state == "open")
            )
    except SQLAlchemyError:
        return (Check("database", ok=False),)
    waiting, unplanned = _late(oldest, now), _late(first_due, now)
    return (
        Check("database", ok=True),
        *_clock(app),
        Check("engine", silence < LATEST, _seconds(silence)),
        Check("tickets", unplanned < LATEST, _seconds(unplanned)),
        Check("pages", waiting < LATEST, _seconds(waiting)),
    )


def readiness(app: App) -> tuple[Check, ...]:
    """Return the checks of `/readyz`: the database answers and has the shape this program needs."""
    try:
        with reading(app.sessions) as session:
            migrated = migrate.is_current(session.connection())
    except StoreTooNew:
        return (Check("database", ok=True), Check("schema", ok=False))
    except SQLAlchemyError:
        return (Check("database", ok=False),)
    return (Check("database", ok=True), Check("schema", migrated))


def _clock(app: App) -> tuple[Check, ...]:
    """Whether this machine's wall clock was moved while we ran: who holds the phone would be read off a wrong one."""
    if not isinstance(app.clock, SteadyClock):
        return ()
    drift = abs(app.clock.drift())
    return (Check("clock", drift <= MOST_DRIFT, _seconds(drift)),)


def _late(due: datetime | None, now: datetime) -> timedelta:
    return max(now - due, timedelta(0)) if due else timedelta(0)


def _seconds(span: timedelta) -> int | None:
    return None if span == timedelta.max else int(span.total_seconds())
