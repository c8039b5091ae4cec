"""`oncall serve` and `oncall web`: put the pages on the network until told to stop. Decides nothing."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import click
import waitress

from oncall.app import App
from oncall.cli.options import config_option
from oncall.running import engine_lock, refuse_simulator, running_engine
from oncall.start import Settings, assemble
from oncall.telling import configure_logs
from web import create_app

THREADS = 8
SWITCH_SECONDS = 0.0005
"""How long a busy thread may keep the others waiting: Python's 5 ms would be half of what a page may take."""

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
)
port_option = click.option("--port", default=8080, show_default=True, help="Port to listen on.")


@click.command()
@config_option
@host_option
@port_option
def serve(config: Path, host: str, port: int) -> None:
    """Serve the pages and run the engine in one process."""
    configure_logs()
    settings = Settings.read(config, os.environ)
    with engine_lock(settings):
        app = assemble(settings)
        with running_engine(app):
            serve_pages(app, host, port)


@click.command()
@config_option
@host_option
@port_option
def web(config: Path, host: str, port: int) -> None:
    """Serve the pages only; `oncall engine` runs beside it."""
    configure_logs()
    app = assemble(Settings.read(config, os.environ))
    refuse_simulator(app, "oncall web")
    serve_pages(app, host, port)


def serve_pages(app: App, host: str, port: int) -> None:
    """Answer HTTP until the process is told to stop (Ctrl+C or SIGTERM)."""
    sys.setswitchinterval(SWITCH_SECONDS)
    server = waitress.create_server(
        create_app(app), host=host, port=port, threads=THREADS, ident=None
    )
    click.echo(f"The emergency phone is at http://{host}:{port}  (Ctrl+C stops it)")
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        server.run()
    server.close()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
