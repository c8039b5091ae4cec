"""The admin's page of who can sign in. People come from the policy file; none is created here."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from oncall import accounts, contacts
from oncall.errors import NotFound
from oncall.store import reading
from web import core, reader
from web.language import gettext as _

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def listing() -> Response:
    """Show everybody of the policy file and the state of their account."""
    return _page(200)


@blueprint.post("/invite")
def invite() -> Response:
    """Make a one-time sign-in link and show it, once; a name the file does not know gets its lines to add."""
    app, who = core.app(), request.form.get("who", "").strip()
    person = accounts.find_person(app.shelf.current, who)
    if person is None:
        return _page(422, missing=who)
    try:
        with app.sessions.begin() as db:
            path = accounts.invite(db, app, person, accounts.now_for(app))
    except NotFound:
        return _page(422, missing=who)
    link = app.shelf.current.company.url.rstrip("/") + path
    return _page(200, link=link, invited=app.shelf.current.people[person].name)


@blueprint.post("/<person>/close")
def close(person: str) -> Response:
    """Keep a person out at once; nobody closes their own account."""
    if person == reader.current().person:
        abort(403)
    return _change(person, closed=True)


@blueprint.post("/<person>/reopen")
def reopen(person: str) -> Response:
    """Let a person in again."""
    return _change(person, closed=False)


def _change(person: str, *, closed: bool) -> Response:
    app = core.app()
    if person not in app.shelf.current.people:
        raise NotFound(person)
    change = accounts.disable if closed else accounts.enable
    with app.sessions.begin() as db:
        change(db, person, by=reader.current().person, now=accounts.now_for(app))
    flash(_("Saved."), "good")
    return redirect(url_for("people.listing"))


def _page(status: int, *, link: str = "", invited: str = "", missing: str = "") -> Response:
    app = core.app()
    with reading(app.sessions) as db:
        lines = accounts.lines(db, app, accounts.now_for(app))
    page = render_template(
        "people/list.html",
        lines=lines,
        link=link,
        invited=invited,
        missing=missing,
        edited=contacts.edited_settings(app.shelf.written, app.shelf.edits),
    )
    return make_response(page, status)
