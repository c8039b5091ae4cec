"""What the home and ticket list pages show, as frozen values. Changes nothing; no database object leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.escalation import steps_of
from oncall.policy.model import Policy, Urgency
from oncall.policy.sections import sections_of
from oncall.roster import Roster
from oncall.tables import EngineBeat, Page, Ticket
from rotations.schedule import Shift

SILENT_AFTER = timedelta(seconds=30)
"""An engine that has not finished its passes for so long is said to be silent."""
LONGEST_LIST = 100
ASKING = ("alert", "nobody")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as a page shows them."""

    short: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """One rotation now. `holder` is None when nobody holds it though somebody should."""

    rotation: str
    on_duty: bool
    """False while the office is open and the rotation covers closed hours only."""
    holder: Someone | None
    backup: Someone | None
    next_holder: Someone | None
    until: datetime | None
    """When the next holder takes over."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A coming turn of one person."""

    rotation: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket in a list."""

    id: int
    subject: str
    customer: str
    urgent: bool
    state: str
    opened_at: datetime
    ended_at: datetime | None
    owner: Someone | None
    next_at: datetime | None
    next_people: tuple[Someone, ...]
    waits_for_office: bool


@dataclass(frozen=True, slots=True)
class HomeBoard:
    """Everything the first screen says."""

    holdings: tuple[Holding, ...]
    is_open: bool
    changes_at: datetime | None
    """When the office opens or closes next."""
    my_turn: Turn | None
    mine: tuple[TicketLine, ...]
    """Tickets that wait for me: I have them, or I was asked and nobody took them yet."""
    others: tuple[TicketLine, ...]
    engine_silent: bool


@dataclass(frozen=True, slots=True)
class TicketLists:
    """Open tickets, oldest urgent first, and those solved lately."""

    open: tuple[TicketLine, ...]
    solved: tuple[TicketLine, ...]


def home(session: Session, app: App, person: str, now: datetime) -> HomeBoard:
    """Return the first screen of `person` (short name)."""
    policy = app.shelf.current
    roster = rota.roster_at(session, policy)
    asked = _asked(session, person)
    lines = open_tickets(session, app, now)
    mine = [line for line in lines if _is_mine(line, person, asked)]
    change = roster.next_change(now)
    return HomeBoard(
        holdings=tuple(_holding(policy, roster, name, now) for name in policy.rotations),
        is_open=roster.is_open(now),
        changes_at=change[1] if change else None,
        my_turn=_turn(roster.next_shift_of(person, now)),
        mine=tuple(mine),
        others=tuple(line for line in lines if line not in mine),
        engine_silent=engine_silence(session, now) > SILENT_AFTER,
    )


def lists(session: Session, app: App, now: datetime) -> TicketLists:
    """Return the open tickets and the 100 solved last."""
    solved = session.scalars(
        select(Ticket)
        .where(Ticket.state == "resolved")
        .order_by(Ticket.resolved_at.desc())
        .limit(LONGEST_LIST)
    )
    return TicketLists(
        open_tickets(session, app, now),
        tuple(ticket_line(session, app, ticket, now) for ticket in solved),
    )


def open_tickets(session: Session, app: App, now: datetime) -> tuple[TicketLine, ...]:
    """Return every unsolved ticket: untaken urgent ones first, then the longest waiting."""
    rows = session.scalars(
        select(Ticket)
        .where(Ticket.state != "resolved")
        .order_by(
            (Ticket.state == "open").desc(), (Ticket.urgency == "urgent").desc(), Ticket.opened_at
        )
    )
    return tuple(ticket_line(session, app, ticket, now) for ticket in rows)


def ticket_line(session: Session, app: App, ticket: Ticket, now: datetime) -> TicketLine:
    """Return `ticket` as one line of a list."""
    policy = app.shelf.version(session, ticket.policy_version_id)
    waits = ticket.state == "open" and ticket.urgency == "normal" and not ticket.ladder
    to = _next_target(policy, ticket) if ticket.state == "open" and not waits else ""
    roster = rota.roster_at(session, policy)
    people = roster.reach(to, ticket.due_at) if to and ticket.due_at else ()
    return TicketLine(
        id=ticket.id,
        subject=ticket.subject,
        customer=ticket.customer_name,
        urgent=ticket.urgency == "urgent",
        state=ticket.state,
        opened_at=ticket.opened_at,
        ended_at=ticket.resolved_at,
        owner=someone(policy, ticket.owner) if ticket.owner else None,
        next_at=ticket.due_at if ticket.state == "open" else None,
        next_people=tuple(someone(policy, short) for short in people),
        waits_for_office=waits and ticket.due_at is not None and ticket.due_at > now,
    )


def engine_silence(session: Session, now: datetime) -> timedelta:
    """Return how long ago an engine last finished its passes; `timedelta.max` when none ever did."""
    last = session.scalar(select(func.max(EngineBeat.beat_at)))
    return timedelta.max if last is None else now - last


def someone(policy: Policy, short: str) -> Someone:
    """Return the person called `short`; one who left the file keeps at least that name."""
    person = policy.people.get(short)
    return Someone(short, person.name, person.phone) if person else Someone(short, short, None)


def _asked(session: Session, person: str) -> frozenset[int]:
    rows = session.scalars(
        select(Page.ticket_id).where(
            Page.person == person,
            Page.kind.in_(ASKING),
            Page.state.in_(("planned", "sending", "accepted")),
            Page.ticket_id.in_(select(Ticket.id).where(Ticket.state == "open")),
        )
    )
    return frozenset(ticket_id for ticket_id in rows if ticket_id is not None)


def _is_mine(line: TicketLine, person: str, asked: frozenset[int]) -> bool:
    if line.owner is not None:
        return line.owner.short == person
    return line.id in asked


def _holding(policy: Policy, roster: Roster, rotation: str, now: datetime) -> Holding:
    rules = policy.rotations[rotation]
    watch = roster.watch_at(rotation, now)
    in_hours = rules.hours is None or bool(watch and watch.holder)
    covers_now = in_hours and (rules.cover == "always" or not roster.is_open(now, rules.calendar))
    holder = watch.holder if watch and watch.holder in roster.reach(rotation, now) else None
    return Holding(
        rotation=rotation,
        on_duty=covers_now,
        holder=someone(policy, holder) if holder else None,
        backup=someone(policy, watch.backup) if watch and watch.backup else None,
        next_holder=someone(policy, watch.next_holder) if watch and watch.next_holder else None,
        until=watch.end if watch else None,
    )


def _turn(shift: Shift | None) -> Turn | None:
    return Turn(shift.rotation, shift.start, shift.end) if shift else None


def _next_target(policy: Policy, ticket: Ticket) -> str:
    escalation = sections_of(policy).of(ticket.type, ticket.team).escalation
    steps = steps_of(escalation, Urgency(ticket.urgency), ticket.ladder)
    return steps[ticket.step].to if ticket.step < len(steps) else ""
