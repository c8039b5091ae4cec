"""The tables, and the datetime type that refuses anything but aware UTC. Holds no query and no rule."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Stores an instant in UTC and gives it back aware; a naive datetime is a `TypeError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; turn every other zone into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"naive datetime {value!r}: the store takes aware instants only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive answer its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can change them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSON,
        list[str]: JSON,
        str: Text,
    }


class PolicyVersion(Base):
    """One accepted policy file; a ticket keeps the version it started with."""

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str]
    accepted_at: Mapped[datetime]
    author: Mapped[str]


class Ticket(Base):
    """One customer matter. `due_at` is its timer: when it needs the next step; None when it waits for a human."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint("state in ('open', 'acknowledged', 'resolved')", name="state"),
        CheckConstraint("urgency in ('urgent', 'normal')", name="urgency"),
        # An open urgent ticket without a timer would wait for ever.
        CheckConstraint(
            "state <> 'open' or urgency <> 'urgent' or due_at is not null", name="urgent_has_timer"
        ),
        Index("ix_tickets_state_due", "state", "due_at"),
        Index("ix_tickets_state_opened", "state", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[str] = mapped_column(String(200))
    """The source's own id; a fresh random one where the source gave none."""
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    customer_name: Mapped[str] = mapped_column(default="")
    customer_phone: Mapped[str] = mapped_column(default="")
    customer_email: Mapped[str] = mapped_column(default="")
    priority: Mapped[str] = mapped_column(default="")
    type: Mapped[str] = mapped_column(default="")
    team: Mapped[str] = mapped_column(String(64), default="")
    """The team whose matter it is, as the policy writes it; empty when the source named none."""
    tags: Mapped[list[str]] = mapped_column(default=list)
    link: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str]
    """Name of the urgency rule that decided."""
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    state: Mapped[str] = mapped_column(String(16), default="open")
    ladder: Mapped[str] = mapped_column(String(16), default="")
    """Which list of steps this round walks: `steps` or `office_hours`; empty before the first."""
    round: Mapped[int] = mapped_column(default=1)
    step: Mapped[int] = mapped_column(default=0)
    """Index of the step that runs at `due_at`."""
    round_started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(64))
    """Short name of whoever took it."""
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with every change; a change applies only to the version it saw."""


class Page(Base):
    """One attempt to reach one person on one channel for one ticket."""

    __tablename__ = "pages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "round", "step", "person", "channel", "rung"),
        CheckConstraint(
            "state in ('planned', 'bundled', 'sending', 'accepted', 'refused', 'cancelled')",
            name="state",
        ),
        Index("ix_pages_state_due", "state", "due_at"),
        Index("ix_pages_person_id", "person", "id"),
        Index("ix_pages_person_channel_left", "person", "channel", "left_at"),
        Index("ix_pages_address_left", "address", "left_at"),
        Index(
            "ix_pages_hang_up",
            "hang_up",
            sqlite_where=sql("hang_up"),
            postgresql_where=sql("hang_up"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`alert` wakes somebody and dies with an acknowledgement; the others tell: see `PageKind`."""
    person: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(default="")
    round: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    rung: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    """When it is sent, or looked at again."""
    planned_for: Mapped[datetime]
    """When it was to be sent at first; that does not change."""
    state: Mapped[str] = mapped_column(String(16), default="planned")
    token: Mapped[str] = mapped_column(String(40), unique=True)
    """Ours; committed before the request and carried by every callback address."""
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the letters in the page's link."""
    fact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a telling page tells: who took it, the answer to a reply."""
    text: Mapped[str] = mapped_column(default="")
    """The words as sent, with the link's letters masked."""
    rank: Mapped[int] = mapped_column(default=1)
    """0 for what is urgent: it goes first when many wait."""
    lease_until: Mapped[datetime | None]
    doubt_since: Mapped[datetime | None]
    """When a request left whose outcome nobody knows; the provider is asked before it is sent again."""
    looks: Mapped[int] = mapped_column(default=0)
    """How often the provider was asked."""
    left_at: Mapped[datetime | None]
    """When it was last handed to a sender; the limits count these."""
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"), index=True)
    """The page it left with; `bundled` until that one is out."""
    falls: Mapped[int] = mapped_column(default=0)
    """How often an engine fell over while it held the page."""
    fence: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None] = mapped_column(String(320), index=True)
    """The provider's own id; a mail's ends in our domain and so may be long."""
    provider_status: Mapped[str] = mapped_column(String(24), default="")
    provider_rank: Mapped[int] = mapped_column(default=0)
    """Callbacks only move forward: one with a lower rank changes nothing."""
    error_code: Mapped[str] = mapped_column(String(16), default="")
    error_text: Mapped[str] = mapped_column(default="")
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When the provider said it was over (delivered, call ended, failed)."""
    answered: Mapped[str] = mapped_column(String(16), default="")
    """The key or verb a human gave to this page."""
    hang_up: Mapped[bool] = mapped_column(default=False)
    """The ticket was taken while this call rang: end it."""


class BrokenContact(Base):
    """A number or mail box that a provider refuses on one channel; with an empty address, our account for it."""

    __tablename__ = "broken_contacts"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    alarmed_at: Mapped[datetime]


class Event(Base):
    """One line of a ticket's timeline; append-only, for people to read."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64), default="")
    """Short name of a person, or empty for the machine."""
    page_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RotaChange(Base):
    """One line per change of the rota; the highest id is the rota's version, and says who changed what and why."""

    __tablename__ = "rota_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    """Short name of a person, or empty for the machine."""
    kind: Mapped[str] = mapped_column(String(32))
    rotation: Mapped[str] = mapped_column(String(64), index=True)
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PublishedTurn(Base):
    """One turn people were told about; it moves only by a named act of a named person."""

    __tablename__ = "published_turns"
    __table_args__ = (
        UniqueConstraint("rotation", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    holder: Mapped[str | None] = mapped_column(String(64))
    """Short name; None is a turn that nobody could take."""
    backup: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it went to them, as it was when it was decided."""
    change_id: Mapped[int] = mapped_column(ForeignKey("rota_changes.id"))
    """The change that gave it its present holder."""


