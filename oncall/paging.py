"""The plan pass: due tickets become page rows. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import CursorResult, bindparam, select
from sqlalchemy.orm import Session

from notifiers.base import Channel
from notifiers.countries import reach_of
from notifiers.settings import country_of
from oncall import messages, outbox, rota, timeline
from oncall.app import App
from oncall.escalation import (
    Decision,
    PlannedPage,
    Standing,
    Surroundings,
    decide,
    ladder_of,
    steps_of,
)
from oncall.messages import PageKind
from oncall.policy.model import Escalation, Person, Policy, Role, Step, Urgency
from oncall.policy.sections import sections_of
from oncall.policy.values import Rung
from oncall.roster import Roster
from oncall.tables import Event
from oncall.tickets import TICKETS, Opened, passed_in_round

log = structlog.get_logger()

CALL_FIRST = (
    Rung(Channel.CALL, timedelta(0)),
    Rung(Channel.SMS, timedelta(0)),
    Rung(Channel.CALL, timedelta(minutes=2)),
)
"""The ladder of whoever can take a ticket by a key in a call alone."""
BATCH = 50
"""Tickets planned in one transaction."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due ticket as it was seen; it is moved only if it is still that."""

    id: int
    urgency: str
    ladder: str
    round: int
    step: int
    round_started_at: datetime
    opened_at: datetime
    policy_version_id: int
    version: int
    type: str = ""
    team: str = ""


DUE = (
    select(*(TICKETS.c[field.name] for field in fields(Due)))
    .where(
        TICKETS.c.due_at <= bindparam("now", type_=TICKETS.c.due_at.type), TICKETS.c.state == "open"
    )
    # "urgent" sorts after "normal"
    .order_by(TICKETS.c.urgency.desc(), TICKETS.c.due_at, TICKETS.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True, key_share=True)
)
MOVE = TICKETS.update().where(
    TICKETS.c.id == bindparam("seen_id"), TICKETS.c.version == bindparam("seen_version")
)


def plan(session: Session, app: App, now: datetime, *, each_apart: bool = False) -> int:
    """Give the most urgent due tickets their next step; return how many could not be and stay due.

    A fault in one ticket must never keep the others waiting. It spoils the transaction and is raised as it came;
    the caller rolls back and plans again with `each_apart`: a savepoint around every ticket, which costs
    two round trips each, and no fault gets out.
    """
    due = [Due(*row) for row in session.execute(DUE, {"now": now}).all()]
    if each_apart:
        return sum(not _is_planned(app, session, ticket, now) for ticket in due)
    for ticket in due:
        _Planning(app, session, ticket, now).run()
    return 0


def plan_new(session: Session, app: App, opened: Opened, now: datetime) -> int:
    """Give the urgent ticket that this transaction has just stored its first step; return how many pages are due now.

    A fault is raised as it comes.
    """
    ticket = Due(
        id=opened.ticket_id,
        urgency=Urgency.URGENT.value,
        ladder="",
        round=1,
        step=0,
        round_started_at=now,
        opened_at=now,
        policy_version_id=app.shelf.current_id(),
        version=1,
        type=opened.type,
        team=opened.team,
    )
    return _Planning(app, session, ticket, now).run()


def _is_planned(app: App, session: Session, ticket: Due, now: datetime) -> bool:
    try:
        with session.begin_nested():
            _Planning(app, session, ticket, now).run()
    except Exception:
        log.exception("ticket.not_planned", ticket=ticket.id)
        return False
    return True


