"""The rota as calendars people subscribe to (RFC 5545): mine, everybody's, my days off. Knows no customer.

One event per shift of the final schedule, in UTC and without rules of repetition, so that every program agrees on it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from oncall import dates, links, messages, rota, texts, timeline
from oncall.accounts import is_shut_out
from oncall.app import App
from oncall.errors import NotFound
from oncall.roster import Roster
from oncall.tables import CalendarLink, Leave, Override, PublishedTurn, RotaChange
from rotations.schedule import BACKUP, HOLDER, Shift

MINE, ROTA, DAYS = "mine", "rota", "days"
KINDS = (MINE, ROTA, DAYS)
BACK = timedelta(days=31)
AHEAD = timedelta(days=366)
ALARMS = (timedelta(hours=24), timedelta(hours=1))
COMP_DAY = "comp_day"
HINT = timedelta(hours=1)
"""How often we ask programs to look; Google looks when it likes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: `uid` and `sequence` tell a program what it is and whether it changed."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    details: str
    path: str
    is_sure: bool
    has_alarms: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it goes out. `etag` stays the same while nothing in it changes."""

    body: bytes
    etag: str


def renew(session: Session, person: str, which: str, now: datetime) -> str:
    """Return the path of a fresh secret address for one of `person`'s calendars; the old one is dead from now on.

    Shown once: only its SHA-256 is kept.
    """
    letters = secrets.token_urlsafe(24)
    row = session.get(CalendarLink, (person, which), with_for_update=True)
    row = row or CalendarLink(person=person, which=which)
    row.digest, row.made_at = links.digest_of(letters), now
    session.add(row)
    session.flush()
    timeline.audit(session, now, person, "calendar.renewed", person=person, which=which)
    return f"/calendar/{letters}.ics"


def withdraw(session: Session, person: str, which: str, now: datetime) -> None:
    """Kill the address of one calendar; its subscribers see nothing new."""
    row = session.get(CalendarLink, (person, which), with_for_update=True)
    if row is not None:
        session.delete(row)
        timeline.audit(session, now, person, "calendar.withdrawn", person=person, which=which)


def made(session: Session, person: str) -> dict[str, datetime]:
    """Return which calendars of `person` have an address, and since when."""
    rows = session.execute(
        select(CalendarLink.which, CalendarLink.made_at).where(CalendarLink.person == person)
    )
    return {row.which: row.made_at for row in rows}


def feed(session: Session, app: App, letters: str, now: datetime) -> Feed:
    """Return the calendar behind a secret address; raises `NotFound` for one that is not alive."""
    row = session.scalars(
        select(CalendarLink).where(CalendarLink.digest == links.digest_of(letters))
    ).first()
    if row is None or is_shut_out(session, app, row.person, now):
        raise NotFound("there is no such calendar")
    entries = tuple(_Writer(session, app, row.person, now).entries(row.which))
    language = app.shelf.current.language_of(row.person)
    name = _worded(app, row.person, f"calendar-{row.which}")
    etag = _etag(row.digest, language, name, entries)
    return Feed(_calendar(app, row.person, name, entries, now), etag)


class _Writer:
    """Puts the final schedule into words for one reader."""

    def __init__(self, session: Session, app: App, person: str, now: datetime) -> None:
        self.session = session
        self.app = app
        self.person = person
        self.now = now
        self.roster: Roster = rota.roster_at(session, app.shelf.current)
        self.window = (now - BACK, now + AHEAD)
        self.host = urlsplit(app.shelf.current.company.url).hostname or "localhost"

    def entries(self, which: str) -> Iterator[Entry]:
        if which == DAYS:
            yield from self._days_off()
            return
        for rotation in self.app.shelf.current.rotations:
            yield from self._shifts(rotation, which)

    def _shifts(self, rotation: str, which: str) -> Iterator[Entry]:
        shifts = self.roster.final_schedule(*self.window, rotation)
        sure = {turn.start: turn.is_published for turn in self.roster.turns(rotation, *self.window)}
        changes = _Changes(self.session, rotation, self.window)
        backups = [one for one in shifts if one.role == BACKUP]
        for number, shift in _numbered(shifts):
            if which == MINE and shift.person != self.person:
                continue
            yield Entry(
                uid=f"{rotation}.{shift.turn_start:%Y%m%dT%H%M%SZ}.{shift.role}.{number}@{self.host}",
                sequence=changes.newest_in(shift.turn_start, shift.turn_end),
                start=shift.start,
                end=shift.end,
                summary=self._summary(shift, which),
                details=self._backup(shift, backups),
                path=f"/rota/week/{rotation}/{shift.start.isoformat()}",
                is_sure=sure.get(shift.turn_start, False),
                has_alarms=which == MINE and shift.role == HOLDER,
            )

    def _summary(self, shift: Shift, which: str) -> str:
        name = messages.name_of(self.app.shelf.current, shift.person)
        text = f"calendar-{shift.role}{'' if which == MINE else '-named'}"
        return _worded(self.app, self.person, text, name=name)

    def _backup(self, shift: Shift, backups: Iterable[Shift]) -> str:
        names = dict.fromkeys(
            messages.name_of(self.app.shelf.current, one.person)
            for one in backups
            if shift.role == HOLDER and one.start < shift.end and shift.start < one.end
        )
        if not names:
            return ""
        return _worded(self.app, self.person, "calendar-with-backup", names=", ".join(names))

    def _days_off(self) -> Iterator[Entry]:
        rows = self.session.scalars(
            select(Leave)
            .where(
                Leave.person == self.person,
                Leave.kind == COMP_DAY,
                Leave.cancelled_at.is_(None),
                Leave.starts_at < self.window[1],
                Leave.ends_at > self.window[0],
            )
            .order_by(Leave.starts_at)
        ).all()
        changed = _leave_changes(self.session, self.window[0]) if rows else {}
        for row in rows:
            yield Entry(
                uid=f"leave.{row.id}@{self.host}",
                sequence=changed.get(row.id, 0),
                start=row.starts_at,
                end=row.ends_at,
                summary=_worded(self.app, self.person, "calendar-day-off"),
                details="",
                path="/leave",
                is_sure=True,
                has_alarms=False,
            )


class _Changes:
    """When each stretch of a rotation changed last, as the number of that change: it only ever grows."""

    def __init__(self, session: Session, rotation: str, window: tuple[datetime, datetime]) -> None:
        turns = session.execute(
            select(PublishedTurn.starts_at, PublishedTurn.ends_at, PublishedTurn.change_id).where(
                PublishedTurn.rotation == rotation,
                PublishedTurn.ends_at > window[0],
                PublishedTurn.starts_at < window[1],
            )
        ).all()
        # Those taken back count, too: the schedule changed when they went.
        laid = session.execute(
            select(
                Override.starts_at, Override.ends_at, Override.change_id, Override.ended_by
            ).where(
                Override.rotation == rotation,
                Override.ends_at > window[0],
                Override.starts_at < window[1],
            )
        ).all()
        self._spans = [(row.starts_at, row.ends_at, row.change_id) for row in turns]
        self._spans += [
            (row.starts_at, row.ends_at, max(row.change_id, row.ended_by or 0)) for row in laid
        ]

    def newest_in(self, start: datetime, end: datetime) -> int:
        return max(
            (change for begins, ends, change in self._spans if begins < end and start < ends),
            default=0,
        )


def _leave_changes(session: Session, since: datetime) -> dict[int, int]:
    """Return the number of the last change of each leave that was moved."""
    rows = session.execute(
        select(RotaChange.id, RotaChange.data).where(
            RotaChange.at > since - AHEAD,
            or_(RotaChange.kind == "leave_moved", RotaChange.kind == "leave_ended"),
        )
    )
    return {int(row.data["leave"]): row.id for row in rows}


def _numbered(shifts: Iterable[Shift]) -> Iterator[tuple[int, Shift]]:
    """Yield each holder's and backup's shift with its place among those of its turn and role."""
    seen: dict[tuple[datetime, str], int] = {}
    for shift in sorted(shifts, key=lambda one: (one.start, one.role)):
        if shift.role not in (HOLDER, BACKUP):
            continue
        key = (shift.turn_start, shift.role)
        number = seen.get(key, -1) + 1
        seen[key] = number
        yield number, shift


def _calendar(app: App, person: str, name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//emergency-phone//rota//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    # RFC 7986 5.7, and the older way that Outlook reads.
    calendar.add("refresh-interval", HINT, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(app, person, entry, now))
    return bytes(calendar.to_ical())


def _event(app: App, person: str, entry: Entry, now: datetime) -> Event:
    policy = app.shelf.current
    url = policy.company.url.rstrip("/") + entry.path
    as_of = dates.moment(now, messages.zone_of(policy, person), policy.language_of(person))
    note = _worded(app, person, "calendar-as-of", when=as_of)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("summary", entry.summary)
    event.add("description", "\n".join(filter(None, (entry.details, url, note))))
    event.add("url", url)
    event.add("status", "CONFIRMED" if entry.is_sure else "TENTATIVE")
    # Holding the phone keeps nobody from work; a day off does.
    event.add("transp", "OPAQUE" if entry.path == "/leave" else "TRANSPARENT")
    for before in ALARMS if entry.has_alarms else ():
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event


def _worded(app: App, person: str, text_name: str, **holes: str) -> str:
    policy = app.shelf.current
    text = texts.wording(policy, text_name, policy.language_of(person))
    return texts.fill(text, {"company": policy.company.name, **holes})


def _etag(*parts: object) -> str:
    """Return what tells one state of a feed from another; the time it was asked for is no part of it."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
