"""What time does to open requests: reminders, expiry, a lead's silence that counts as yes. Asks nobody anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import links, notices
from oncall.app import App
from oncall.swaps import answering, store
from oncall.swaps.leads import leads_of
from oncall.tables import RequestAnswer, ShiftRequest

REMINDERS = (*(timedelta(days=days) for days in (14, 7, 3, 2, 1)), timedelta(hours=12))
"""So long before the hours begin those who have not answered are reminded."""


def expire(app: App, now: datetime) -> int:
    """Close the open requests whose time is over; the asker hears that the hours are still theirs. Returns how many."""
    with app.sessions() as session:
        rows = session.scalars(
            select(ShiftRequest).where(
                ShiftRequest.state.in_(store.LIVING), ShiftRequest.expires_at <= now
            )
        ).all()
        due = [row.id for row in rows if _is_over(row, now)]
    for request_id in due:
        with app.sessions.begin() as session:
            row = store.locked(session, request_id)
            if not _is_over(row, now):
                continue
            if row.taker:
                _tell_taker(session, app, row, now)
            store.close(session, row, "expired", by="", now=now)
            facts = store.facts(session, row)
            notices.tell(session, app, row.asker, "cover-nobody", now=now, **facts)
            for lead in leads_of(app.shelf.current, row.rotation, but=(row.asker,)):
                notices.tell(
                    session, app, lead, "cover-nobody-lead", now=now, name=row.asker, **facts
                )
    return len(due)


def _is_over(row: ShiftRequest, now: datetime) -> bool:
    """Say whether a question came to nothing: nobody said yes in time, or the asker's second tap never came."""
    if row.state == "open":
        return row.expires_at <= now
    ends = max((datetime.fromisoformat(one["end"]) for one in row.hours), default=now)
    return row.state == "waiting" and row.waits_for == "asker" and ends <= now


def _tell_taker(session: Session, app: App, row: ShiftRequest, now: datetime) -> None:
    facts = store.facts(session, row)
    notices.tell(session, app, row.taker or "", "swap-gone", now=now, name=row.asker, **facts)


def remind(app: App, now: datetime) -> int:
    """Remind those who have not answered, in their waking hours, at the times of `REMINDERS`. Returns how many."""
    with app.sessions() as session:
        rows = session.scalars(select(ShiftRequest).where(ShiftRequest.state == "open")).all()
        due = [row.id for row in rows if _is_reminder_due(session, row, now)]
    for request_id in due:
        with app.sessions.begin() as session:
            row = store.locked(session, request_id)
            # Another engine may have been quicker.
            if row.state == "open" and _is_reminder_due(session, row, now):
                _remind(session, app, row, now)
    return len(due)


def _is_reminder_due(session: Session, row: ShiftRequest, now: datetime) -> bool:
    begins = store.gives(session, row.id)[0][0]
    last = row.reminded_at or row.made_at
    return any(last < begins - before <= now for before in REMINDERS)


def _remind(session: Session, app: App, row: ShiftRequest, now: datetime) -> None:
    row.reminded_at = now
    silent = session.execute(
        select(RequestAnswer.person, RequestAnswer.token).where(
            RequestAnswer.request_id == row.id, RequestAnswer.state == "asked"
        )
    ).all()
    for person, token in silent:
        due = notices.when_awake(app.shelf.current, person, now)
        if due < row.expires_at:
            path = f"/s/{links.letters_of(app.secret, token)}"
            facts = {**store.facts(session, row, person), "path": path}
            notices.tell(session, app, person, "swap-remind", now=due, name=row.asker, **facts)


def approve_silently(app: App, now: datetime) -> int:
    """Carry out what a lead left unanswered past its time; return how many."""
    with app.sessions() as session:
        due = session.scalars(
            select(ShiftRequest.id).where(
                ShiftRequest.state == "waiting", ShiftRequest.decide_by <= now
            )
        ).all()
    for request_id in due:
        with app.sessions.begin() as session:
            answering.carry_out_after_silence(session, app, request_id, now)
    return len(due)
