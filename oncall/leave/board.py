"""What the pages of leave show, as frozen values. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.board import Someone, someone
from oncall.errors import NotFound
from oncall.leave import alarms
from oncall.leave.alarms import Clash
from oncall.leave.entering import COMP_DAY
from oncall.rota import Away
from oncall.swaps.leads import is_lead
from oncall.tables import Leave

AHEAD = timedelta(days=1500)


@dataclass(frozen=True, slots=True)
class Line:
    """One leave in a list. `clashes`: how many shifts of the person lie over it."""

    id: int
    person: Someone
    start: datetime
    end: datetime
    kind: str
    note: str
    from_calendar: bool
    clashes: int


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Everything about one leave, for one reader."""

    line: Line
    clashes: tuple[Clash, ...]
    may_cancel: bool
    is_mine: bool
    is_gone: bool
    made_by: Someone | None
    repairable: tuple[str, ...]
    """The published rotations in which somebody could step in by a repair."""


def coming(session: Session, app: App, person: str | None, now: datetime) -> tuple[Line, ...]:
    """Return the leave of one person, or of everybody, that is not over, in order."""
    roster = rota.roster_at(session, app.shelf.current)
    return tuple(
        _line(app, away, alarms.clashes(roster, away.person, away.id, (away.start, away.end), now))
        for away in rota.leaves(session, now, now + AHEAD, person)
    )


def page(session: Session, app: App, leave_id: int, *, reader: str, now: datetime) -> LeavePage:
    """Return one leave; raises `NotFound` for one that is not there, or is not for `reader` to see."""
    row = session.get(Leave, leave_id)
    leads = is_lead(app.shelf.current, reader)
    if row is None or not (leads or row.person == reader):
        raise NotFound("there is no such leave")
    roster = rota.roster_at(session, app.shelf.current)
    span = (row.starts_at, row.ends_at)
    is_gone = row.cancelled_at is not None
    found = () if is_gone else alarms.clashes(roster, row.person, row.id, span, now)
    away = Away(row.id, row.person, *span, row.kind, row.note, row.source, row.made_by)
    by_page = row.source == "page" and row.kind != COMP_DAY
    return LeavePage(
        line=_line(app, away, found),
        clashes=found,
        may_cancel=by_page and not is_gone and row.ends_at > now,
        is_mine=row.person == reader,
        is_gone=is_gone,
        made_by=someone(app.shelf.current, row.made_by) if row.made_by != row.person else None,
        repairable=tuple(
            dict.fromkeys(one.rotation for one in found if roster.laid.published.get(one.rotation))
        ),
    )


def _line(app: App, away: Away, found: tuple[Clash, ...]) -> Line:
    return Line(
        away.id,
        someone(app.shelf.current, away.person),
        away.start,
        away.end,
        away.kind,
        away.note,
        away.source == "feed",
        len(found),
    )
