"""The handoff note: what whoever held the phone tells whoever holds it next. Its absence never stops a handoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import messages, rota
from oncall.app import App
from oncall.board import Someone, someone
from oncall.duties import Duty, duties, duty_at, duty_ending
from oncall.errors import Conflict, NotFound
from oncall.tables import HandoffNote, Page, Ticket

WRITE_FROM = timedelta(days=7)
WRITE_UNTIL = timedelta(days=3)
"""A note may be written from so long before the handoff until so long after it."""
LONGEST = 2000
NIGHT = (22, 6)
"""Local hours between which somebody who is asked is woken."""
SHOWN = 26


@dataclass(frozen=True, slots=True)
class Words:
    """The five fields. `feel` is 1 (hard) to 5 (good), None when nothing was said."""

    feel: int | None = None
    line: str = ""
    tickets: str = ""
    watch: str = ""
    changes: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the pages show it."""

    id: int
    rotation: str
    at: datetime
    writer: Someone
    written_at: datetime
    words: Words
    read_at: datetime | None
    read_by: Someone | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about the note of one handoff, for one reader."""

    rotation: str
    at: datetime
    writer: Someone
    receiver: Someone | None
    note: Note | None
    words: Words
    """What the form holds: the note, or what is known already."""
    nights: int
    """Nights of the duty in which its holder was asked about something."""
    may_write: bool
    may_read: bool
    """Whether the reader is the one to tap "read", and has not."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A note that waits for somebody: to be written (`write`) or read (`read`)."""

    what: str
    rotation: str
    at: datetime
    other: Someone | None
    """For whom it is, or from whom."""


def sheet(
    session: Session, app: App, rotation: str, at: datetime, *, reader: str, now: datetime
) -> Sheet:
    """Return the note of the handoff of `rotation` at `at`; raises `NotFound` when nobody hands over then."""
    duty = _duty(session, app, rotation, at)
    row = _row(session, rotation, at)
    # A duty cut short by somebody who took over keeps the note of whoever wrote it.
    writer = row.writer if row else duty.person
    return Sheet(
        rotation,
        at,
        someone(app.shelf.current, writer),
        someone(app.shelf.current, duty.after) if duty.after else None,
        _note(app, row) if row else None,
        _words(row) if row else _known(session),
        _nights(session, app, duty),
        reader == writer and _is_time(at, now) and not (row and row.read_at),
        reader == duty.after and row is not None and row.read_at is None,
    )


def write(
    session: Session, app: App, rotation: str, at: datetime, words: Words, *, by: str, now: datetime
) -> None:
    """Store the note; may be repeated until it was read. Raises `Conflict` for anybody but its writer, or too late."""
    found = sheet(session, app, rotation, at, reader=by, now=now)
    if by != found.writer.short:
        raise Conflict("only whoever hands over writes the note", "note-not-yours")
    if not _is_time(at, now):
        raise Conflict("it is too early or too late for this note", "note-time")
    row = _row(session, rotation, at) or HandoffNote(rotation=rotation, at=at, writer=by)
    if row.read_at is not None:
        raise Conflict("the note was read already; tell them yourself", "note-read")
    row.written_at = now
    row.feel = words.feel
    for field in ("line", "tickets", "watch", "changes", "people"):
        setattr(row, field, getattr(words, field).strip()[:LONGEST])
    session.add(row)
    session.flush()


def mark_read(
    session: Session, app: App, rotation: str, at: datetime, *, by: str, now: datetime
) -> None:
    """Note that the receiver read it; reading twice changes nothing. Raises `NotFound` without a note, `Conflict` for
    anybody else."""
    row = _row(session, rotation, at)
    if row is None:
        raise NotFound("there is no note")
    if by != _duty(session, app, rotation, at).after:
        raise Conflict("only whoever has the phone next marks it as read", "note-not-for-you")
    if row.read_at is None:
        row.read_at, row.read_by = now, by


def recent(session: Session, app: App) -> tuple[Note, ...]:
    """Return the newest notes of all rotations."""
    rows = session.scalars(select(HandoffNote).order_by(HandoffNote.at.desc()).limit(SHOWN))
    return tuple(_note(app, row) for row in rows)


