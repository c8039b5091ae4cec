"""Leave over somebody's own shifts: which ones, and who hears of it at once. Moves no shift: a person has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import notices, rota
from oncall.app import App
from oncall.roster import Roster, Span
from oncall.swaps.leads import is_lead, leads_of
from oncall.tables import Leave
from rotations.schedule import HOLDER

SOON = timedelta(hours=12)
"""With less time than this left after the night, a lead is woken."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A shift (`start` to `end`, what of it is still to come) that its holder is away in."""

    leave_id: int
    rotation: str
    start: datetime
    end: datetime


def clashes(
    roster: Roster, person: str, leave_id: int, span: Span, now: datetime
) -> tuple[Clash, ...]:
    """Return the shifts of `person` over the hours of one leave, in order."""
    start = max(span[0], now)
    if start >= span[1]:
        return ()
    return tuple(
        Clash(leave_id, shift.rotation, max(shift.start, now), shift.end)
        for shift in roster.final_schedule(start, span[1])
        if shift.role == HOLDER and shift.person == person
    )


def alarm(
    session: Session, app: App, person: str, leave_ids: Sequence[int], *, by: str, now: datetime
) -> tuple[Clash, ...]:
    """Tell the leads of every leave that lies over a shift of its person; return those shifts.

    At once where the shift is near, else by day. A lead who entered it for somebody knows already.
    """
    roster = rota.roster_at(session, app.shelf.current)
    rows = session.execute(
        select(Leave.id, Leave.starts_at, Leave.ends_at)
        .where(Leave.id.in_(list(leave_ids)))
        .order_by(Leave.starts_at)
    ).all()
    spans = {row.id: (row.starts_at, row.ends_at) for row in rows}
    found = tuple(
        clash
        for leave_id, span in spans.items()
        for clash in clashes(roster, person, leave_id, span, now)
    )
    if by != person and is_lead(app.shelf.current, by):
        return found
    # One word per leave and rotation, however many shifts it covers.
    first = {(clash.leave_id, clash.rotation): clash for clash in reversed(found)}
    for clash in first.values():
        _tell_leads(session, app, person, clash, spans[clash.leave_id], now)
    return found


def _tell_leads(
    session: Session, app: App, person: str, clash: Clash, span: Span, now: datetime
) -> None:
    policy = app.shelf.current
    for lead in leads_of(policy, clash.rotation, but=(person,)):
        morning = notices.when_awake(policy, lead, now)
        notices.tell(
            session,
            app,
            lead,
            "leave-on-turn",
            now=morning if morning + SOON < clash.start else now,
            name=person,
            start=span[0].isoformat(),
            end=span[1].isoformat(),
            path=f"/leave/{clash.leave_id}",
        )
