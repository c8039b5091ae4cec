"""One ticket told whole: its ladder with clock times and every text, call and key. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.board import Someone, TicketLine, someone, ticket_line
from oncall.errors import NotFound
from oncall.escalation import steps_of
from oncall.policy.model import Escalation, Policy, Step, Urgency, UrgentEscalation
from oncall.policy.sections import sections_of
from oncall.roster import Roster
from oncall.tables import Event, Page, Ticket


class StepState(StrEnum):
    """Where a step of the ladder stands."""

    DONE = "done"
    RUNNING = "running"
    """Its people were asked and may still answer."""
    SKIPPED = "skipped"
    NEXT = "next"
    LATER = "later"
    CALLED_OFF = "called_off"
    """Not needed any more: somebody took the ticket first."""


class Fate(StrEnum):
    """What became of one page."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RINGING = "ringing"
    TALKING = "talking"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NO_KEY = "no_key"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to reach one person: `answered` is the key or verb they gave, `why` the provider's refusal."""

    person: Someone
    channel: str
    at: datetime
    fate: Fate
    answered: str
    why: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the ladder; `at` is None when it cannot be told yet."""

    number: int
    to: str
    state: StepState
    at: datetime | None
    people: tuple[Someone, ...]
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline. `fact` holds the event's own small facts (via, key, text, people)."""

    at: datetime
    kind: str
    actor: Someone | None
    attempt: Try | None
    people: tuple[Someone, ...]
    fact: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TicketStory:
    """Everything a ticket's page says."""

    line: TicketLine
    body: str
    phone: str
    email: str
    link: str
    source: str
    rule: str
    taken_at: datetime | None
    solved_at: datetime | None
    solved_by: Someone | None
    round: int
    rounds: int
    """After so many rounds the people of `if_nobody` are told; 0 for a ticket without rounds."""
    told_if_nobody: tuple[Someone, ...]
    ladder_of_type: str
    """The type with ladders of its own that this ticket walks, empty for the general ones."""
    ladder_of_team: str
    """The same for its team; where both are there, the type comes first."""
    steps: tuple[StepLine, ...]
    timeline: tuple[Happening, ...]


def of_ticket(session: Session, app: App, ticket_id: int, now: datetime) -> TicketStory:
    """Return the story of ticket `ticket_id`; raises `NotFound`."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound(f"there is no ticket #{ticket_id}")
    policy = app.shelf.version(session, ticket.policy_version_id)
    pages = session.scalars(
        select(Page).where(Page.ticket_id == ticket_id).order_by(Page.due_at, Page.id)
    ).all()
    events = session.scalars(
        select(Event).where(Event.ticket_id == ticket_id).order_by(Event.at, Event.id)
    ).all()
    tries = {page.id: _try(policy, page) for page in pages}
    ladders = sections_of(policy).of(ticket.type, ticket.team)
    urgent = ladders.escalation.urgent
    is_urgent = ticket.urgency == Urgency.URGENT
    return TicketStory(
        line=ticket_line(session, app, ticket, now),
        body=ticket.body,
        phone=ticket.customer_phone,
        email=ticket.customer_email,
        link=ticket.link if ticket.link.startswith(("https://", "http://")) else "",
        source=ticket.source,
        rule=ticket.rule,
        taken_at=ticket.acknowledged_at,
        solved_at=ticket.resolved_at,
        solved_by=someone(policy, ticket.resolved_by) if ticket.resolved_by else None,
        round=ticket.round,
        rounds=urgent.repeat if is_urgent else 0,
        told_if_nobody=_told(policy, urgent) if is_urgent else (),
        ladder_of_type=ladders.type,
        ladder_of_team=ladders.team,
        steps=_Ladder(
            rota.roster_at(session, policy),
            ladders.escalation,
            ticket,
            tuple(pages),
            tuple(events),
            tries,
            now,
        ).lines(),
        timeline=tuple(_happening(policy, event, tries) for event in _in_order(events)),
    )


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The rows a ticket's steps are read from."""

    roster: Roster
    escalation: Escalation
    ticket: Ticket
    pages: tuple[Page, ...]
    events: tuple[Event, ...]
    tries: Mapping[int, Try]
    now: datetime

    @property
    def policy(self) -> Policy:
        """The policy the ticket started with."""
        return self.roster.policy

    def lines(self) -> tuple[StepLine, ...]:
        """Return the steps of the round that matters now, those that ran and those to come."""
        shown = self._round_shown()
        steps = steps_of(
            self.escalation, Urgency(self.ticket.urgency), self.ticket.ladder or "steps"
        )
        ran = {event.data.get("step"): event for event in self.events if self._ran_in(event, shown)}
        coming = self._times(steps, shown)
        last_run = max((index for index in ran if isinstance(index, int)), default=-1)
        return tuple(
            self._ran(index, step, ran[index], last_run)
            if index in ran
            else self._ahead(index, step, coming.get(index), last_run)
            for index, step in enumerate(steps)
        )

    def _round_shown(self) -> int:
        """A round that is over stays on the page until the next one has asked somebody."""
        begun = {event.data.get("round") for event in self.events if event.kind == "step"}
        if self.ticket.round in begun or not begun:
            return self.ticket.round
        return max(number for number in begun if isinstance(number, int))

    def _ran_in(self, event: Event, shown: int) -> bool:
        return event.kind == "step" and event.data.get("round") == shown

    def _times(self, steps: tuple[Step, ...], shown: int) -> dict[int, datetime]:
        due = self.ticket.due_at
        if self.ticket.state != "open" or due is None or self.ticket.round != shown:
            return {}
        times: dict[int, datetime] = {}
        for index in range(self.ticket.step, len(steps)):
            times[index] = due
            if self._people(steps[index], due):
                due += steps[index].wait or timedelta(0)
        return times

    def _people(self, step: Step, at: datetime) -> tuple[Someone, ...]:
        short_names = self.roster.reach(step.to, at)
        return tuple(someone(self.policy, short) for short in short_names)

    def _ran(self, index: int, step: Step, event: Event, last_run: int) -> StepLine:
        tries = tuple(
            self.tries[page.id]
            for page in self.pages
            if page.kind == "alert" and (page.round, page.step) == (event.data.get("round"), index)
        )
        is_running = index == last_run and self.ticket.state == "open"
        people = dict.fromkeys(attempt.person for attempt in tries)
        return StepLine(
            number=index + 1,
            to=step.to,
            state=StepState.RUNNING if is_running else StepState.DONE,
            at=event.at,
            people=tuple(people) or _people_of(self.policy, event),
            tries=tries,
        )

    def _ahead(self, index: int, step: Step, at: datetime | None, last_run: int) -> StepLine:
        state = StepState.LATER
        if index < last_run:
            state = StepState.SKIPPED
        elif self.ticket.state != "open":
            state = StepState.CALLED_OFF
        elif index == self.ticket.step and at is not None:
            state = StepState.NEXT
        return StepLine(index + 1, step.to, state, at, self._people(step, at or self.now), ())