class Override(Base):
    """Hours of a turn held by somebody else. Rows stay: one taken back has `ended_by`; of two the higher id wins."""

    __tablename__ = "overrides"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("role in ('holder', 'backup')", name="role"),
        Index("ix_overrides_rotation_starts_at", "rotation", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16), default="holder")
    person: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    change_id: Mapped[int] = mapped_column(ForeignKey("rota_changes.id"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("rota_changes.id"))
    """The change that took it back; such a row counts no more."""


class Leave(Base):
    """Hours in which a person cannot hold the phone: holidays, illness, an approved comp day."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_leaves_person_starts_at", "person", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16), default="leave")
    """`leave`, `long` (a long absence: the fair share pauses), or `comp_day`."""
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(String(16), default="page")
    """`page`: somebody entered it; `feed`: it comes from the person's own calendar and follows it."""
    uid: Mapped[str] = mapped_column(String(64), default="")
    """Which entry of the calendar it is: the SHA-256 of its UID and its turn in a series."""
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))
    cancelled_at: Mapped[datetime | None]


class ShiftRequest(Base):
    """One question whether somebody takes hours of the phone (`cover`) or exchanges them (`trade`)."""

    __tablename__ = "shift_requests"
    __table_args__ = (
        CheckConstraint("kind in ('cover', 'trade')", name="kind"),
        CheckConstraint(
            "state in ('open', 'waiting', 'done', 'declined', 'expired', 'withdrawn', 'refused',"
            " 'cancelled', 'undone')",
            name="state",
        ),
        Index("ix_shift_requests_state", "state"),
        Index("ix_shift_requests_asker", "asker", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    rotation: Mapped[str] = mapped_column(String(64))
    asker: Mapped[str] = mapped_column(String(64))
    """Whose hours they are."""
    made_by: Mapped[str] = mapped_column(String(64))
    """Who asked: the asker, or a lead in their name."""
    reason: Mapped[str] = mapped_column(default="")
    to_everyone: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(16), default="open")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    taker: Mapped[str | None] = mapped_column(String(64))
    """Who said yes."""
    waits_for: Mapped[str] = mapped_column(String(8), default="")
    """While `waiting`: `lead` or `asker`."""
    decide_by: Mapped[datetime | None]
    """When silence of the lead counts as yes."""
    hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """While `waiting` and after: what the yes was about, as overrides to lay."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    why: Mapped[str] = mapped_column(default="")
    """A refusal's reason."""
    change_id: Mapped[int | None] = mapped_column(ForeignKey("rota_changes.id"))
    undo_until: Mapped[datetime | None]


class RequestHours(Base):
    """Hours a request is about: those given, and those wanted in return (one `choice` each)."""

    __tablename__ = "request_hours"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("shift_requests.id"), index=True)
    choice: Mapped[int] = mapped_column(default=0)
    """0: what the asker gives; from 1 on: what they would take for it, all rows of a choice together."""
    person: Mapped[str] = mapped_column(String(64))
    """Who held them when the request was made."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class RequestAnswer(Base):
    """One person who was asked, the link they may answer by, and what they said."""

    __tablename__ = "request_answers"
    __table_args__ = (
        UniqueConstraint("request_id", "person"),
        CheckConstraint("state in ('asked', 'no', 'part', 'yes')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("shift_requests.id"), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="asked")
    part_starts_at: Mapped[datetime | None]
    part_ends_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class LeaveCalendar(Base):
    """A person's own calendar elsewhere, whose absences become leave. Its address is a secret of theirs."""

    __tablename__ = "leave_calendars"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str]
    made_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(default="")
    modified: Mapped[str] = mapped_column(default="")
    """What the server called its last change; sent back so that an unchanged calendar is not sent again."""
    read_until: Mapped[datetime | None]
    """So far ahead the events were read; an unchanged calendar is read again before that comes near."""
    next_at: Mapped[datetime]
    """When it is fetched next; moved on before the fetch, so that two engines never fetch at once."""
    read_at: Mapped[datetime | None]
    """When it was read without a fault last."""
    failing_since: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(24), default="")
    told_at: Mapped[datetime | None]
    """When its owner was told that it fails."""


