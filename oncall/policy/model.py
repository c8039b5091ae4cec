"""The shape of config.yaml as frozen models. Meaning (names that must exist, sums that must fit) is in `rules.py`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from notifiers.base import Channel
from oncall.policy.values import (
    CalendarDate,
    Duration,
    HandoffTime,
    LadderRung,
    OpenSpans,
    Phone,
    Rung,
    TextList,
    Weekdays,
    Zone,
)


class Urgency(StrEnum):
    """How a ticket is treated: `urgent` wakes people, `normal` waits for the office."""

    URGENT = "urgent"
    NORMAL = "normal"


class Role(StrEnum):
    """What a person may do on the pages."""

    STAFF = "staff"
    LEAD = "lead"
    ADMIN = "admin"


class Model(BaseModel):
    """Base of every section: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, validate_default=True
    )


class Company(Model):
    """Who runs this phone; `url` is the address people and the provider reach the web pages at."""

    name: str
    timezone: Zone
    language: str = "en"
    languages: TextList = ("en", "tr", "ro", "fa")
    url: str = "http://127.0.0.1:8080"
    calendar: str | None = None
    """The calendar that decides open hours for tickets; the first one listed when absent."""


class NotifyLadders(Model):
    """In which order and how fast one person is tried, per urgency."""

    urgent: tuple[LadderRung, ...] = (
        Rung(Channel.SMS, timedelta(0)),
        Rung(Channel.CALL, timedelta(minutes=1)),
        Rung(Channel.CALL, timedelta(minutes=3)),
    )
    normal: tuple[LadderRung, ...] = (Rung(Channel.EMAIL, timedelta(0)),)


class Person(Model):
    """Somebody who can be reached; the short name used everywhere else is the key above this block."""

    name: str
    phone: Phone | None = None
    email: str | None = None
    language: str | None = None
    country: str | None = None
    timezone: Zone | None = None
    role: Role = Role.STAFF
    notify: NotifyLadders = NotifyLadders()
    since: CalendarDate | None = Field(default=None, alias="from")
    until: CalendarDate | None = None


class Team(Model):
    """People paged all at once; the first to take the ticket has it."""

    members: TextList
    lead: str | None = None


class Holidays(Model):
    """Public holidays of a country, with the company's own days added and removed."""

    country: str
    subdivision: str | None = None
    add: dict[CalendarDate, str] = {}
    remove: tuple[CalendarDate, ...] = ()


class Calendar(Model):
    """Open hours; every other minute is out of hours."""

    timezone: Zone | None = None
    """The company's zone when absent."""
    open: dict[Weekdays, OpenSpans]
    holidays: Holidays | None = None


class Rotation(Model):
    """Who holds the phone in turn."""

    order: TextList
    starts: CalendarDate
    handoff: HandoffTime
    turn: Duration = timedelta(weeks=1)
    calendar: str
    team: str | None = None
    cover: Literal["out_of_hours", "always"] = "out_of_hours"
    backup: str = "previous"
    """`previous`, `next`, `none`, or a person's short name."""


class When(Model):
    """What a ticket must look like for a rule to fire; every given key must match, any of its values will do."""

    text_has: TextList = ()
    source: TextList = ()
    customer: TextList = ()
    type: TextList = ()
    tags: TextList = ()
    priority: TextList = ()
    key: str | None = None
    time: Literal["out_of_hours", "office_hours"] | None = None


class UrgencyRule(Model):
    """One line of the urgency list: either `when` + `is`, or `otherwise` as the last."""

    name: str
    when: When | None = None
    is_: Urgency | None = Field(default=None, alias="is")
    otherwise: Urgency | None = None


class Step(Model):
    """One step of a ladder: whom to page, on what, and how long to wait before the next step."""

    to: str
    """A person, a team, a rotation (its holder) or `rotation.backup`."""
    by: tuple[LadderRung, ...] | None = None
    """Channels for this step instead of each person's own ladder."""
    wait: Duration | None = None


class IfNobody(Model):
    """Whom to tell when the ladder was walked `repeat` times and nobody took the ticket."""

    tell: TextList


class UrgentEscalation(Model):
    """How an urgent ticket climbs."""

    steps: tuple[Step, ...] = Field(min_length=1)
    office_hours: tuple[Step, ...] | None = None
    repeat: int = Field(default=2, ge=1, le=100)
    if_nobody: IfNobody | None = None


class NormalEscalation(Model):
    """Whom a normal ticket is mailed to while the office is open, and what happens while it is not."""

    office_hours: tuple[Step, ...]
    out_of_hours: Literal["wait"] = "wait"


class Escalation(Model):
    """The two ladders."""

    urgent: UrgentEscalation
    normal: NormalEscalation


class Twilio(Model):
    """The Twilio account that sends texts and calls."""

    account: str
    token: str
    sms_from: dict[str, str]
    """`default` and, per country code, a number or registered name to send from."""
    call_from: str | None = None
    sms_letters: Literal["plain", "full"] = "plain"
    api_base: str | None = None
    """Another address for Twilio's API; for tests and proxies."""


class Email(Model):
    """The mail server that takes our mail."""

    smtp: str
    """host:port"""
    sender: str = Field(alias="from")
    user: str | None = None
    password: str | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"


class Integrations(Model):
    """The outside services; without `twilio` the phone simulator takes its place."""

    twilio: Twilio | None = None
    email: Email | None = None


class Policy(Model):
    """The whole file."""

    version: Literal["1"] = "1"
    company: Company
    people: dict[str, Person]
    teams: dict[str, Team] = {}
    calendars: dict[str, Calendar] = Field(min_length=1)
    rotations: dict[str, Rotation] = {}
    urgency: tuple[UrgencyRule, ...] = Field(min_length=1)
    escalation: Escalation
    integrations: Integrations = Integrations()
    templates: dict[str, dict[str, str]] = {}

    @property
    def office(self) -> str:
        """Name of the calendar that decides open hours for tickets."""
        return self.company.calendar or next(iter(self.calendars))

    def language_of(self, person: str) -> str:
        """Language a person reads and hears."""
        return self.people[person].language or self.company.language
