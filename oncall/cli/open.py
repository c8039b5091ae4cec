"""Open the store for one command: migrated, one transaction, closed again. Runs no engine and sends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from oncall import migrate, store
from oncall.app import App
from oncall.clock import wall_clock
from oncall.policy.load import load
from oncall.policy.shelf import Shelf
from oncall.senders import Senders
from oncall.start import Settings
from oncall.wakeup import Wakeup


@contextmanager
def opened(config: Path) -> Iterator[tuple[Session, datetime]]:
    """Yield a session in one transaction, and the present instant; raises `StoreError`."""
    with _database(config) as database, store.open_sessions(database, Wakeup()).begin() as session:
        yield session, wall_clock()


@contextmanager
def opened_app(config: Path) -> Iterator[App]:
    """Yield an app that can read the policy and the store but reach nobody; raises `PolicyError`, `StoreError`."""
    loaded = load(config)
    with _database(config) as database:
        bell = Wakeup()
        sessions = store.open_sessions(database, bell)
        yield App(
            Shelf(loaded.text, loaded.policy), sessions, {}, wall_clock, bell, Senders(bell), b""
        )


@contextmanager
def _database(config: Path) -> Iterator[Engine]:
    database = store.open_engine(Settings.read(config, os.environ).database_url)
    try:
        migrate.upgrade(database)
        yield database
    finally:
        database.dispose()
