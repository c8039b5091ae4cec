"""Whatever happens in a year, the books balance: shares sum, entries stay, statements add up, nothing comes twice."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from oncall import rota, store
from oncall.engine import Engine
from oncall.errors import NotAllowed, NotFound
from oncall.ledger import acts, book, shares, statement
from oncall.ledger.asking import Refused, Wish
from oncall.ledger.days_off import ask, decide
from oncall.ledger.entries import FROM_TURNS, Entry, Kind
from oncall.tables import PostedTurn
from tests.ledger_world import BUCHAREST, PHONE, Books, local, policy_text
from tests.world import a_world

PEOPLE = ("ana", "bora", "maria", "omar")
BEGIN = local("2026-01-05 12:00")
RULES = (
    policy_text(),
    policy_text(lambda text: text.replace("per_week: 1 ", "per_week: 1.5 ")),
    policy_text(lambda text: text.replace("# small_help: 4h", "small_help: 4h")),
    policy_text(lambda text: text.replace("# backup_per_week: 0", "backup_per_week: 0.25")),
)
_person = st.sampled_from(PEOPLE)
_deed = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("cover"), _person, st.integers(-20 * 24 * 60, 20 * 24 * 60), st.integers(1, 90 * 60)),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("ask"), _person, st.integers(1, 60), st.integers(1, 6)),
    st.tuples(st.just("decide"), st.booleans()),
    st.tuples(st.just("leave"), _person, st.integers(1, 60)),
    st.tuples(st.just("adjust"), _person, st.integers(-3000, 3000)),
    st.tuples(st.just("restart")),
    st.tuples(st.just("rules"), st.integers(0, len(RULES) - 1)),
)  # fmt: skip


class Year:
    """One company's year, deed by deed, over one database that outlives every restart."""

    def __init__(self, url: str) -> None:
        self.url, self.text, self.now = url, RULES[0], BEGIN
        self.seen: dict[int, Entry] = {}

    def play(self, deeds: list[tuple]) -> None:
        while deeds:
            with a_world(self.url, text=self.text, at=self.now) as world:
                books = Books(world)
                while deeds:
                    name, *more = deeds.pop(0)
                    if name == "rules":
                        self.text = RULES[more[0]]
                    if name in ("rules", "restart"):
                        break
                    getattr(self, name)(books, *more)
                world.forward(minutes=2)
                Engine(world.app, inline=True).run_until_quiet()
                self.now = world.clock()
                self.look(books)

    def wait(self, books: Books, days: int) -> None:
        books.world.forward(minutes=days * 1440)
        self.look(books)

    def cover(self, books: Books, person: str, begin: int, length: int) -> None:
        start = books.world.clock() + timedelta(minutes=begin)
        hours = (start, start + timedelta(minutes=length))
        with books.world.app.sessions.begin() as session:
            change = rota.change(
                session, "cover", rotation=PHONE, actor=person, now=books.world.clock()
            )
            rota.lay(session, change, rotation=PHONE, person=person, hours=hours)

    def undo(self, books: Books, override: int) -> None:
        books.take_back(override, "maria")

    def ask(self, books: Books, person: str, ahead: int, halves: int) -> None:
        day = (books.world.clock() + timedelta(days=ahead)).astimezone(BUCHAREST).date()
        try:
            with books.world.app.sessions.begin() as session:
                wish = Wish(person, day, 500 * halves, "morning")
                ask(session, books.world.app, wish, books.world.clock())
        except Refused:
            return

    def decide(self, books: Books, yes: bool) -> None:
        for request in range(1, 30):
            try:
                with books.world.app.sessions.begin() as session:
                    decide(
                        session,
                        books.world.app,
                        request,
                        yes=yes,
                        by="omar",
                        now=books.world.clock(),
                    )
            except (NotAllowed, NotFound, Refused):
                return

    def leave(self, books: Books, person: str, ahead: int) -> None:
        start = books.world.clock() + timedelta(days=ahead)
        with books.world.app.sessions.begin() as session:
            hours = (start, start + timedelta(days=3))
            rota.add_leave(session, person, hours, actor=person, now=books.world.clock())

    def adjust(self, books: Books, person: str, amount: int) -> None:
        if amount and person != "omar":
            with books.world.app.sessions.begin() as session:
                acts.adjust(
                    session, books.world.app, person, amount, reason="as it was drawn", by="omar",
                    now=books.world.clock(),
                )  # fmt: skip

    def look(self, books: Books) -> None:
        with store.reading(books.world.app.sessions) as session:
            entries = book.entries(session)
            turns = session.scalars(select(PostedTurn)).all()
        now = {entry.id: entry for entry in entries}
        assert {number: now.get(number) for number in self.seen} == self.seen, "an entry changed"
        self.seen = now
        for turn in turns:
            held = [
                one for one in turn.shares if one["kind"] == "earned" and one["role"] == "holder"
            ]
            version = books.world.app.shelf
            with store.reading(books.world.app.sessions) as session:
                rules = version.version(session, turn.policy_version_id).comp_days
            assert rules is not None
            worth = shares.worth(rules.per_week, turn.starts_at, turn.ends_at, BUCHAREST)
            assert sum(one["amount"] for one in held) == worth
            assert worth == sum(standing_shares(entries, turn.starts_at))
        check_statements(entries)
        check_sums(entries)


def standing_shares(entries: tuple[Entry, ...], turn_start: datetime) -> list[int]:
    """What holders have of one turn after every correction: everybody here earns, so nothing may be missing."""
    reversed_ = {entry.reverses for entry in entries}
    return [
        entry.amount
        for entry in entries
        if (entry.kind, entry.role, entry.turn_start) == (Kind.EARNED, "holder", turn_start)
        and entry.id not in reversed_
    ]


def check_statements(entries: tuple[Entry, ...]) -> None:
    for person in PEOPLE:
        mine = [entry for entry in entries if entry.person == person]
        closing = 0
        for month in range(14):
            start = datetime(2026 + month // 12, month % 12 + 1, 1, tzinfo=UTC)
            end = datetime(2026 + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)
            found = statement.statement_of(person, mine, start, end)
            assert found.adds_up
            assert found.opening == closing
            closing = found.closing


def check_sums(entries: tuple[Entry, ...]) -> None:
    """Of every turn what stands is its worth and its extras: nothing twice, nothing lost."""
    reversed_ = {entry.reverses for entry in entries}
    standing: dict[tuple, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind in FROM_TURNS and entry.id not in reversed_:
            standing[entry.turn_start, entry.person, entry.kind, entry.role, entry.day].append(
                entry
            )
    assert all(len(found) == 1 for found in standing.values())
    taken_back = sum(entry.amount for entry in entries if entry.reverses is not None)
    assert taken_back == -sum(entry.amount for entry in entries if entry.id in reversed_)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(_deed, min_size=4, max_size=22))
def test_the_books_balance_whatever_happens_in_a_year(deeds: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        year = Year(f"sqlite:///{Path(folder) / 'oncall.db'}")
        year.play([*deeds, ("wait", 30), ("restart",), ("wait", 8)])

        assert year.seen
