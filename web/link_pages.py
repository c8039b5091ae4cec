"""What every page behind a one-time link shares: wrong letters are counted, and nothing is indexed. Knows no link."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from oncall import accounts, attempts
from oncall.attempts import Limit
from oncall.store import reading
from web import core, errors, filters
from web.language import gettext as _

WRONG_LINKS = Limit(10, timedelta(minutes=1), timedelta(minutes=1), timedelta(minutes=1))


def too_many(kind: str) -> Response | None:
    """Return the page for an address that has guessed too many links of `kind`; None while it may go on."""
    with reading(core.app().sessions) as db:
        wait = attempts.pause(db, _bucket(kind), WRONG_LINKS, accounts.now_for(core.app()))
    if not wait:
        return None
    text = _("Please try again in %(time)s.", time=filters.duration(wait))
    seconds = int(wait.total_seconds()) + 1
    return unlisted(errors.page(429, _("Too many tries"), text, retry_after=seconds))


def dead(kind: str, text: str) -> Response:
    """Count a link of `kind` that leads nowhere and return the page that says so; `text` is what to do instead."""
    with core.app().sessions.begin() as db:
        attempts.count(db, _bucket(kind), accounts.now_for(core.app()))
    return unlisted(errors.page(404, _("This link does not work any more"), text))


def unlisted(response: Response) -> Response:
    """Ask search engines to leave `response` alone, and return it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _bucket(kind: str) -> str:
    return f"{kind}-link:{request.remote_addr}"
