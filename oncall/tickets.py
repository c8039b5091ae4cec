"""What can happen to a ticket: opened, taken, passed on, solved. Every verb writes the timeline; none of them sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from oncall.app import App
from oncall.policy.model import Urgency


class Via(StrEnum):
    """How a person acted; the timeline shows it."""

    KEY = "key"
    SMS = "sms"
    LINK = "link"
    WEB = "web"


class Verb(StrEnum):
    """What a person can do to a ticket."""

    TAKE = "take"
    PASS_ON = "pass"  # noqa: S105 (a verb, not a password)
    RESOLVE = "resolve"


class Result(StrEnum):
    """What became of a verb."""

    DONE = "done"
    ALREADY_YOURS = "already_yours"
    TAKEN_BY_OTHER = "taken_by_other"
    ALREADY_RESOLVED = "already_resolved"


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket as a source hands it over, checked for shape but not yet judged."""

    source: str
    subject: str
    body: str = ""
    source_id: str | None = None
    customer_name: str = ""
    customer_phone: str = ""
    customer_email: str = ""
    priority: str = ""
    type: str = ""
    tags: tuple[str, ...] = ()
    link: str = ""
    key: str = ""
    """The key a caller pressed, for `when: {key: ...}`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer to a source: `created` is False when this source's id was known already."""

    ticket_id: int
    created: bool
    urgency: Urgency
    state: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb came to; `owner` and `at` name who has (or solved) the ticket and since when."""

    result: Result
    ticket_id: int
    owner: str | None
    at: datetime | None


def open_ticket(session: Session, app: App, new: NewTicket) -> Opened:
    """Store `new`, judged by the policy in force; the same (source, source_id) again returns the first one."""
    raise NotImplementedError


def act(
    session: Session,
    app: App,
    ticket_id: int,
    verb: Verb,
    *,
    by: str,
    via: Via,
    page_id: int | None = None,
) -> Outcome:
    """Apply `verb` for person `by` (short name); raises `NotFound` for an unknown ticket."""
    raise NotImplementedError
