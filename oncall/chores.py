"""What has to be done now and then and may take its time: apart from the engine's passes, so that no page waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from oncall import publishing, turn_watch
from oncall.app import App
from oncall.errors import Conflict
from oncall.leave import calendars
from oncall.swaps import waiting

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
"""How often the chores are looked at; each one finds out quickly that there is nothing to do."""

Chore = Callable[[App, datetime], object]

CHORES: tuple[Chore, ...] = (
    waiting.expire,
    waiting.approve_silently,
    waiting.remind,
    publishing.extend,
    turn_watch.look,
    calendars.fetch_due,
)
"""In this order. Any node may run them at any time: each is safe to run twice, and at once."""


def run(app: App) -> None:
    """Run every chore; one that fails is logged, tried again next time, and keeps no other waiting."""
    for chore in CHORES:
        try:
            chore(app, app.clock())
        except Conflict:
            log.info("chore.overtaken", chore=chore.__name__)
        except Exception:
            log.exception("chore.failed", chore=chore.__name__)
