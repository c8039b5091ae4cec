"""Run the engine around a block of code: the lock, the listener, the thread. Serves no page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from oncall.app import App
from oncall.engine import TICK, Engine
from oncall.errors import SettingsError
from oncall.listening import listening
from oncall.start import Settings, hold_engine_lock


@contextmanager
def engine_lock(settings: Settings) -> Iterator[None]:
    """Be the only engine of an SQLite file while the context lasts; raises `StoreBusy`."""
    lock = hold_engine_lock(settings.database_url)
    try:
        yield
    finally:
        if lock is not None:
            lock.close()


@contextmanager
def running_engine(app: App, *, tick: timedelta = TICK) -> Iterator[Engine]:
    """Run the passes of `app` in a thread while the context lasts."""
    engine = Engine(app, tick=tick)
    with listening(app):
        engine.start()
        try:
            yield engine
        finally:
            engine.stop()


def refuse_simulator(app: App, command: str) -> None:
    """Raise `SettingsError` where `command` is one of several processes: simulated phones live inside one."""
    if app.simulator is not None:
        raise SettingsError(
            f"{command} needs a provider: the phone simulator lives inside one process."
            " Use `oncall serve`, or set up integrations.twilio"
        )
