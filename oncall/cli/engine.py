"""`oncall engine`: run the passes without the pages, until told to stop."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import click

from oncall.cli.options import config_option

APART_TICK = timedelta(seconds=1)
"""Apart from the web process the engine hears no bell on SQLite: it looks every second."""


@click.command()
@config_option
def engine(config: Path) -> None:
    """Run the engine only; `oncall web` serves the pages."""
    from oncall.running import engine_lock, refuse_simulator, running_engine
    from oncall.start import Settings, assemble
    from oncall.telling import configure_logs

    configure_logs()
    settings = Settings.read(config, os.environ)
    with engine_lock(settings):
        app = assemble(settings)
        refuse_simulator(app, "oncall engine")
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        with running_engine(app, tick=APART_TICK):
            click.echo("The engine runs; Ctrl+C stops it.")
            ended.wait()