class CalendarLink(Base):
    """The secret address of one of a person's calendars of the rota; only its SHA-256 is kept."""

    __tablename__ = "calendar_links"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    which: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`mine`, `rota` or `days`."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]


class Contact(Base):
    """What a person changed about how they are reached; it wins over the policy file. None: as the file says."""

    __tablename__ = "contacts"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str | None]
    urgent: Mapped[str | None]
    """The ladder for urgent tickets as the policy file would write it: `sms now, call 1m`."""
    normal: Mapped[str | None]
    card_saved_at: Mapped[datetime | None]
    """When they said that our contact card is on their phone."""
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with every change; the sum over all rows tells each process whether it is up to date."""


class NumberCheck(Base):
    """A code that was sent to a number, and whether it came back: proof that the number is that person's."""

    __tablename__ = "number_checks"
    __table_args__ = (Index("ix_number_checks_person_address", "person", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the code: whoever reads the database cannot try all the codes there are."""
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]


class PhoneTest(Base):
    """One test of whether a person's phone wakes them: by their own wish, or before a turn."""

    __tablename__ = "phone_tests"
    __table_args__ = (
        UniqueConstraint("person", "rotation", "starts_at"),
        Index("ix_phone_tests_person_sent_at", "person", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    rotation: Mapped[str] = mapped_column(String(64), default="")
    starts_at: Mapped[datetime | None]
    """Start of the shift it is for; None for a test somebody asked for."""
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(8), default="")
    """`key`, `sms` or `link`."""


class ShiftNotice(Base):
    """What was said to somebody about one of their shifts: each thing once, whoever runs the chores."""

    __tablename__ = "shift_notices"
    __table_args__ = (UniqueConstraint("rotation", "starts_at", "person", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]


class HandoffNote(Base):
    """What whoever held the phone tells whoever holds it next, about one handoff."""

    __tablename__ = "handoff_notes"
    __table_args__ = (
        UniqueConstraint("rotation", "at"),
        CheckConstraint("feel between 1 and 5", name="feel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    """The handoff: the end of the writer's shift."""
    writer: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    feel: Mapped[int | None]
    """How the week was: 1 (hard) to 5 (good)."""
    line: Mapped[str] = mapped_column(default="")
    tickets: Mapped[str] = mapped_column(default="")
    watch: Mapped[str] = mapped_column(default="")
    changes: Mapped[str] = mapped_column(default="")
    people: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    read_by: Mapped[str] = mapped_column(String(64), default="")


class PostedTurn(Base):
    """One turn whose comp days are in the ledger. The database refuses to change or remove one."""

    __tablename__ = "posted_turns"
    __table_args__ = (
        UniqueConstraint("rotation", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rotation: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    """The rules it was counted by; a correction counts by them, too."""
    posted_at: Mapped[datetime]
    shares: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Every share as it was counted, those that bring nothing included."""


class LedgerEntry(Base):
    """One movement of somebody's comp days. The database refuses to change or remove one."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint(
            "kind in ('earned', 'holiday', 'night', 'adjustment', 'taken', 'expired', 'paid', 'carried',"
            " 'reversal')",
            name="kind",
        ),
        CheckConstraint("(kind = 'reversal') = (reverses is not null)", name="reversal"),
        Index("ix_ledger_entries_person_at", "person", "at"),
        Index("ix_ledger_entries_turn", "rotation", "turn_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(250), unique=True)
    """What it is for, in full: posting the same thing twice is impossible."""
    at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    """The person's name on that day: a statement stays readable when they are gone."""
    amount: Mapped[int]
    """Milli-days: 1000 is one day of that person."""
    kind: Mapped[str] = mapped_column(String(16))
    lot: Mapped[str] = mapped_column(String(120))
    expires: Mapped[date | None]
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    actor: Mapped[str] = mapped_column(String(64), default="")
    """Short name of a person, or empty for the machine."""
    reason: Mapped[str] = mapped_column(default="")
    rotation: Mapped[str] = mapped_column(String(64), default="")
    turn_start: Mapped[datetime | None]
    turn_end: Mapped[datetime | None]
    role: Mapped[str] = mapped_column(String(16), default="")
    day: Mapped[date | None]
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    of_kind: Mapped[str | None] = mapped_column(String(16))
    """What kind of entry a reversal takes back."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DayOff(Base):
    """Days somebody asked to take; approved ones are leave as well."""

    __tablename__ = "days_off"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint(
            "state in ('asked', 'approved', 'refused', 'cancelled', 'lapsed', 'taken')",
            name="state",
        ),
        Index("ix_days_off_person_state", "person", "state"),
        Index("ix_days_off_state_starts_at", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    amount: Mapped[int]
    """Milli-days."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    half: Mapped[str] = mapped_column(String(16), default="")
    """`morning` or `afternoon`: which half of a day a broken amount takes; empty for whole days."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(16), default="asked")
    decide_at: Mapped[datetime | None]
    """When silence becomes a yes; None where somebody must say it."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    """Short name, or empty for silence."""
    answer: Mapped[str] = mapped_column(default="")
    leave_id: Mapped[int | None] = mapped_column(ForeignKey("leaves.id"))


class Rest(Base):
    """The late start after one broken night: a book of its own, never part of a balance."""

    __tablename__ = "rests"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    """The local day on which the night began."""
    last_at: Mapped[datetime]
    until: Mapped[datetime]
    late_minutes: Mapped[int]
    told_until: Mapped[datetime | None]
    """What the person was told last."""


class LedgerMark(Base):
    """What the ledger has reached or done once: when it began, which warning went out, whose book is being written."""

    __tablename__ = "ledger_marks"

    name: Mapped[str] = mapped_column(String(250), primary_key=True)
    value: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class InboundText(Base):
    """An SMS somebody sent us, kept once however often the provider repeats it."""

    __tablename__ = "inbound_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    sender: Mapped[str] = mapped_column(String(32), index=True)
    person: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str]
    understood: Mapped[bool]


class ApiToken(Base):
    """The bearer token of one ticket source; only its SHA-256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Account(Base):
    """What a person of the policy file needs to sign in, and how they like their pages."""

    __tablename__ = "accounts"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(8))
    theme: Mapped[str] = mapped_column(String(8), default="auto")


class Invite(Base):
    """A one-time sign-in link; only its SHA-256 is kept."""

    __tablename__ = "invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """One signed-in browser; deleting or revoking the row signs it out at once."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Attempt(Base):
    """One counted try (a sign-in, a wrong link); the rate limits count these rows."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class AuditEntry(Base):
    """Who changed what outside a ticket: sign-ins, invites, tokens, policy versions. Append-only."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(48))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EngineBeat(Base):
    """When each engine last finished all its passes; `/healthz` reads it."""

    __tablename__ = "engine_beats"

    engine: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
