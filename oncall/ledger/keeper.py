"""The ledger's own pass of the engine: looks once a minute, and writes only when something is due. Pages nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from oncall import rota, store
from oncall.app import App
from oncall.ledger import book, days_off, expiring, posting, resting
from oncall.ledger.asking import Refused
from oncall.policy.model import Policy
from oncall.tables import DayOff

log = structlog.get_logger()

LOOK_EVERY = timedelta(minutes=1)
ROTA = "rota"
"""The mark with the change of the rota up to which posted turns are right."""


class Keeper:
    """Remembers when to look next and what it saw last; a fresh one looks at everything."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._policy: Policy | None = None
        self._look_at: datetime | None = None
        self._handoff: datetime | None = None
        self._event = -1
        self._rest_at: datetime | None = None
        self._day: date | None = None

    def is_due(self, now: datetime) -> bool:
        """Say whether it is time to look; costs two comparisons."""
        if self.app.shelf.current.comp_days is None:
            return False
        # A clock that was set back looks again, too.
        return self._look_at is None or not self._look_at - LOOK_EVERY <= now < self._look_at

    def run(self, now: datetime) -> None:
        """Do what is due by `now`; what breaks in one step is logged and tried again, and stops no other."""
        self._look_at = now + LOOK_EVERY
        if self._policy is not self.app.shelf.current:
            self._policy, self._handoff, self._day = self.app.shelf.current, None, None
        for step in (self._post, self._correct, self._rest, self._days_off, self._expire):
            try:
                step(now)
            except Exception:
                log.exception("ledger.step_failed", step=step.__name__)

    def _post(self, now: datetime) -> None:
        if self._handoff is not None and now < self._handoff:
            return
        app = self.app
        with app.sessions.begin() as session:
            since = posting.begin(session, app.shelf.current, now)
            due = posting.due_turns(session, app, since, now)
        for turn in due:
            # One transaction each: a crash between two leaves whole turns behind.
            with app.sessions.begin() as session:
                posting.post(session, app, turn, now)
        with store.reading(app.sessions) as session:
            self._handoff = posting.next_handoff(session, app, now)

    def _correct(self, now: datetime) -> None:
        app = self.app
        with store.reading(app.sessions) as session:
            newest = rota.version(session)
            seen = _seen(session)
        if newest == seen:
            return
        with app.sessions.begin() as session:
            book.hold_mark(session, ROTA, now)
            posting.correct(session, app, _seen(session), now)
            book.move_mark(session, ROTA, now, str(newest))
        # A change may bring turns of its own, or end the running one elsewhere.
        self._handoff = None

    def _rest(self, now: datetime) -> None:
        with store.reading(self.app.sessions) as session:
            newest = resting.newest_event(session)
        is_waiting = self._rest_at is not None and now >= self._rest_at
        if newest == self._event and not is_waiting:
            return
        with self.app.sessions.begin() as session:
            self._rest_at = resting.keep(session, self.app, now)
        self._event = newest

    def _days_off(self, now: datetime) -> None:
        with store.reading(self.app.sessions) as session:
            due = session.scalars(select(DayOff.id).where(_is_due(now)).order_by(DayOff.id)).all()
        for request_id in due:
            with self.app.sessions.begin() as session:
                self._settle(session, request_id, now)

    def _settle(self, session: Session, request_id: int, now: datetime) -> None:
        row = session.scalars(
            select(DayOff).where(DayOff.id == request_id, _is_due(now)).with_for_update()
        ).first()
        if row is None:
            return
        if row.starts_at <= now:
            days_off.begin(session, self.app, row, now)
            return
        try:
            days_off.approve_by_silence(session, self.app, row, now)
        except Refused as clash:
            log.info("day_off.silence_refused", request=row.id, why=clash.why.value)
            row.decide_at = None

    def _expire(self, now: datetime) -> None:
        today = now.astimezone(self.app.shelf.current.company.timezone).date()
        if today == self._day:
            return
        with store.reading(self.app.sessions) as session:
            people = expiring.people(session)
        for person in people:
            # Short transactions: nobody's page waits for everybody's sums.
            with self.app.sessions.begin() as session:
                expiring.day_passes(session, self.app, person, now)
        self._day = today


def _seen(session: Session) -> int:
    mark = book.marked(session, ROTA)
    return int(mark.value or 0) if mark else 0


def _is_due(now: datetime) -> ColumnElement[bool]:
    return ((DayOff.state == "asked") & (DayOff.decide_at <= now)) | (
        DayOff.state.in_(("asked", "approved")) & (DayOff.starts_at <= now)
    )
