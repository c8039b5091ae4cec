"""The page behind the link of a test: one button says that this phone wakes its owner. A GET changes nothing."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from oncall import phone_tests, turn_watch
from oncall.errors import NotFound
from oncall.store import reading
from oncall.turn_watch import Told
from web import core, link_pages, reader, security
from web.language import gettext as _

blueprint = Blueprint("phone_test", __name__)


@blueprint.get("/r/<letters>")
def show(letters: str) -> Response:
    """Show the test, in the language of the person it was sent to."""
    found = _of_link(letters)
    if isinstance(found, Response):
        return found
    person, answered_at = found
    reader.write_for(person)
    page = render_template("phone_test/show.html", letters=letters, answered_at=answered_at)
    return link_pages.unlisted(make_response(page))


# As with the links of alerts, the letters are the proof; the form works on a phone that keeps no cookies.
@blueprint.post("/r/<letters>")
@security.without_csrf
def answer(letters: str) -> Response:
    """Note that somebody who holds the phone answered."""
    found = _of_link(letters)
    if isinstance(found, Response):
        return found
    with core.app().sessions.begin() as db:
        phone_tests.answer_link(db, letters, core.now())
    return link_pages.unlisted(redirect(url_for("phone_test.show", letters=letters), 303))


@blueprint.get("/n/<int:number>")
def notice(number: int) -> Response:
    """Lead whoever follows the short link of a notice to the page it is about."""
    with reading(core.app().sessions) as db:
        told = turn_watch.told(db, number)
    return redirect(_page_of(told))


def _page_of(told: Told) -> str:
    start = told.start.isoformat()
    if told.kind.startswith("reminder") or told.kind in ("test", "test-alarm"):
        return url_for("requests.cover", rotation=told.rotation, start=start)
    if told.kind == "begins":
        return url_for("handoff.show", rotation=told.rotation, start=start)
    return url_for("handoff.listing")


def _of_link(letters: str) -> tuple[str, datetime | None] | Response:
    refusal = link_pages.too_many("test")
    if refusal:
        return refusal
    try:
        with reading(core.app().sessions) as db:
            return phone_tests.of_link(db, letters, core.now())
    except NotFound:
        text = _("Open the link in the newest text, or sign in and test your phone again.")
        return link_pages.dead("test", text)
