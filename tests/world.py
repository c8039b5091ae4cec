"""The whole product in one hand: real engine, store and texts, simulated phones, a clock that tests move."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from notifiers.base import Channel
from notifiers.simulator import SimulatedCall, Simulator
from oncall import answers, intake, migrate, replies, start, store, tickets
from oncall.app import App
from oncall.clock import Clock, MovingClock
from oncall.engine import Engine
from oncall.policy.load import parse
from oncall.tables import Event, Page, Ticket
from oncall.tickets import NewTicket, Outcome, Verb, Via

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
# A Saturday, 03:00 in Bucharest. Ana holds the phone, Maria held it last week, Bora is next.
SATURDAY_NIGHT = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)
THURSDAY_NOON = datetime(2026, 1, 8, 10, 0, tzinfo=UTC)


class World:
    """Ana holds, Bora is next, Maria leads, Omar is admin."""

    def __init__(self, app: App, clock: MovingClock, simulator: Simulator) -> None:
        self.app = app
        self.clock = clock
        self.phones = simulator
        self.engine = Engine(app, inline=True)
        self._sms_ids = itertools.count(1)

    def number(self, person: str) -> str:
        return self.app.shelf.current.people[person].phone or ""

    def ticket(self, subject: str = "Door system down, guests locked out", **more: str) -> int:
        new = NewTicket(source="helpdesk", subject=subject, **more)  # type: ignore[arg-type]
        opened = intake.take_in(self.app, new)
        self.engine.run_until_quiet()
        return opened.ticket_id

    def forward(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, stopping at every instant at which something is due."""
        until = self.clock() + timedelta(minutes=minutes, seconds=seconds)
        self.engine.run_until_quiet()
        while (due := self.engine.next_due()) is not None and due <= until:
            self.clock.move_to(max(due, self.clock()))
            self.engine.run_until_quiet()
        self.clock.move_to(until)
        self.engine.run_until_quiet()

    def texts(self, person: str) -> list[str]:
        """What lies on a person's phone, oldest first."""
        return [text.text for text in reversed(self.phones.screen(self.number(person)).texts)]

    def mails(self, person: str) -> list[str]:
        address = self.app.shelf.current.people[person].email or ""
        return [mail.subject for mail in reversed(self.phones.screen(address).mails)]

    def calls(self, person: str) -> list[SimulatedCall]:
        return list(reversed(self.phones.screen(self.number(person)).calls))

    def ringing(self, person: str) -> SimulatedCall | None:
        return next((call for call in self.calls(person) if call.state == "ringing"), None)

    def press(self, person: str, digit: str) -> str:
        """Answer the ringing (or answered) call, press a key, and return what the voice says."""
        call = next(c for c in self.calls(person) if c.state in ("ringing", "answered"))
        if call.state == "ringing":
            self.phones.answer(call.id)
            self.engine.run_until_quiet()
        with self.app.sessions.begin() as session:
            said = answers.press(session, self.app, call.token, digit)
        self.phones.said(call.id, digit, said.text, said.asks_for_key)
        self.engine.run_until_quiet()
        return said.text

    def reply(self, person: str, text: str) -> None:
        self.reply_from(self.number(person), text)

    def reply_from(self, number: str, text: str, provider_id: str | None = None) -> None:
        sid = provider_id or f"SM{next(self._sms_ids):032}"
        with self.app.sessions.begin() as session:
            replies.reply(session, self.app, sender=number, text=text, provider_id=sid)
        self.engine.run_until_quiet()

    def act(self, person: str, verb: Verb, ticket_id: int) -> Outcome:
        with self.app.sessions.begin() as session:
            outcome = tickets.act(session, self.app, ticket_id, verb, by=person, via=Via.WEB)
        self.engine.run_until_quiet()
        return outcome

    def state(self, ticket_id: int) -> tuple[str, str | None]:
        with store.reading(self.app.sessions) as session:
            row = session.get_one(Ticket, ticket_id)
            return row.state, row.owner

    def story(self, ticket_id: int) -> list[tuple[str, str]]:
        """The timeline as (kind, actor)."""
        with store.reading(self.app.sessions) as session:
            lines = session.execute(
                select(Event.kind, Event.actor)
                .where(Event.ticket_id == ticket_id)
                .order_by(Event.id)
            )
            return [(line.kind, line.actor) for line in lines]

    def pages(self, ticket_id: int) -> list[Page]:
        with store.reading(self.app.sessions) as session:
            return list(
                session.scalars(select(Page).where(Page.ticket_id == ticket_id).order_by(Page.id))
            )

    def minutes_of_pages(self, ticket_id: int) -> list[tuple[int, str, str]]:
        """(minutes after the ticket, person, channel) of everything that was accepted and asked."""
        with store.reading(self.app.sessions) as session:
            opened = session.get_one(Ticket, ticket_id).opened_at
        return [
            (round((page.accepted_at - opened).total_seconds() / 60), page.person, page.channel)
            for page in sorted(
                self.pages(ticket_id), key=lambda page: (page.accepted_at or page.due_at, page.id)
            )
            if page.accepted_at is not None and page.kind in ("alert", "nobody")
        ]


@contextmanager
def a_world(
    database_url: str,
    *,
    text: str | None = None,
    at: datetime = SATURDAY_NIGHT,
    clock: Clock | None = None,
) -> Iterator[World]:
    """Yield a world over `database_url` that starts at `at`; it works on after a restart on the same database.

    `clock` replaces the one that `World.forward` moves.
    """
    moving = MovingClock(at)
    now = clock or moving
    simulator = Simulator(now)
    database = store.open_engine(database_url)
    migrate.upgrade(database)
    app = start.compose(
        parse(text or EXAMPLE.read_text(encoding="utf-8")),
        database,
        simulator.notifiers(),
        clock=now,
        secret=b"a secret of the tests",
        author="tests",
        simulator=simulator,
    )
    try:
        yield World(app, moving, simulator)
    finally:
        database.dispose()


__all__ = ["SATURDAY_NIGHT", "THURSDAY_NOON", "Channel", "World", "a_world"]
