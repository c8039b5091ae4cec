"""The rota as a calendar for whoever knows its secret address. Changes nothing."""

from __future__ import annotations

from flask import Blueprint, Response, request

from oncall import calendar_feeds
from oncall.store import reading
from web import core

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar/<letters>.ics")
def show(letters: str) -> Response:
    """Give out the calendar, or say that nothing changed since the reader's copy."""
    with reading(core.app().sessions) as db:
        feed = calendar_feeds.feed(db, core.app(), letters, core.now())
    response = Response(feed.body, mimetype="text/calendar")
    response.set_etag(feed.etag)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.make_conditional(request)
    return response
