"""What can happen to a ticket: opened, taken, passed on, solved. Every verb writes the timeline; none of them sends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from oncall import links, notices, outbox, store, timeline
from oncall.app import App
from oncall.bundles import refs
from oncall.errors import NotFound, UnknownTeam
from oncall.messages import PageKind
from oncall.policy.model import Policy, Urgency
from oncall.policy.sections import sections_of
from oncall.roster import roster_of
from oncall.tables import Base, Event, Ticket
from oncall.urgency import Facts, classify

TICKETS: Table = Base.metadata.tables[Ticket.__tablename__]
# Statements on the way of a page are built once: putting one together costs as much as running it.
OPEN = TICKETS.insert().returning(TICKETS.c.id)


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
    team: str = ""
    """Whose matter it is, as a name under `teams:` in any case; empty for nobody's in particular."""
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
    type: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb came to; `owner` and `at` name who has (or solved) the ticket and since when."""

    result: Result
    ticket_id: int
    owner: str | None
    at: datetime | None


def open_ticket(session: Session, app: App, new: NewTicket) -> Opened:
    """Store `new`, judged by the policy in force; the same (source, source_id) again returns the first one.

    Raises `UnknownTeam`.
    """
    known = _known(session, new)
    if known is not None:
        return known
    now = app.clock()
    policy = app.shelf.current
    team = _team(policy, new.team)
    roster = roster_of(policy)
    is_open = roster.is_open(now)
    verdict = classify(policy.urgency, _facts(new, is_open=is_open))
    waits = verdict.urgency is Urgency.NORMAL and not is_open
    values = {
        **_columns(new),
        "team": team,
        "urgency": verdict.urgency.value,
        "rule": verdict.rule,
        "policy_version_id": app.shelf.current_id(),
        "opened_at": now,
        "round_started_at": now,
        "due_at": roster.next_opening(now) if waits else now,
    }
    try:
        # Only an id of the source's own can be there already; its clash must not spoil the transaction.
        with session.begin_nested() if new.source_id else nullcontext():
            ticket_id = session.execute(OPEN, values).scalar_one()
    except IntegrityError:
        # Two deliveries of one source id met; the other one was first.
        known = _known(session, new)
        if known is None:
            raise
        return known
    timeline.record(
        session,
        ticket_id,
        now,
        "opened",
        source=new.source,
        urgency=verdict.urgency.value,
        rule=verdict.rule,
    )
    store.wake(session)
    return Opened(ticket_id, True, verdict.urgency, "open", new.type, team)


def of_source(session: Session, ticket_id: int, source: str) -> Opened:
    """Return how a ticket of `source` stands; raises `NotFound` for any other."""
    row = session.execute(
        select(Ticket.id, Ticket.urgency, Ticket.state).where(
            Ticket.id == ticket_id, Ticket.source == source
        )
    ).first()
    if row is None:
        raise NotFound(f"{source} has no ticket {ticket_id}")
    return Opened(row.id, created=False, urgency=Urgency(row.urgency), state=row.state)


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
    """Apply `verb` for person `by` (short name); raises `NotFound` for an unknown ticket.

    `page_id` is the page that was answered: a call still on the line is not hung up under its speaker.
    """
    return _apply(session, app, ticket_id, verb, _Actor(by, via, page_id))


@dataclass(frozen=True, slots=True)
class _Actor:
    """Who acts and how. Without `tells` nobody hears what a take came to."""

    by: str
    via: Via
    page_id: int | None
    tells: bool = True


def _apply(session: Session, app: App, ticket_id: int, verb: Verb, actor: _Actor) -> Outcome:
    ticket = hold(session, ticket_id)
    if ticket.state == "resolved":
        return Outcome(Result.ALREADY_RESOLVED, ticket.id, ticket.resolved_by, ticket.resolved_at)
    deed = _Deed(session, ticket, app.clock(), actor.by, actor.via, actor.page_id, actor.tells)
    outcome = _DEEDS[verb](deed)
    if outcome.result is Result.DONE:
        ticket.version += 1
        store.wake(session)
        session.flush()
    return outcome


def act_on_all(
    session: Session,
    app: App,
    ticket_ids: Sequence[int],
    verb: Verb,
    *,
    by: str,
    via: Via,
    page_id: int,
) -> tuple[int, ...]:
    """Take or pass on many tickets at once; return those it moved. Each person hears of it once, not once a ticket."""
    actor = _Actor(by, via, page_id, tells=False)
    moved = tuple(
        ticket_id
        for ticket_id in sorted(ticket_ids)
        if _apply(session, app, ticket_id, verb, actor).result is Result.DONE
    )
    if verb is Verb.TAKE and moved:
        now = app.clock()
        facts = {"name": by, "time": now.isoformat(), "count": len(moved), "refs": refs(moved)}
        for person in sorted(outbox.people_asked(session, moved) - {by}):
            notices.tell(session, app, person, "taken-many", now=now, **facts)
        if via in (Via.KEY, Via.SMS):
            notices.tell(session, app, by, "confirm-many", now=now, **facts)
    return moved


def hold(session: Session, ticket_id: int) -> Ticket:
    """Return a ticket as it stands now, nobody else's to change until the transaction ends; raises `NotFound`.

    Whoever changes a ticket and its pages holds the ticket first: PostgreSQL ends one of two transactions that
    wait for each other.
    """
    # `key_share`: a line on the timeline refers to the ticket and need not wait for it.
    ticket = session.get(
        Ticket, ticket_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if ticket is None:
        raise NotFound(f"there is no ticket #{ticket_id}")
    return ticket


@dataclass(frozen=True, slots=True)
class _Deed:
    """One verb about to be applied: everything its steps need."""

    session: Session
    ticket: Ticket
    now: datetime
    by: str
    via: Via
    page_id: int | None
    tells: bool

    def note(self, kind: str, **data: Any) -> None:
        timeline.record(
            self.session,
            self.ticket.id,
            self.now,
            kind,
            actor=self.by,
            page_id=self.page_id,
            via=self.via.value,
            **data,
        )

    def done(self) -> Outcome:
        return Outcome(Result.DONE, self.ticket.id, self.ticket.owner or self.by, self.now)


def _take(deed: _Deed) -> Outcome:
    ticket = deed.ticket
    if ticket.state == "acknowledged":
        result = Result.ALREADY_YOURS if ticket.owner == deed.by else Result.TAKEN_BY_OTHER
        return Outcome(result, ticket.id, ticket.owner, ticket.acknowledged_at)
    ticket.state, ticket.owner, ticket.acknowledged_at = "acknowledged", deed.by, deed.now
    ticket.due_at = None
    deed.note("acknowledged")
    outbox.stop_asking(deed.session, ticket.id, now=deed.now, spare_page=deed.page_id)
    if not deed.tells:
        return deed.done()
    facts = {"name": deed.by, "time": deed.now.isoformat()}
    outbox.tell_others(deed.session, ticket, but=deed.by, now=deed.now, fact=facts)
    if deed.via in (Via.KEY, Via.SMS):
        notice = outbox.Notice(PageKind.CONFIRM, deed.by, facts)
        outbox.tell(deed.session, ticket, notice, now=deed.now)
    return deed.done()


def _pass_on(deed: _Deed) -> Outcome:
    ticket = deed.ticket
    if ticket.state == "acknowledged" and ticket.owner != deed.by:
        return Outcome(Result.TAKEN_BY_OTHER, ticket.id, ticket.owner, ticket.acknowledged_at)
    was_owner = ticket.state == "acknowledged"
    waiting = outbox.people_asked_in_step(deed.session, ticket) - {deed.by}
    deed.note("passed", round=ticket.round)
    waiting -= passed_in_round(deed.session, ticket.id, ticket.round)
    outbox.stop_asking(deed.session, ticket.id, now=deed.now, spare_page=deed.page_id, only=deed.by)
    ticket.state, ticket.owner, ticket.acknowledged_at = "open", None, None
    if was_owner or not waiting:
        ticket.due_at = deed.now
    return deed.done()


def _resolve(deed: _Deed) -> Outcome:
    ticket = deed.ticket
    was_open, owner = ticket.state == "open", ticket.owner
    ticket.state, ticket.resolved_at, ticket.resolved_by = "resolved", deed.now, deed.by
    ticket.due_at = None
    deed.note("resolved")
    outbox.stop_asking(deed.session, ticket.id, now=deed.now, spare_page=deed.page_id)
    fact = {"solved": "yes", "time": deed.now.isoformat()}
    if was_open:
        outbox.tell_others(deed.session, ticket, but=deed.by, now=deed.now, fact=fact)
    elif owner is not None and owner != deed.by:
        notice = outbox.Notice(PageKind.TAKEN, owner, fact)
        outbox.tell(deed.session, ticket, notice, now=deed.now)
    return deed.done()


_DEEDS: dict[Verb, Callable[[_Deed], Outcome]] = {
    Verb.TAKE: _take,
    Verb.PASS_ON: _pass_on,
    Verb.RESOLVE: _resolve,
}


def passed_in_round(session: Session, ticket_id: int, round_: int) -> set[str]:
    """Return the people who passed a ticket on in one round of its ladder."""
    lines = session.execute(
        select(Event.actor, Event.data).where(Event.ticket_id == ticket_id, Event.kind == "passed")
    )
    return {actor for actor, data in lines if data.get("round") == round_}


def _known(session: Session, new: NewTicket) -> Opened | None:
    if new.source_id is None:
        return None
    row = session.execute(
        select(Ticket.id, Ticket.urgency, Ticket.state).where(
            Ticket.source == new.source, Ticket.source_id == new.source_id
        )
    ).first()
    return (
        Opened(row.id, created=False, urgency=Urgency(row.urgency), state=row.state)
        if row
        else None
    )


def _team(policy: Policy, word: str) -> str:
    if not word:
        return ""
    name = sections_of(policy).team_named(word)
    if name is None:
        known = ", ".join(policy.teams) or "none"
        raise UnknownTeam(f'there is no team called "{word}"; teams: {known}')
    return name


def _facts(new: NewTicket, *, is_open: bool) -> Facts:
    return Facts(
        text=f"{new.subject}\n{new.body}",
        source=new.source,
        customer=new.customer_name,
        type=new.type,
        tags=new.tags,
        priority=new.priority,
        key=new.key,
        is_open=is_open,
    )


def _columns(new: NewTicket) -> dict[str, Any]:
    return {
        "source": new.source,
        "source_id": new.source_id or links.new_token(),
        "subject": new.subject,
        "body": new.body,
        "customer_name": new.customer_name,
        "customer_phone": new.customer_phone,
        "customer_email": new.customer_email,
        "priority": new.priority,
        "type": new.type,
        "tags": list(new.tags),
        "link": new.link,
    }
