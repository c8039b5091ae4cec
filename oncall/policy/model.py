"""The shape of config.yaml as frozen models. Meaning (names that must exist, sums that must fit) is in `rules.py`."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from notifiers.base import Channel
from oncall.policy.comp_days import CompDays
from oncall.policy.days import WHOLE_DAY, WorkdayHours
from oncall.policy.section import Model
from oncall.policy.values import (
    AsSteps,
    CalendarDate,
    Country,
    DateList,
    Duration,
    Durations,
    Handoffs,
    Ladder,
    Language,
    LanguageList,
    MailAddress,
    MailServer,
    OpenSpans,
    Phone,
    Rung,
    Secret,
    Sender,
    SenderScope,
    ShortName,
    Text,
    TextList,
    WebAddress,
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


class Company(Model):
    """Who runs this phone; `url` is the address people and the provider reach the web pages at."""

    name: Text
    timezone: Zone
    language: Language = "en"
    languages: LanguageList = ("en", "tr", "ro", "fa")
    url: WebAddress = "http://127.0.0.1:8080"
    calendar: Text | None = None
    """The calendar that decides open hours for tickets; the first one listed when absent."""


class NotifyLadders(Model):
    """In which order and how fast one person is tried, per urgency."""

    urgent: Ladder = (
        Rung(Channel.SMS, timedelta(0)),
        Rung(Channel.CALL, timedelta(minutes=1)),
        Rung(Channel.CALL, timedelta(minutes=3)),
    )
    normal: Ladder = (Rung(Channel.EMAIL, timedelta(0)),)


class Contract(Model):
    """What a person's employment means for the phone."""

    weight: int = Field(default=100, ge=1, le=100)
    """Share of full time in percent: half time holds half as many turns."""
    earns: Literal["days", "pay", "nothing"] = "days"
    """What a week with the phone brings: days off, or pay that is counted elsewhere, or nothing."""


class Person(Model):
    """Somebody who can be reached; the short name used everywhere else is the key above this block."""

    name: Text
    phone: Phone | None = None
    email: MailAddress | None = None
    language: Language | None = None
    country: Country | None = None
    timezone: Zone | None = None
    role: Role = Role.STAFF
    contract: Contract = Contract()
    workday_hours: WorkdayHours = WHOLE_DAY
    """How long this person's working day is: what one day off means in hours."""
    notify: NotifyLadders = NotifyLadders()
    since: CalendarDate | None = Field(default=None, alias="from")
    """First and last day here, both included; outside them nobody rings this person."""
    until: CalendarDate | None = None


class Team(Model):
    """People paged all at once; the first to take the ticket has it."""

    members: TextList
    lead: Text | None = None


class Holidays(Model):
    """Public holidays of a country, with the company's own days added and removed."""

    country: Text
    subdivision: Text | None = None
    add: dict[CalendarDate, Text] = {}
    remove: DateList = ()


class Calendar(Model):
    """Open hours; every other minute is out of hours."""

    timezone: Zone | None = None
    """The company's zone when absent."""
    open: dict[Weekdays, OpenSpans]
    holidays: Holidays | None = None


class Limits(Model):
    """What no plan may ask of one person."""

    weeks_per_year: int | None = Field(default=None, ge=1, le=53)
    weeks_per_quarter: int | None = Field(default=None, ge=1, le=14)
    rest_between: Duration = timedelta(0)
    """Free time between two turns of one person; a backup may hold the phone right after."""
    never_together: tuple[TextList, ...] = ()
    """Pairs of people who are never holder and backup of one turn."""


class Swaps(Model):
    """How people give hours to one another."""

    approval: Literal["none", "lead"] = "none"
    approval_after: Duration = timedelta(hours=24)
    """A lead who has said nothing by then has agreed."""
    smallest_part: Duration = timedelta(hours=4)
    lock_before: Duration = timedelta(hours=2)
    """So close to its start a change needs a second tap of whoever asked."""
    offer_open_for: Duration = timedelta(hours=72)
    undo_for: Duration = timedelta(minutes=30)


class Rotation(Model):
    """Who holds the phone in turn."""

    order: TextList
    starts: CalendarDate
    """The first turn starts at the first handoff on or after this day."""
    handoff: Handoffs
    """One per turn; several split it: `[mon 09:00, fri 17:00]` is two turns a week."""
    turn: Duration = timedelta(weeks=1)
    calendar: Text
    team: Text | None = None
    cover: Literal["out_of_hours", "always"] = "out_of_hours"
    hours: dict[Weekdays, OpenSpans] | None = None
    """Weekly hours this phone is held in (nights, weekends); outside them nobody holds it. All hours when absent."""
    backup: Text = "previous"
    """`previous`, `next`, `none`, a person's short name, or another rotation."""
    learners: TextList = ()
    """People who listen in, one per turn: never paged in the holder's place."""
    mode: Literal["fair", "rotation"] = "fair"
    """`fair`: planned by what everybody is due; `rotation`: the order is kept and absences are repaired."""
    holiday_balance: Literal["off", "christmas", "all"] = "christmas"
    publish_ahead: Duration = timedelta(weeks=26)
    """So far ahead turns are published, and people told."""
    freeze: Duration = timedelta(weeks=4)
    """Published turns that start within it are not moved by planning, only because their holder is away."""
    joiner_lead: Duration = timedelta(weeks=4)
    """Whoever joins holds no turn before this has passed."""
    limits: Limits = Limits()
    swaps: Swaps = Swaps()
    reminders: Durations = (timedelta(days=7), timedelta(hours=24), timedelta(hours=1))
    """So long before a shift whoever holds it is reminded."""
    readiness_test: Duration = timedelta(hours=24)
    """So long before a shift the phone that will ring is tested; no time at all: never."""


