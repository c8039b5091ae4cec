"""Close the requests that a change of the rota made void, and tell everybody concerned. Moves no shift."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import notices, rota
from oncall.app import App
from oncall.swaps import store
from oncall.swaps.asking import holds_all
from oncall.tables import ShiftRequest


def review(session: Session, app: App, rotation: str, now: datetime) -> int:
    """Close living requests of `rotation` whose hours belong to somebody else now; return how many. All are told."""
    roster = rota.roster_at(session, app.shelf.current)
    rows = session.scalars(
        select(ShiftRequest)
        .where(ShiftRequest.rotation == rotation, ShiftRequest.state.in_(store.LIVING))
        .order_by(ShiftRequest.id)
    ).all()
    closed = 0
    for row in rows:
        takes = [
            take
            for choice in (0, *store.choices(session, row.id))
            for take in store.choice_of(session, row.id, choice)
            if take.hours[1] > now
        ]
        is_known = rotation in roster.policy.rotations
        if is_known and all(holds_all(roster, rotation, take, now) for take in takes):
            continue
        store.close(session, row, "cancelled", by="", now=now)
        tell_cancelled(session, app, row, now)
        closed += 1
    return closed


def tell_cancelled(session: Session, app: App, row: ShiftRequest, now: datetime) -> None:
    """Tell the asker and everybody asked that the rota changed and the question is void."""
    facts = store.facts(session, row)
    for person in dict.fromkeys((row.asker, row.made_by, *store.asked(session, row.id))):
        notices.tell(session, app, person, "swap-cancelled", now=now, name=row.asker, **facts)
