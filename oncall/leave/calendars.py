"""Follow people's own calendars: fetched every half hour, their absences kept as leave. A fault never removes leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from oncall import messages, notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.leave import alarms, fetching
from oncall.leave.fetching import Fetched, NotFetched
from oncall.leave.reading import Absence, Unreadable, absences
from oncall.roster import Span
from oncall.tables import Leave, LeaveCalendar

log = structlog.get_logger()

EVERY = timedelta(minutes=30)
AHEAD = timedelta(days=365)
READ_AGAIN = timedelta(days=1)
"""A calendar that did not change is read again so often, since time brings new weeks of what repeats."""
TELL_AFTER = timedelta(days=1)
LONGEST_ADDRESS = 2000
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Followed:
    """A person's calendar as their page shows it; `address` is shortened."""

    address: str
    read_at: datetime | None
    failing_since: datetime | None
    fault: str


def follow(session: Session, person: str, url: str, now: datetime) -> None:
    """Follow the calendar at `url`; its leave appears with the next round. Raises `Conflict` with words."""
    text = url.strip()
    if text.lower().startswith("webcal://"):
        text = "https://" + text[len("webcal://") :]
    try:
        fetching.parts_of(text)
    except NotFetched:
        raise Conflict(
            "write the calendar's https address, without a password in it", "calendar-address"
        ) from None
    if len(text) > LONGEST_ADDRESS:
        raise Conflict("this address is too long", "calendar-address")
    row = session.get(LeaveCalendar, person, with_for_update=True) or LeaveCalendar(person=person)
    row.url, row.made_at, row.next_at = text, now, now
    row.etag, row.modified, row.fault = "", "", ""
    row.read_at = row.read_until = row.failing_since = row.told_at = None
    session.add(row)
    session.flush()
    timeline.audit(session, now, person, "leave.calendar_followed", person=person)


def forget(session: Session, person: str, now: datetime) -> None:
    """Follow no calendar any more: leave from it that is still to come is taken back."""
    row = session.get(LeaveCalendar, person, with_for_update=True)
    if row is None:
        return
    session.delete(row)
    for known in _known(session, person, (now, None)):
        _take_back(session, known, person, now)
    timeline.audit(session, now, person, "leave.calendar_forgotten", person=person)


def followed(session: Session, person: str) -> Followed | None:
    """Return the calendar `person` has us follow; None when none."""
    row = session.get(LeaveCalendar, person)
    if row is None:
        return None
    host = fetching.parts_of(row.url).hostname or ""
    return Followed(f"{host}/...{row.url[-SHOWN:]}", row.read_at, row.failing_since, row.fault)


def fetch_due(app: App, now: datetime) -> int:
    """Fetch every calendar whose time has come; return how many. No transaction is open while one is fetched."""
    with app.sessions() as session:
        due = session.execute(
            select(LeaveCalendar.person, LeaveCalendar.next_at).where(LeaveCalendar.next_at <= now)
        ).all()
    fetched = 0
    for person, seen in due:
        if _claim(app, person, seen, now):
            _fetch(app, person, now)
            fetched += 1
    return fetched


def _claim(app: App, person: str, seen: datetime, now: datetime) -> bool:
    with app.sessions.begin() as session:
        claimed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(LeaveCalendar)
            .where(LeaveCalendar.person == person, LeaveCalendar.next_at == seen)
            .values(next_at=now + EVERY)
        )
        return claimed.rowcount == 1


def _fetch(app: App, person: str, now: datetime) -> None:
    with app.sessions() as session:
        row = session.get(LeaveCalendar, person)
        if row is None:
            return
        url, made_at, must_read = row.url, row.made_at, _must_read(row, now)
        known = {} if must_read else {"etag": row.etag, "modified": row.modified}
    try:
        came = app.calendars.fetch(url, **known)
        zone = messages.zone_of(app.shelf.current, person)
        read = None if came.body is None else absences(came.body, zone, now, now + AHEAD)
    except (NotFetched, Unreadable) as fault:
        _failed(app, person, made_at, fault.code, now)
        return
    _succeeded(app, person, made_at, came, read, now)