def _in_order(events: Sequence[Event]) -> list[Event]:
    """Put a report that overtook the answer to our own request behind it, as people expect to read it."""
    accepted = {
        event.page_id: place for place, event in enumerate(events) if event.kind == "page_accepted"
    }
    places = {event.id: place for place, event in enumerate(events)}
    return sorted(
        events,
        key=lambda event: (
            max(places[event.id], accepted.get(event.page_id, 0)),
            event.kind != "page_accepted",
        ),
    )


def _told(policy: Policy, urgent: UrgentEscalation) -> tuple[Someone, ...]:
    tell = urgent.if_nobody
    return tuple(someone(policy, short) for short in tell.tell) if tell else ()


def _people_of(policy: Policy, event: Event) -> tuple[Someone, ...]:
    return tuple(someone(policy, short) for short in event.data.get("people") or ())


def _happening(policy: Policy, event: Event, tries: Mapping[int, Try]) -> Happening:
    return Happening(
        at=event.at,
        kind=event.kind,
        actor=someone(policy, event.actor) if event.actor else None,
        attempt=tries.get(event.page_id) if event.page_id else None,
        people=_people_of(policy, event),
        fact={key: _text(value) for key, value in event.data.items() if key != "people"},
    )


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _try(policy: Policy, page: Page) -> Try:
    return Try(
        person=someone(policy, page.person),
        channel=page.channel,
        at=page.accepted_at or page.due_at,
        fate=fate(page.state, page.provider_status, page.answered),
        answered=page.answered,
        why=page.error_text or page.error_code,
    )


_FATES_BY_STATE = {
    "planned": Fate.PLANNED,
    "sending": Fate.SENDING,
    "refused": Fate.REFUSED,
    "cancelled": Fate.CANCELLED,
}
_FATES_BY_STATUS = {
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.FAILED,
    "failed": Fate.FAILED,
    "no-answer": Fate.NO_ANSWER,
    "busy": Fate.BUSY,
    "canceled": Fate.CANCELLED,
    "initiated": Fate.RINGING,
    "ringing": Fate.RINGING,
    "in-progress": Fate.TALKING,
    "completed": Fate.NO_KEY,
}


def fate(state: str, provider_status: str, answered: str) -> Fate:
    """Return what became of a page from its row; a call that merely ended was not answered by a human."""
    if answered:
        return Fate.ANSWERED
    if state in _FATES_BY_STATE:
        return _FATES_BY_STATE[state]
    return _FATES_BY_STATUS.get(provider_status, Fate.SENT)
