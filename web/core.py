"""Gives every view the one `App` of this program. Holds nothing of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

from oncall import contacts
from oncall.app import App
from oncall.clock import since_boot

KEEPS_UP_EVERY = 5.0
"""Seconds after which a process asks whether people changed how they are reached in another one."""


def attach(flask_app: Flask, app: App) -> None:
    """Make `app` the one that the views of `flask_app` work with."""
    flask_app.extensions["oncall"] = app
    flask_app.before_request(_keeper(app))
    flask_app.context_processor(
        lambda: {
            "company": app.shelf.current.company,
            "has_simulator": app.simulator is not None,
            "has_comp_days": app.shelf.current.comp_days is not None,
        }
    )


def _keeper(app: App) -> Callable[[], None]:
    """Return what makes changes of other processes count here, before a request is answered."""
    looked_at = since_boot()

    def keep_up() -> None:
        nonlocal looked_at
        if since_boot() - looked_at >= KEEPS_UP_EVERY:
            looked_at = since_boot()
            contacts.refresh(app)

    return keep_up


def app() -> App:
    """Return the program behind the current request."""
    found: App = current_app.extensions["oncall"]
    return found


def now() -> datetime:
    """Return the present instant of the program behind the current request, aware UTC."""
    return app().clock()
