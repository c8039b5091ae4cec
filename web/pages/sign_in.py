"""Coming in and going out: password, one-time link, sign out. Sessions and limits are kept in `oncall.accounts`."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall import accounts, passwords
from oncall.accounts import TooSoon
from oncall.errors import NotFound
from oncall.store import reading
from web import core, errors, filters, reader, wording
from web.destinations import local_path
from web.language import gettext as _

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
def show() -> Response:
    """Show the sign-in form."""
    if reader.current().person:
        return redirect(url_for("home.show"))
    return _form(200)


@blueprint.post("/sign-in")
def submit() -> Response:
    """Sign in by name or mail address and password."""
    app, address = core.app(), request.remote_addr or ""
    who, password = request.form.get("who", ""), request.form.get("password", "")
    now = accounts.now_for(app)
    with app.sessions.begin() as db:
        tried = accounts.try_sign_in(db, app, who=who, address=address, now=now)
    if isinstance(tried, TooSoon):
        text = _("Too many tries. Please try again in %(time)s.", time=filters.duration(tried.wait))
        return _form(429, text, retry_after=int(tried.wait.total_seconds()) + 1)
    # Slow on purpose, so never inside a transaction.
    if not passwords.fits(tried.kept, password) or tried.person is None:
        return _form(401, _("Name or password is not right."))
    with app.sessions.begin() as db:
        accounts.signed_in(db, person=tried.person, address=address, now=now)
    _renew(tried.person, tried.kept, password)
    reader.sign_in(tried.person, now)
    return redirect(local_path(request.form.get("next")))


@blueprint.get("/welcome/<letters>")
def welcome(letters: str) -> Response:
    """Show whom a one-time link is for; a preview of the link uses nothing up."""
    try:
        with reading(core.app().sessions) as db:
            person = accounts.invited(db, core.app(), letters, accounts.now_for(core.app()))
    except NotFound:
        return _used_up()
    reader.write_for(person)
    return _welcome(person, letters, 200)


@blueprint.post("/welcome/<letters>")
def accept(letters: str) -> Response:
    """Use up a one-time link: sign its person in, with a password of their own unless they skip it."""
    app, now = core.app(), accounts.now_for(core.app())
    password = "" if "skip" in request.form else request.form.get("password", "")
    try:
        with reading(app.sessions) as db:
            person = accounts.invited(db, app, letters, now)
        weak = passwords.weakness(password, accounts.names_of(app, person)) if password else None
        if weak:
            reader.write_for(person)
            return _welcome(person, letters, 422, wording.weakness(weak))
        kept = passwords.keep(password) if password else None
        with app.sessions.begin() as db:
            accounts.accept_invite(db, app, letters, now)
            if kept:
                accounts.set_password(db, person, kept, now)
    except NotFound:
        return _used_up()
    reader.sign_in(person, now)
    flash(_("You are signed in."), "good")
    return redirect(url_for("home.show"))


@blueprint.post("/sign-out")
def leave() -> Response:
    """End this browser's session."""
    signed_in = reader.signed_in()
    if signed_in:
        with core.app().sessions.begin() as db:
            accounts.sign_out(db, signed_in.session_id, accounts.now_for(core.app()))
    reader.sign_out()
    return redirect(url_for("sign_in.show"))


def _form(status: int, problem: str = "", *, retry_after: int | None = None) -> Response:
    page = render_template(
        "sign_in/show.html",
        problem=problem,
        who=request.form.get("who", ""),
        next=request.values.get("next", ""),
    )
    response = make_response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _welcome(person: str, letters: str, status: int, problem: str = "") -> Response:
    name = core.app().shelf.current.people[person].name
    page = render_template(
        "sign_in/welcome.html", name=name, person=person, letters=letters, problem=problem
    )
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _used_up() -> Response:
    title = _("This sign-in link does not work any more")
    text = _(
        "It works once and for 3 days. Sign in with your password, or ask an admin for a new link."
    )
    return errors.page(404, title, text)


def _renew(person: str, kept: str | None, password: str) -> None:
    if kept and passwords.is_outdated(kept):
        fresh = passwords.keep(password)
        with core.app().sessions.begin() as db:
            accounts.set_password(db, person, fresh, accounts.now_for(core.app()))
