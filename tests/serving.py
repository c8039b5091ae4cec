"""Serve the product's pages on a loopback port for as long as a test needs them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import waitress

from oncall.app import App
from web import create_app


@contextmanager
def serving(app: App) -> Iterator[str]:
    """Yield the address at which `app` answers."""
    server = waitress.create_server(create_app(app), host="127.0.0.1", port=0, threads=4)
    with running(server) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(server: Any) -> Iterator[int]:
    """Run a waitress server and yield its port."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # Workers first, and the rest in the loop's own thread: a late answer must not wake a loop that is gone.
        server.task_dispatcher.shutdown()
        with suppress(OSError):
            # A worker's last pull may have run the close already: then the loop is gone, as it should be.
            server.trigger.pull_trigger(server.close)
        thread.join(timeout=10)