class When(Model):
    """What a ticket must look like for a rule to fire; every given key must match, any of its values will do."""

    text_has: TextList = ()
    source: TextList = ()
    customer: TextList = ()
    type: TextList = ()
    tags: TextList = ()
    priority: TextList = ()
    key: Text | None = None
    time: Literal["out_of_hours", "office_hours"] | None = None


class UrgencyRule(Model):
    """One line of the urgency list: either `when` + `is`, or `otherwise` as the last."""

    name: Text
    when: When | None = None
    is_: Urgency | None = Field(default=None, alias="is")
    otherwise: Urgency | None = None


class Step(Model):
    """One step of a ladder: whom to page, on what, and how long to wait before the next step."""

    to: Text
    """A person, a team, a rotation (its holder) or `rotation.backup`."""
    by: Ladder | None = None
    """Channels for this step instead of each person's own ladder."""
    wait: Duration = timedelta(0)
    """Until the next step; must be written on every step but the last."""


Steps = Annotated[tuple[Step, ...], AsSteps, Field(min_length=1)]


class IfNobody(Model):
    """Whom to tell when the ladder was walked `repeat` times and nobody took the ticket."""

    tell: TextList


class UrgentEscalation(Model):
    """How an urgent ticket climbs."""

    steps: Steps
    office_hours: Steps | None = None
    """The ladder while the office is open; `steps` when absent."""
    repeat: int = Field(default=2, ge=1, le=100)
    if_nobody: IfNobody | None = None


class NormalEscalation(Model):
    """Whom a normal ticket is mailed to while the office is open, and what happens while it is not."""

    office_hours: Steps
    out_of_hours: Literal["wait"] = "wait"


class UrgentSection(Model):
    """What is different about urgent tickets of one type or team; what it leaves out holds as for all others."""

    steps: Steps | None = None
    office_hours: Steps | None = None
    repeat: int | None = Field(default=None, ge=1, le=100)
    if_nobody: IfNobody | None = None


class NormalSection(Model):
    """The same for normal tickets."""

    office_hours: Steps | None = None


class Section(Model):
    """Ladders of their own for the tickets of one type or team."""

    urgent: UrgentSection | None = None
    normal: NormalSection | None = None


class Escalation(Model):
    """The two ladders, and where some types and teams differ; `policy.sections` puts them together."""

    urgent: UrgentEscalation
    normal: NormalEscalation
    types: dict[Text, Section] = {}
    """By the type of the ticket, in any case."""
    teams: dict[ShortName, Section] = {}
    """By the team the ticket names; where its type says something else, the type wins."""


class Twilio(Model):
    """The Twilio account that sends texts and calls."""

    account: Secret
    token: Secret
    sms_from: dict[SenderScope, Sender]
    """`default` and, per country code, a number or registered name to send from."""
    call_from: Phone | None = None
    """The number calls come from; `sms_from.default` when absent."""
    sms_letters: Literal["plain", "full"] = "plain"
    api_base: WebAddress | None = None
    """Another address for Twilio's API; for tests and proxies."""


class Email(Model):
    """The mail server that takes our mail."""

    smtp: MailServer
    """host:port"""
    sender: MailAddress = Field(alias="from")
    user: Secret | None = None
    password: Secret | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"


class Integrations(Model):
    """The outside services; without `twilio` the phone simulator takes its place."""

    twilio: Twilio | None = None
    email: Email | None = None


class PageLimit(Model):
    """How many urgent texts (or calls, or mails) one person gets singly; more leave together. Nothing is dropped."""

    singles: int = Field(ge=1, le=100)
    within: Duration
    then_every: Duration
    """The pause between bundles."""


class PageLimits(Model):
    """What keeps a storm of tickets from burying whoever has to read it; by channel, for each person."""

    sms: PageLimit = PageLimit(
        singles=3, within=timedelta(minutes=2), then_every=timedelta(minutes=1)
    )
    call: PageLimit = PageLimit(
        singles=2, within=timedelta(minutes=2), then_every=timedelta(minutes=1)
    )
    email: PageLimit = PageLimit(
        singles=10, within=timedelta(minutes=5), then_every=timedelta(minutes=5)
    )


class Policy(Model):
    """The whole file."""

    version: Literal["1"] = "1"
    company: Company
    people: dict[ShortName, Person] = Field(min_length=1)
    teams: dict[ShortName, Team] = {}
    calendars: dict[ShortName, Calendar] = Field(min_length=1)
    rotations: dict[ShortName, Rotation] = {}
    urgency: tuple[UrgencyRule, ...] = Field(min_length=1)
    escalation: Escalation
    comp_days: CompDays | None = None
    """What a week with the phone earns; nothing when absent."""
    limits: PageLimits = PageLimits()
    integrations: Integrations = Integrations()
    templates: dict[Text, dict[Language, Text]] = {}

    @property
    def office(self) -> str:
        """Name of the calendar that decides open hours for tickets."""
        return self.company.calendar or next(iter(self.calendars))

    def language_of(self, person: str) -> str:
        """Language a person reads and hears; somebody who left the file reads the company's."""
        known = self.people.get(person)
        return (known and known.language) or self.company.language
