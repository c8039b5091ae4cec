"""Open the store for one command: migrated, one transaction, closed again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from oncall import migrate, store
from oncall.clock import wall_clock
from oncall.start import Settings
from oncall.wakeup import Wakeup


@contextmanager
def opened(config: Path) -> Iterator[tuple[Session, datetime]]:
    """Yield a session in one transaction, and the present instant; raises `StoreError`."""
    settings = Settings.read(config, os.environ)
    database = store.open_engine(settings.database_url)
    migrate.upgrade(database)
    with store.open_sessions(database, Wakeup()).begin() as session:
        yield session, wall_clock()
    database.dispose()