class _Planning:
    """One due ticket, its policy and the rota around it, while its next step is written down."""

    def __init__(self, app: App, session: Session, ticket: Due, now: datetime) -> None:
        self.app = app
        self.session = session
        self.ticket = ticket
        self.now = now
        self.policy = app.shelf.version(session, ticket.policy_version_id)
        self.escalation = sections_of(self.policy).of(ticket.type, ticket.team).escalation
        self.roster = rota.roster_at(session, self.policy)

    def run(self) -> int:
        """Write the step down; return how many of its pages are due now."""
        ticket = self.ticket
        standing = Standing(
            Urgency(ticket.urgency),
            ticket.ladder,
            ticket.round,
            ticket.step,
            ticket.round_started_at,
        )
        decision = decide(self.escalation, standing, self._surroundings())
        if not self._move(decision):
            return 0
        for target in decision.skipped:
            self._note("skipped", to=target)
        if decision.step is not None and decision.ran is not None:
            self._write_step(decision, decision.step, decision.ran)
        if decision.tell_nobody_took_it:
            self._write_nobody(standing.round)
        if decision.waits_for_office:
            self._note(
                "waiting_for_office", until=decision.due_at.isoformat() if decision.due_at else ""
            )
        return sum(page.due_at <= self.now for page in decision.pages)

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            now=self.now,
            is_open=self.roster.is_open(self.now),
            next_opening=self.roster.next_opening(self.now),
            reach=partial(self.roster.reach, instant=self.now),
            rungs=partial(rungs_for, self.app, self.policy, urgency=Urgency(self.ticket.urgency)),
            passed_on=frozenset(self._passed_on()),
        )

    def _passed_on(self) -> set[str]:
        # Nobody can have passed on what nobody was asked yet, which is most of what comes here.
        if self.ticket.round == 1 and not self.ticket.step:
            return set()
        return passed_in_round(self.session, self.ticket.id, self.ticket.round)

    def _move(self, decision: Decision) -> bool:
        """Move the ticket on, unless it is not what was seen any more."""
        ticket, after = self.ticket, decision.standing
        moved: CursorResult[Any] = self.session.execute(  # type: ignore[assignment]
            MOVE,
            {
                "seen_id": ticket.id,
                "seen_version": ticket.version,
                "ladder": after.ladder,
                "round": after.round,
                "step": after.step,
                "round_started_at": after.round_started_at,
                "due_at": decision.due_at,
                "version": ticket.version + 1,
            },
        )
        return moved.rowcount == 1

    def _write_step(self, decision: Decision, step: Step, ran: Standing) -> None:
        people = list(dict.fromkeys(page.person for page in decision.pages))
        self._note(
            "step", to=step.to, round=ran.round, step=ran.step, ladder=ran.ladder, people=people
        )
        fact = self._next(decision) | self._before(ran)
        rows = [
            self._row(page, PageKind.ALERT, fact, round_=ran.round, step=ran.step)
            for page in decision.pages
        ]
        self.session.execute(outbox.PAGES.insert(), rows)

    def _write_nobody(self, round_: int) -> None:
        people = people_to_tell(self.policy, self.escalation, self.roster, self.now)
        minutes = int((self.now - self.ticket.opened_at).total_seconds() // 60)
        self._note("nobody", people=list(people), minutes=minutes)
        rows = [
            self._row(page, PageKind.NOBODY, {"minutes": minutes}, round_=round_, step=0)
            for person in people
            for page in ladder_of(
                person,
                rungs_for(self.app, self.policy, person, None, urgency=Urgency.URGENT),
                self.now,
            )
        ]
        if rows:
            self.session.execute(outbox.PAGES.insert(), rows)

    def _row(
        self, page: PlannedPage, kind: PageKind, fact: Mapping[str, Any], *, round_: int, step: int
    ) -> dict[str, Any]:
        return outbox.row_of(
            secret=self.app.secret,
            kind=kind,
            person=page.person,
            channel=page.channel,
            due_at=page.due_at,
            fact=fact,
            ticket_id=self.ticket.id,
            round=round_,
            step=step,
            rung=page.rung,
            rank=0 if self.ticket.urgency == Urgency.URGENT.value else 1,
        )

    def _next(self, decision: Decision) -> dict[str, Any]:
        """Who is next and when, as the texts say it; empty when nobody is."""
        after = decision.standing
        steps = steps_of(self.escalation, after.urgency, after.ladder)
        if decision.due_at is None or after.step >= len(steps):
            return {}
        step = steps[after.step]
        people = self.roster.reach(step.to, decision.due_at)
        name = people[0] if len(people) == 1 else step.to
        return {"next_name": name, "next_time": decision.due_at.isoformat()} if people else {}

    def _before(self, ran: Standing) -> dict[str, Any]:
        """Whose silence, or whose passing on, brought the ticket here."""
        if ran.round == 1 and ran.step == 0:
            return {}
        last = self.session.execute(
            select(Event.kind, Event.actor, Event.data)
            .where(Event.ticket_id == self.ticket.id, Event.kind.in_(("step", "passed")))
            .order_by(Event.id.desc())
            .limit(2)
        ).all()
        # The newest line is the step being written now.
        if len(last) < 2:
            return {}
        earlier = last[1]
        if earlier.kind == "passed":
            return {"before": earlier.actor, "passed": "yes"}
        people = earlier.data.get("people", [])
        return {"before": people[0] if len(people) == 1 else earlier.data.get("to", "")}

    def _note(self, kind: str, **data: Any) -> None:
        timeline.record(self.session, self.ticket.id, self.now, kind, **data)


def rungs_for(
    app: App, policy: Policy, person: str, step: Step | None, *, urgency: Urgency
) -> tuple[Rung, ...]:
    """Return the rungs of `person`'s ladder that can be used at all; empty when there is no way to reach them.

    Should the ladder name only channels the person has no address for, every channel that works is used at once.
    """
    who = policy.people.get(person)
    if who is None:
        return ()
    wanted = step.by if step is not None and step.by is not None else None
    if wanted is None:
        wanted = _own_ladder(who, urgency, contact_of(app, policy, person, Channel.SMS))
    usable = {
        channel
        for channel in Channel
        if channel in app.notifiers and contact_of(app, policy, person, channel)
    }
    rungs = tuple(rung for rung in wanted if rung.channel in usable)
    return rungs or tuple(Rung(channel, timedelta(0)) for channel in Channel if channel in usable)


def _own_ladder(who: Person, urgency: Urgency, number: str) -> tuple[Rung, ...]:
    """A person's own ladder; who wrote none, and cannot answer an SMS where they live, is rung first."""
    if urgency is not Urgency.URGENT:
        return who.notify.normal
    if "urgent" in who.notify.model_fields_set or reach_of(country_of(number)).can_answer:
        return who.notify.urgent
    return CALL_FIRST


def contact_of(app: App, policy: Policy, person: str, channel: Channel) -> str:
    """Return where `person` is reached now: the policy in force knows better than the one a ticket started with."""
    return messages.address_of(app.shelf.current, person, channel) or messages.address_of(
        policy, person, channel
    )


def people_to_tell(
    policy: Policy, escalation: Escalation, roster: Roster, now: datetime
) -> tuple[str, ...]:
    """Return who is told that nobody took a ticket of these ladders: `if_nobody`, else every admin."""
    told = escalation.urgent.if_nobody
    targets = told.tell if told is not None else ()
    found = [person for target in targets for person in roster.reach(target, now)]
    admins = [name for name, person in policy.people.items() if person.role is Role.ADMIN]
    return tuple(dict.fromkeys(found or admins))
