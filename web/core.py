"""Gives every view the one `App` of this program. Holds nothing of its own."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app

from oncall.app import App


def attach(flask_app: Flask, app: App) -> None:
    """Make `app` the one that the views of `flask_app` work with."""
    flask_app.extensions["oncall"] = app
    flask_app.context_processor(
        lambda: {
            "company": app.shelf.current.company,
            "has_simulator": app.simulator is not None,
            "has_comp_days": app.shelf.current.comp_days is not None,
        }
    )


def app() -> App:
    """Return the program behind the current request."""
    found: App = current_app.extensions["oncall"]
    return found


def now() -> datetime:
    """Return the present instant of the program behind the current request, aware UTC."""
    return app().clock()
