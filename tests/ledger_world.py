"""A world whose ledger can be asked: balances, entries, days off, covers. Ana holds the week from 5 January 2026."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall import rota, store
from oncall.ledger import book, days_off, requests
from oncall.ledger.asking import Refused, Wish
from oncall.ledger.entries import Entry, days_text
from oncall.ledger.requests import Request
from tests.world import EXAMPLE, World

BUCHAREST = ZoneInfo("Europe/Bucharest")
PHONE = "emergency-phone"
MONDAY = date(2026, 1, 5)
"""The day of the first handoff: Ana, Bora, Maria in turn."""


def policy_text(change: Callable[[str], str] = lambda text: text) -> str:
    """The example policy, altered."""
    return change(EXAMPLE.read_text(encoding="utf-8"))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUCHAREST).astimezone(UTC)


@dataclass
class Books:
    """What people ask of the ledger, in one line each."""

    world: World

    def go_to(self, text: str) -> None:
        """Let time pass until a wall-clock time in Bucharest, and the ledger do what is due then."""
        until = local(text)
        minutes = (until - self.world.clock()) / timedelta(minutes=1)
        assert minutes >= 0, "time runs forward"
        self.world.forward(minutes=minutes)

    def entries(self, person: str) -> tuple[Entry, ...]:
        with store.reading(self.world.app.sessions) as session:
            return book.entries_of(session, person)

    def lines(self, person: str) -> list[tuple[str, str]]:
        return [(entry.kind.value, days_text(entry.amount)) for entry in self.entries(person)]

    def balance(self, person: str) -> str:
        return days_text(sum(entry.amount for entry in self.entries(person)))

    def available(self, person: str) -> str:
        with store.reading(self.world.app.sessions) as session:
            return days_text(requests.available(session, person))

    def lay(self, person: str, start: str, end: str) -> int:
        """Let `person` cover hours of the phone; return the override's id."""
        now = self.world.clock()
        with self.world.app.sessions.begin() as session:
            change = rota.change(session, "cover", rotation=PHONE, actor=person, now=now)
            return rota.lay(
                session, change, rotation=PHONE, person=person, hours=(local(start), local(end))
            )

    def take_back(self, override: int, actor: str) -> None:
        with self.world.app.sessions.begin() as session:
            change = rota.change(
                session, "undone", rotation=PHONE, actor=actor, now=self.world.clock()
            )
            rota.take_back(session, [override], change)

    def ask(self, person: str, day: str, amount: int = 1000, half: str = "") -> Request:
        with self.world.app.sessions.begin() as session:
            wish = Wish(person, date.fromisoformat(day), amount, half)
            return days_off.ask(session, self.world.app, wish, self.world.clock())

    def refusal(self, person: str, day: str, amount: int = 1000, half: str = "") -> Refused:
        try:
            self.ask(person, day, amount, half)
        except Refused as refused:
            return refused
        raise AssertionError("it was granted")

    def decide(self, request: Request, by: str, *, yes: bool = True, why: str = "") -> Request:
        with self.world.app.sessions.begin() as session:
            return days_off.decide(
                session, self.world.app, request.id, yes=yes, by=by, now=self.world.clock(), why=why
            )

    def cancel(self, request: Request, by: str) -> Request:
        with self.world.app.sessions.begin() as session:
            return days_off.cancel(
                session, self.world.app, request.id, by=by, now=self.world.clock()
            )

    def request(self, request: Request) -> Request:
        """The request as it stands now."""
        with store.reading(self.world.app.sessions) as session:
            return next(
                one for one in requests.of_person(session, request.person) if one.id == request.id
            )
