"""A turn is posted once at its handoff, whatever crashes; hours that change later are corrected by reversals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from oncall import store
from oncall.engine import Engine
from oncall.ledger import book, posting
from oncall.tables import LedgerEntry
from tests.ledger_world import Books, local, policy_text
from tests.world import a_world

MONDAY_NOON = local("2026-01-05 12:00")


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    with a_world(database_url, at=MONDAY_NOON) as world:
        yield Books(world)


@pytest.fixture
def anywhere(any_database_url: str) -> Iterator[Books]:
    with a_world(any_database_url, at=MONDAY_NOON) as world:
        yield Books(world)


def test_the_week_is_in_the_book_at_its_handoff_and_not_before(books: Books) -> None:
    books.go_to("2026-01-12 08:59")
    before = books.lines("ana")

    books.go_to("2026-01-12 09:01")

    assert before == []
    # Epiphany, 6 January, is a public holiday; 7 January was taken out of the calendar.
    assert books.lines("ana") == [("earned", "1.000"), ("holiday", "0.500")]


def test_each_gets_what_they_really_held(books: Books) -> None:
    books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")

    books.go_to("2026-01-12 09:01")

    assert books.lines("bora") == [("earned", "0.089")]
    [earned, _] = books.entries("ana")
    assert earned.amount == 911
    assert earned.facts["seconds"] == 153 * 3600
    assert earned.facts["others"] == [["bora", 15 * 3600, 89]]


def test_weeks_missed_while_the_program_stood_still_are_posted_one_by_one(books: Books) -> None:
    books.go_to("2026-01-05 12:01")

    books.world.clock.move_to(local("2026-02-02 10:00"))
    books.world.engine.run_until_quiet()

    assert [books.balance(who) for who in ("ana", "bora", "maria")] == ["2.500", "1.000", "1.500"]


def test_an_engine_that_starts_again_posts_nothing_twice(anywhere: Books) -> None:
    anywhere.go_to("2026-01-12 09:01")
    before = anywhere.lines("ana")

    Engine(anywhere.world.app, inline=True).run_until_quiet()

    assert anywhere.lines("ana") == before


def test_of_engines_that_post_at_once_one_does(anywhere: Books) -> None:
    world = anywhere.world
    world.engine.run_until_quiet()
    now = local("2026-01-12 09:01")
    with store.reading(world.app.sessions) as session:
        [turn] = posting.due_turns(session, world.app, MONDAY_NOON, now)
    won: list[bool] = []

    def post() -> None:
        with world.app.sessions.begin() as session:
            done = posting.post(session, world.app, turn, now)
        won.append(done)

    together(post, times=4)

    assert sorted(won) == [False, False, False, True]
    assert anywhere.balance("ana") == "1.500"


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_try_everything(books: Books) -> None:
    world = books.world
    world.engine.run_until_quiet()
    now = local("2026-01-12 09:01")
    with store.reading(world.app.sessions) as session:
        [turn] = posting.due_turns(session, world.app, MONDAY_NOON, now)

    with world.app.sessions() as session, session.begin() as transaction:
        posting.post(session, world.app, turn, now)
        transaction.rollback()
    assert books.lines("ana") == []

    books.go_to("2026-01-12 09:01")
    assert books.balance("ana") == "1.500"


def test_hours_changed_after_the_posting_are_reversed_and_posted_anew(anywhere: Books) -> None:
    anywhere.go_to("2026-01-12 09:01")

    anywhere.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
    anywhere.go_to("2026-01-12 09:03")

    assert anywhere.lines("ana") == [
        ("earned", "1.000"),
        ("holiday", "0.500"),
        ("reversal", "-1.000"),
        ("earned", "0.911"),
    ]
    assert anywhere.lines("bora") == [("earned", "0.089")]


def test_a_change_taken_back_leads_back_to_where_it_was(books: Books) -> None:
    books.go_to("2026-01-12 09:01")
    override = books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
    books.go_to("2026-01-12 09:03")

    books.take_back(override, "ana")
    books.go_to("2026-01-12 09:05")

    assert (books.balance("ana"), books.balance("bora")) == ("1.500", "0.000")
    assert len(books.entries("ana")) == 6


def test_a_correction_counts_by_the_rules_of_the_posting(database_url: str) -> None:
    with a_world(database_url, at=MONDAY_NOON) as world:
        books = Books(world)
        books.go_to("2026-01-12 09:01")
    doubled = policy_text(lambda text_: text_.replace("per_week: 1 ", "per_week: 2 "))

    with a_world(database_url, text=doubled, at=local("2026-01-12 10:00")) as world:
        books = Books(world)
        books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
        books.go_to("2026-01-19 09:01")

        assert books.balance("ana") == "1.411"
        assert books.lines("bora") == [("earned", "0.089"), ("earned", "2.000")]


def test_whoever_left_the_policy_file_during_their_turn_gets_their_days(database_url: str) -> None:
    with a_world(database_url, at=MONDAY_NOON) as world:
        Books(world).go_to("2026-01-05 12:01")
        Books(world).lay("dora", "2026-01-07 18:00", "2026-01-08 09:00")
    with_dora = policy_text(
        lambda text_: text_.replace(
            "  omar:\n", '  dora: { name: Dora Marin, phone: "+12025550105" }\n  omar:\n', 1
        )
    )
    with a_world(database_url, text=with_dora, at=local("2026-01-06 10:00")):
        pass

    with a_world(database_url, at=local("2026-01-12 09:01")) as world:
        books = Books(world)
        world.engine.run_until_quiet()

        [entry] = books.entries("dora")
        assert (entry.amount, entry.name) == (89, "Dora Marin")


def test_a_night_broken_by_a_page_counts_once(database_url: str) -> None:
    with a_world(database_url, at=local("2026-01-09 23:50")) as world:
        books = Books(world)
        for _ in range(2):
            ticket = world.ticket()
            world.forward(minutes=1)
            world.press("ana", "1")
            assert world.state(ticket) == ("acknowledged", "ana")
        books.go_to("2026-01-12 09:01")

        nights = [entry for entry in books.entries("ana") if entry.kind.value == "night"]
        assert [(one.day, one.amount) for one in nights] == [(date(2026, 1, 9), 100)]


@pytest.mark.parametrize(
    "deed",
    [
        update(LedgerEntry).values(amount=9000),
        delete(LedgerEntry),
        text("update posted_turns set rotation = 'x'"),
        text("delete from posted_turns"),
    ],
)
def test_the_database_refuses_to_edit_the_ledger(anywhere: Books, deed: object) -> None:
    anywhere.go_to("2026-01-12 09:01")

    with (
        pytest.raises(DatabaseError, match="write a reversing entry instead"),
        anywhere.world.app.sessions.begin() as session,
    ):
        session.execute(deed)  # type: ignore[call-overload]

    assert anywhere.balance("ana") == "1.500"


def test_the_same_key_is_never_written_twice(books: Books) -> None:
    books.go_to("2026-01-12 09:01")
    entry = books.entries("ana")[0]
    draft = book.reversal(entry, key="reversal:1", actor="omar", reason="")

    def reverse() -> None:
        with books.world.app.sessions.begin() as session:
            book.write(session, [draft], books.world.clock())

    reverse()
    with pytest.raises(DatabaseError):
        reverse()


def test_without_comp_days_in_the_policy_nothing_is_posted(database_url: str) -> None:
    plain = policy_text(without_comp_days)
    with a_world(database_url, text=plain, at=MONDAY_NOON) as world:
        books = Books(world)
        books.go_to("2026-01-19 09:01")

        assert books.entries("ana") == ()


def without_comp_days(text_: str) -> str:
    start, end = text_.index("comp_days:"), text_.index('# Without "twilio"')
    return text_[:start] + text_[end:]


def together(deed: object, times: int) -> None:
    start = threading.Barrier(times)
    failed: list[Exception] = []

    def run() -> None:
        start.wait()
        try:
            deed()  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 (raised below, where the test sees it)
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
