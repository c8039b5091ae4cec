"""Open the database the one right way, and wake the engine when a commit gives it work. Holds no query of a feature."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from oncall.clock import SteadyClock, since_boot
from oncall.errors import StoreError
from oncall.wakeup import Wakeup

OLDEST_SQLITE = (3, 51, 3)
NOTIFY_CHANNEL = "oncall"
SWITCH_TRIES = 100
NOTIFY = text("select pg_notify(:channel, '')").bindparams(channel=NOTIFY_CHANNEL)
REST = 2.0
"""Seconds after which a resting PostgreSQL connection may have been cut without our knowing."""

_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def open_engine(url: str, *, rest: float = REST) -> Engine:
    """Return an engine for `url`: SQLite in WAL mode with full sync, or PostgreSQL.

    A PostgreSQL connection that rested for `rest` seconds is tried before its use.

    Its errors name no value that was to be stored: they end in the log, which holds no ticket text and no number.
    Raises `StoreError` for another database, or an SQLite library old enough to corrupt a WAL file
    (https://sqlite.org/wal.html#walresetbug, fixed in 3.51.3).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed, rest)
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(
            f"ONCALL_DATABASE_URL names {parsed.get_backend_name()}; write sqlite:///file.db or postgresql://..."
        )
    return _open_sqlite(url)


def _open_postgresql(url: URL, rest: float) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=20,
        # The connection used last is the one least likely to have been cut meanwhile.
        pool_use_lifo=True,
        hide_parameters=True,
    )
    _ping_after_a_rest(engine, rest)
    return engine


def _ping_after_a_rest(engine: Engine, rest: float) -> None:
    """Try a connection before its use if it rested for a while: a server that was started anew has cut it.

    Asking every time, as `pool_pre_ping` does, costs each transaction on the way of a page a round trip.
    """

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = since_boot()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        since = record.info.pop("rests_since", None)
        if since is None or since_boot() - since < rest:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The pool takes this for a word to open another one, and to doubt all that are older.
            raise DisconnectionError from error


def _open_sqlite(url: str) -> Engine:
    # Without module= SQLAlchemy would silently take the older library of the standard library.
    from pysqlite3 import dbapi2  # noqa: PLC0415 (absent on machines that use PostgreSQL only)

    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"SQLite {dbapi2.sqlite_version} can damage its file; install pysqlite3 0.6.1 or newer, or use PostgreSQL"
        )
    _make_private(make_url(url).database)
    engine = create_engine(
        url,
        module=dbapi2,
        connect_args={"timeout": 10, "check_same_thread": False},
        pool_size=20,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure_sqlite)
    _let_writers_queue(engine)
    return engine


def _make_private(path: str | None) -> None:
    """Create the file readable by nobody else: it holds phone numbers and what customers wrote."""
    if not path or path == ":memory:":
        return
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"cannot open the database {path}: {error.strerror}; the folder must exist and be writable"
        ) from None


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: ours begin with BEGIN IMMEDIATE below.
    connection.isolation_level = None
    for pragma in ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _switch_to_wal(connection)


def _switch_to_wal(connection: Any) -> None:
    """Set the journal mode; two processes that do it to a new file at once would refuse each other."""
    for left in reversed(range(SWITCH_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except connection.OperationalError:
            # SQLite does not wait here, whatever `busy_timeout` says.
            if not left:
                raise
            time.sleep(0.05)


def _let_writers_queue(engine: Engine) -> None:
    """Begin every writing transaction with the write lock, one thread of this process after the other.

    SQLite's own wait is a sleep that grows to 100 ms, and whoever sleeps is overtaken: under load some
    would wait for seconds. A lock in front of it hands the turn on at once. Other processes still wait
    the slow way, up to `busy_timeout`.
    """
    turn = threading.Lock()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reads_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        turn.acquire()
        connection.info["has_turn"] = True
        # A deferred transaction that reads and then writes would fail at once under load.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def _hand_on(_connection: Any, record: ConnectionPoolEntry) -> None:
        # Only now has the commit reached the disk, or the rollback its end.
        if record.info.pop("has_turn", False):
            turn.release()


def open_sessions(engine: Engine, wakeup: Wakeup) -> sessionmaker[Session]:
    """Return the session factory; a commit whose session asked for it (`wake`) sets `wakeup`."""
    sessions = sessionmaker(engine, expire_on_commit=False)

    @event.listens_for(sessions, "before_commit")
    def _notify(session: Session) -> None:
        is_whole = not session.in_nested_transaction()
        if is_whole and session.info.get("wake") and _is_postgresql(session):
            session.execute(NOTIFY)

    @event.listens_for(sessions, "after_commit")
    def _poke(session: Session) -> None:
        if not session.in_nested_transaction() and session.info.pop("wake", None):
            wakeup.set()

    @event.listens_for(sessions, "after_rollback")
    def _forget(session: Session) -> None:
        session.info.pop("wake", None)

    return sessions


def reading(sessions: sessionmaker[Session]) -> Session:
    """Return a session that only reads: it takes no lock, and on PostgreSQL each statement stands for itself.

    Use it as a context manager.
    """
    engine: Engine = sessions.kw["bind"]
    reader = _readers.get(engine)
    if reader is None:
        options = {"isolation_level": "AUTOCOMMIT"} if engine.name == "postgresql" else {}
        reader = _readers[engine] = engine.execution_options(reads_only=True, **options)
    return sessions(bind=reader)


def set_clock(clock: SteadyClock, database: Engine) -> None:
    """Let `clock` go by the server's on PostgreSQL, so that every machine means the same by "due"; SQLite has none."""
    if database.dialect.name != "postgresql":
        return
    before = since_boot()
    with database.connect() as connection:
        # Not now(): that is when the transaction began.
        answered: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    clock.set_to(answered + timedelta(seconds=(since_boot() - before) / 2))


def wake(session: Session) -> None:
    """Ask that the engine wakes as soon as this session's transaction commits, on every node."""
    session.info["wake"] = True


def let_sleep(session: Session) -> None:
    """Take that back: what this session's transaction gives to do, its caller does."""
    session.info.pop("wake", None)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