def _must_read(row: LeaveCalendar, now: datetime) -> bool:
    return row.read_until is None or row.read_until < now + AHEAD - READ_AGAIN


def _failed(app: App, person: str, made_at: datetime, code: str, now: datetime) -> None:
    log.warning("leave_calendar.failed", person=person, code=code)
    with app.sessions.begin() as session:
        row = _same(session, person, made_at)
        if row is None:
            return
        row.fault = code
        row.failing_since = row.failing_since or now
        if row.told_at is None and now - row.failing_since >= TELL_AFTER:
            row.told_at = now
            due = notices.when_awake(app.shelf.current, person, now)
            notices.tell(session, app, person, "calendar-fails", now=due, path="/leave")


def _succeeded(
    app: App,
    person: str,
    made_at: datetime,
    came: Fetched,
    read: tuple[Absence, ...] | None,
    now: datetime,
) -> None:
    with app.sessions.begin() as session:
        row = _same(session, person, made_at)
        if row is None:
            return
        row.read_at, row.fault, row.failing_since, row.told_at = now, "", None, None
        if read is None:
            return
        row.etag, row.modified, row.read_until = came.etag, came.modified, now + AHEAD
        if person in app.shelf.current.people:
            _keep(session, app, person, read, now)


def _same(session: Session, person: str, made_at: datetime) -> LeaveCalendar | None:
    """Return the row, unless its owner gave another address meanwhile."""
    row = session.get(LeaveCalendar, person, with_for_update=True)
    return row if row is not None and row.made_at == made_at else None


def _keep(session: Session, app: App, person: str, read: Sequence[Absence], now: datetime) -> None:
    """Make the person's leave what their calendar says, from now on; the past stays as it was."""
    rota.lock(session)
    wanted = {one.uid: one for one in read}
    moved: list[int] = []
    for row in _known(session, person, (now, now + AHEAD)):
        one = wanted.pop(row.uid, None)
        if one is None:
            _take_back(session, row, person, now)
        elif (row.starts_at, row.ends_at) != (one.start, one.end):
            _move(session, row, (one.start, one.end), now)
            moved.append(row.id)
    for one in wanted.values():
        moved.append(
            rota.add_leave_of_calendar(session, person, (one.start, one.end), uid=one.uid, now=now)
        )
    if moved:
        _tell_clashes(session, app, person, moved, now)


def _known(session: Session, person: str, hours: tuple[datetime, datetime | None]) -> list[Leave]:
    """Return the leave from the person's calendar that is not over and begins before the end of what was read."""
    asked = select(Leave).where(
        Leave.person == person,
        Leave.source == "feed",
        Leave.cancelled_at.is_(None),
        Leave.ends_at > hours[0],
    )
    if hours[1] is not None:
        asked = asked.where(Leave.starts_at < hours[1])
    return list(session.scalars(asked.order_by(Leave.id)))


def _take_back(session: Session, row: Leave, person: str, now: datetime) -> None:
    if row.starts_at >= now:
        rota.cancel_leave(session, row.id, actor=person, now=now)
        return
    _move(session, row, (row.starts_at, now), now)


def _move(session: Session, row: Leave, span: Span, now: datetime) -> None:
    row.starts_at, row.ends_at = span
    rota.change(session, "leave_moved", rotation="", actor=row.person, now=now, leave=row.id)


def _tell_clashes(
    session: Session, app: App, person: str, leave_ids: list[int], now: datetime
) -> None:
    found = alarms.alarm(session, app, person, leave_ids, by=person, now=now)
    for leave_id in dict.fromkeys(clash.leave_id for clash in found):
        row = session.get_one(Leave, leave_id)
        notices.tell(
            session,
            app,
            person,
            "leave-on-own-turn",
            now=notices.when_awake(app.shelf.current, person, now),
            start=row.starts_at.isoformat(),
            end=row.ends_at.isoformat(),
            path=f"/leave/{leave_id}",
        )
