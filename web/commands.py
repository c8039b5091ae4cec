"""`oncall serve` and `oncall web`: put the pages on the network until told to stop. Decides nothing."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import waitress

from oncall.app import App
from oncall.cli.options import config_option
from oncall.errors import SettingsError
from oncall.running import engine_lock, refuse_simulator, running_engine
from oncall.start import Settings, assemble
from oncall.telling import configure_logs
from web import create_app

THREADS = 8
SWITCH_SECONDS = 0.0002
"""How long a busy thread may keep the others waiting: Python's 5 ms would be half of what a page may take."""

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
)
port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on.",
)


proxy_option = click.option(
    "--trusted-proxy",
    metavar="ADDRESS",
    help="Believe X-Forwarded-For from this address: the web server in front of us.",
)


@click.command()
@config_option
@host_option
@port_option
@proxy_option
def serve(config: Path, host: str, port: int, trusted_proxy: str | None) -> None:
    """Serve the pages and run the engine in one process."""
    configure_logs()
    settings = Settings.read(config, os.environ)
    with engine_lock(settings):
        app = assemble(settings)
        server = listen(app, host, port, trusted_proxy)
        with running_engine(app):
            serve_pages(server, f"http://{host}:{port}")


@click.command()
@config_option
@host_option
@port_option
@proxy_option
def web(config: Path, host: str, port: int, trusted_proxy: str | None) -> None:
    """Serve the pages only; `oncall engine` runs beside it."""
    configure_logs()
    app = assemble(Settings.read(config, os.environ))
    refuse_simulator(app, "oncall web")
    serve_pages(listen(app, host, port, trusted_proxy), f"http://{host}:{port}")


def serve_pages(server: Any, url: str) -> None:
    """Answer HTTP until the process is told to stop (Ctrl+C or SIGTERM)."""
    sys.setswitchinterval(SWITCH_SECONDS)
    # Everything loaded so far stays: the collector need not walk it again while somebody waits to be woken.
    gc.collect()
    gc.freeze()
    click.echo(f"The emergency phone is at {url}  (Ctrl+C stops it)")
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        server.run()
    server.close()


def listen(app: App, host: str, port: int, trusted_proxy: str | None = None) -> Any:
    """Return waitress listening for `app`; raises `SettingsError` when the address is taken or not ours.

    A visitor's address is the one the connection comes from, unless that is `trusted_proxy`.
    """
    behind: dict[str, Any] = {}
    if trusted_proxy is not None:
        behind = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for"}}
    try:
        door = socket.create_server((host, port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}:{port}: {error.strerror or error}. Choose another with --host and --port"
        ) from None
    return waitress.create_server(
        create_app(app),
        sockets=[door],
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **behind,
    )


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