def waiting_for(session: Session, app: App, person: str, now: datetime) -> tuple[Waiting, ...]:
    """Return the notes `person` should write, because a handoff is near or just was, and those to be read."""
    roster = rota.roster_at(session, app.shelf.current)
    found: list[Waiting] = []
    for rotation in app.shelf.current.rotations:
        for duty in duties(roster, rotation, now - timedelta(days=1), now + timedelta(hours=4)):
            found += _waiting(session, app, duty, person, now)
    return tuple(found)


def exists(session: Session, rotation: str, at: datetime) -> bool:
    """Say whether somebody wrote the note of that handoff."""
    return _row(session, rotation, at) is not None


def _waiting(session: Session, app: App, duty: Duty, person: str, now: datetime) -> list[Waiting]:
    policy = app.shelf.current
    if duty.after is None or not now - timedelta(days=1) <= duty.end <= now + timedelta(hours=4):
        return []
    if person not in (duty.person, duty.after):
        return []
    row = _row(session, duty.rotation, duty.end)
    if person == duty.person and row is None:
        return [Waiting("write", duty.rotation, duty.end, someone(policy, duty.after))]
    if person == duty.after and row is not None and row.read_at is None:
        return [Waiting("read", duty.rotation, duty.end, someone(policy, row.writer))]
    return []


def _duty(session: Session, app: App, rotation: str, at: datetime) -> Duty:
    if rotation not in app.shelf.current.rotations:
        raise NotFound("there is no such rotation")
    roster = rota.roster_at(session, app.shelf.current)
    duty = duty_ending(roster, rotation, at) or duty_at(roster, rotation, at - timedelta(seconds=1))
    if duty is None:
        raise NotFound("nobody hands over then")
    if duty.end != at and _row(session, rotation, at) is None:
        raise NotFound("nobody hands over then")
    return duty


def _row(session: Session, rotation: str, at: datetime) -> HandoffNote | None:
    return session.scalars(
        select(HandoffNote).where(HandoffNote.rotation == rotation, HandoffNote.at == at)
    ).first()


def _is_time(at: datetime, now: datetime) -> bool:
    return at - WRITE_FROM <= now < at + WRITE_UNTIL


def _known(session: Session) -> Words:
    """Return what a new note says already: open tickets and the people who wait for an answer."""
    rows = session.scalars(
        select(Ticket).where(Ticket.state != "resolved").order_by(Ticket.id).limit(20)
    ).all()
    tickets = "\n".join(f"#{row.id} {row.subject[:100]}" + _owner(row) for row in rows)
    waiting = [f"{row.customer_name} (#{row.id})" for row in rows if row.customer_name]
    return Words(tickets=tickets, people="\n".join(waiting))


def _owner(row: Ticket) -> str:
    return f" ({row.owner})" if row.owner else ""


def _nights(session: Session, app: App, duty: Duty) -> int:
    """Return in how many nights of a duty its holder was asked about an urgent ticket."""
    zone = messages.zone_of(app.shelf.current, duty.person)
    asked = session.scalars(
        select(Page.accepted_at).where(
            Page.person == duty.person,
            Page.kind == messages.PageKind.ALERT.value,
            Page.channel != Channel.EMAIL.value,
            Page.accepted_at >= duty.start,
            Page.accepted_at < duty.end,
        )
    )
    begins, ends = NIGHT
    nights = set()
    for at in asked:
        local = at.astimezone(zone) if at else None
        if local and (local.hour >= begins or local.hour < ends):
            # What happens after midnight belongs to the night that began the day before.
            nights.add((local - timedelta(hours=ends)).date())
    return len(nights)


def open_tickets(session: Session) -> int:
    """Return how many tickets are not solved."""
    return session.scalar(select(func.count(Ticket.id)).where(Ticket.state != "resolved")) or 0


def _words(row: HandoffNote) -> Words:
    return Words(row.feel, row.line, row.tickets, row.watch, row.changes, row.people)


def _note(app: App, row: HandoffNote) -> Note:
    policy = app.shelf.current
    return Note(
        row.id,
        row.rotation,
        row.at,
        someone(policy, row.writer),
        row.written_at,
        _words(row),
        row.read_at,
        someone(policy, row.read_by) if row.read_by else None,
    )
