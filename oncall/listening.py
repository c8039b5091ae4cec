"""On PostgreSQL, hear the commits of other processes and ring our own bell. On SQLite there is nothing to hear."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Engine

from oncall import store
from oncall.app import App

if TYPE_CHECKING:
    import psycopg

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds between looks at whether to stop, and before a lost connection is opened again."""


@contextmanager
def listening(app: App) -> Iterator[None]:
    """While the context lasts, every NOTIFY of a commit rings `app.wakeup`."""
    database: Engine = app.sessions.kw["bind"]
    if database.dialect.name != "postgresql":
        yield
        return
    stopping = threading.Event()
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    thread = threading.Thread(
        target=_listen, args=(address, app, stopping), name="listener", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=2 * PATIENCE)


def _listen(address: str, app: App, stopping: threading.Event) -> None:
    # A company on SQLite need not carry the driver's 9 MB.
    import psycopg  # noqa: PLC0415

    while not stopping.is_set():
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"LISTEN {store.NOTIFY_CHANNEL}")
                # What was committed while nobody listened.
                app.wakeup.set()
                _ring(connection, app, stopping)
        except psycopg.Error:
            log.warning("listener.lost_connection")
            stopping.wait(PATIENCE)


def _ring(connection: psycopg.Connection, app: App, stopping: threading.Event) -> None:
    while not stopping.is_set():
        for _ in connection.notifies(timeout=PATIENCE, stop_after=1):
            app.wakeup.set()
