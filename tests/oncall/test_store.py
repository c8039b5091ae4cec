"""The store keeps its promises on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.orm import Session

from notifiers import statuses
from notifiers.base import Receipt
from oncall import answers, migrate, paging, sending, settling, store, tickets
from oncall.claims import Outcome
from oncall.errors import StoreError, StoreTooNew
from oncall.policy.load import parse
from oncall.policy.shelf import Shelf
from oncall.start import hold_engine_lock
from oncall.tables import Attempt, Event, Page, PolicyVersion, Ticket
from oncall.tickets import NewTicket, Verb, Via
from oncall.wakeup import Wakeup
from tests.postgres import Cluster
from tests.world import EXAMPLE, World, a_world

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(any_database_url: str) -> Iterator[Engine]:
    engine = store.open_engine(any_database_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def test_an_instant_comes_back_as_it_went_in_aware_and_in_utc(database: Engine) -> None:
    bucharest = timezone(timedelta(hours=2))
    with Session(database) as session, session.begin():
        session.add(
            Attempt(bucket="b", at=datetime(2026, 3, 1, 14, 0, 0, 123456, tzinfo=bucharest))
        )

    with Session(database) as session:
        kept = session.scalars(select(Attempt.at)).one()

    assert kept == datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_a_naive_instant_is_refused(database: Engine) -> None:
    naive = Attempt(bucket="b", at=datetime(2026, 3, 1))  # noqa: DTZ001 (the fault under test)

    with Session(database) as session:
        session.add(naive)
        with pytest.raises(StatementError, match="naive datetime"):
            session.flush()


def test_an_open_urgent_ticket_cannot_be_stored_without_a_timer(database: Engine) -> None:
    untimed = Ticket(
        source="s",
        source_id="1",
        subject="x",
        urgency="urgent",
        rule="r",
        policy_version_id=1,
        opened_at=NOON,
        round_started_at=NOON,
        due_at=None,
    )

    with Session(database) as session:
        session.add(PolicyVersion(id=1, digest="d", text="", accepted_at=NOON, author="t"))
        session.flush()
        session.add(untimed)
        with pytest.raises(IntegrityError, match="urgent_has_timer"):
            session.flush()


def test_an_error_of_the_database_tells_the_log_no_word_of_a_ticket(database: Engine) -> None:
    with pytest.raises(SQLAlchemyError) as caught, database.begin() as connection:
        connection.execute(text("insert into nowhere values (:words)"), {"words": "locked out"})

    assert "locked out" not in str(caught.value)


def test_a_timeline_line_without_its_ticket_is_refused(database: Engine) -> None:
    orphan = Event(ticket_id=99, at=NOON, kind="opened")

    with Session(database) as session:
        session.add(orphan)
        with pytest.raises(IntegrityError):
            session.flush()


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    before = inspect(database).get_table_names()

    migrate.upgrade(database)

    assert inspect(database).get_table_names() == before


def test_processes_that_start_together_migrate_once(any_database_url: str) -> None:
    engines = [store.open_engine(any_database_url) for _ in range(4)]

    _together(*(lambda engine=engine: migrate.upgrade(engine) for engine in engines))

    with engines[0].connect() as connection:
        assert migrate.is_current(connection)
    for engine in engines:
        engine.dispose()


def test_a_new_sqlite_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    faults: list[Exception] = []
    for number in range(30):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        engines = [store.open_engine(url) for _ in range(6)]

        _together(*(partial(_try, faults, partial(_look, engine)) for engine in engines))

        for engine in engines:
            engine.dispose()
    assert faults == []


def _look(database: Engine) -> None:
    with database.connect() as connection:
        connection.execute(text("select 1"))


def test_processes_that_start_with_one_policy_store_one_version(database: Engine) -> None:
    text_ = EXAMPLE.read_text(encoding="utf-8")
    policy = parse(text_).policy
    ids: list[int] = []

    def accept() -> None:
        with Session(database) as session, session.begin():
            ids.append(Shelf(text_, policy).accept(session, author="t", now=NOON))

    _together(accept, times=4)

    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_the_newest_script_is_the_schema_this_program_calls_its_own() -> None:
    assert ScriptDirectory(str(migrate.SCRIPTS)).get_current_head() == migrate.HEAD


def test_a_database_of_a_newer_program_is_refused_with_what_to_do(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))

    with pytest.raises(StoreTooNew, match="install the newer program"):
        migrate.upgrade(database)


def test_an_unknown_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(StoreError, match="mysql"):
        store.open_engine("mysql://localhost/x")


def test_a_second_engine_on_one_sqlite_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'oncall.db'}"
    first = hold_engine_lock(url)
    assert first is not None

    with first, pytest.raises(StoreError, match="another engine already serves"):
        hold_engine_lock(url)


def test_a_commit_rings_the_bell_and_a_rollback_does_not(database: Engine) -> None:
    bell = Wakeup()
    sessions = store.open_sessions(database, bell)

    with sessions() as session, session.begin() as transaction:
        store.wake(session)
        transaction.rollback()
    assert not bell.wait(0)

    with sessions.begin() as session:
        store.wake(session)
    assert bell.wait(0)


@pytest.fixture
def anywhere(any_database_url: str) -> Iterator[World]:
    with a_world(any_database_url) as world:
        yield world


def test_a_mail_from_a_long_domain_is_noted_as_sent(anywhere: World) -> None:
    ticket = anywhere.ticket()
    receipt = Receipt(f"<token@{'mail.' * 50}example>", "accepted")
    anywhere.clock.forward(timedelta(minutes=1))

    with anywhere.app.sessions.begin() as session:
        [taken] = sending.claim(session, anywhere.app, anywhere.clock(), limit=1)
        settling.settle(session, anywhere.app, Outcome(taken, receipt), anywhere.clock())

    assert receipt.provider_id in [page.provider_id for page in anywhere.pages(ticket)]


def test_a_whole_night_plays_on_either_database(anywhere: World) -> None:
    ticket = anywhere.ticket()

    anywhere.forward(minutes=8)
    anywhere.press("maria", "1")
    anywhere.forward(minutes=60)

    assert anywhere.minutes_of_pages(ticket) == [
        (0, "ana", "sms"),
        (1, "ana", "call"),
        (3, "ana", "call"),
        (7, "maria", "sms"),
        (8, "maria", "call"),
    ]
    assert anywhere.state(ticket) == ("acknowledged", "maria")


def test_the_same_source_id_from_many_threads_is_one_ticket(anywhere: World) -> None:
    results: list[tuple[int, bool]] = []

    def post() -> None:
        with anywhere.app.sessions.begin() as session:
            opened = tickets.open_ticket(
                session, anywhere.app, NewTicket(source="helpdesk", subject="fire", source_id="42")
            )
        results.append((opened.ticket_id, opened.created))

    _together(post, times=8)

    assert len({ticket for ticket, _ in results}) == 1
    assert [created for _, created in results].count(True) == 1


def test_of_many_who_press_at_once_one_gets_the_ticket(anywhere: World) -> None:
    ticket = anywhere.ticket()
    won: list[str] = []

    def take(person: str) -> None:
        with anywhere.app.sessions.begin() as session:
            outcome = tickets.act(session, anywhere.app, ticket, Verb.TAKE, by=person, via=Via.WEB)
        if outcome.result is tickets.Result.DONE:
            won.append(person)

    _together(*(lambda person=person: take(person) for person in ("ana", "bora", "maria", "omar")))

    assert won == [anywhere.state(ticket)[1]]


def test_keys_and_reports_that_come_at_once_never_block_each_other(anywhere: World) -> None:
    faults: list[Exception] = []
    for _ in range(5):
        ticket = anywhere.ticket()
        anywhere.forward(minutes=13)
        calls = [anywhere.ringing(person) for person in ("ana", "bora", "maria")]
        tokens = [call.token for call in calls if call is not None]

        _together(
            *(partial(_try, faults, partial(_press, anywhere, token)) for token in tokens),
            *(partial(_try, faults, partial(_report, anywhere, token)) for token in tokens),
        )

        assert len(tokens) == 3
        anywhere.act("omar", Verb.RESOLVE, ticket)
    assert faults == []


def _press(world: World, token: str) -> None:
    with world.app.sessions.begin() as session:
        answers.press(session, world.app, token, "1")


def _report(world: World, token: str) -> None:
    report = statuses.call_delivery("CA", "in-progress")
    with world.app.sessions.begin() as session:
        answers.delivered(session, world.app, token, report)


def _try(faults: list[Exception], deed: Callable[[], object]) -> None:
    try:
        deed()
    except SQLAlchemyError as fault:
        faults.append(fault)


def test_a_connection_that_was_cut_while_it_rested_is_replaced_before_its_use(
    postgres: Cluster,
) -> None:
    url = postgres.new_database()
    engine, other = store.open_engine(url, rest=0), store.open_engine(url)
    cut = text("select pg_terminate_backend(pid) from pg_stat_activity where pid = :pid")
    with engine.connect() as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
    with other.begin() as connection:
        connection.execute(cut, {"pid": pid})

    with engine.connect() as connection:
        assert connection.scalar(text("select pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()


def test_a_page_is_claimed_once_however_many_ask(anywhere: World) -> None:
    with anywhere.app.sessions.begin() as session:
        for number in range(10):
            tickets.open_ticket(
                session, anywhere.app, NewTicket(source="h", subject=f"fire {number}")
            )
    now = anywhere.clock()
    with anywhere.app.sessions.begin() as session:
        paging.plan(session, anywhere.app, now)
    claimed: list[int] = []

    def claim() -> None:
        with anywhere.app.sessions.begin() as session:
            claims = sending.claim(session, anywhere.app, now, limit=10)
        claimed.extend(taken.page_id for taken in claims)

    _together(claim, times=4)

    assert sorted(claimed) == sorted(set(claimed))
    with store.reading(anywhere.app.sessions) as session:
        sent = session.scalars(select(Page.id).where(Page.state == "sending")).all()
    assert sorted(claimed) == sorted(sent)


def _together(*deeds: Callable[[], object], times: int = 1) -> None:
    start = threading.Barrier(len(deeds) * times)

    failed: list[Exception] = []

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 (raised below, where the test sees it)
            failed.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds * times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
