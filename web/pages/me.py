"""A person's own page: how they are reached, readiness, language, theme, password, signing out of every browser."""

from __future__ import annotations

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import refresh
from werkzeug.wrappers import Response

from oncall import (
    accounts,
    calendar_feeds,
    contact_card,
    contacts,
    number_checks,
    passwords,
    ready_board,
)
from oncall.accounts import TooSoon
from oncall.store import reading
from web import core, filters, language, reader, wording
from web.destinations import local_path
from web.language import gettext as _

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
def show() -> Response:
    """Show the reader's settings."""
    return page(200)


@blueprint.post("/preferences")
def prefer() -> Response:
    """Store the language or theme the reader chose: in the account, or in the cookie of a visitor."""
    chosen = _one_of("language", tuple(language.offered()))
    theme = _one_of("theme", reader.THEMES)
    person = reader.current().person
    if person:
        with core.app().sessions.begin() as db:
            accounts.prefer(db, person, language=chosen, theme=theme)
    session.update({key: value for key, value in (("language", chosen), ("theme", theme)) if value})
    return redirect(local_path(request.form.get("next")))


@blueprint.post("/me/password")
def set_password() -> Response:
    """Set or change the reader's password; a change needs the old one."""
    app, me = core.app(), reader.current()
    problem = _old_password_problem()
    new = request.form.get("password", "")
    weak = passwords.weakness(new, accounts.names_of(app, me.person))
    if problem or weak:
        return page(422, problem or (wording.weakness(weak) if weak else ""))
    kept, now = passwords.keep(new), accounts.now_for(app)
    with app.sessions.begin() as db:
        accounts.set_password(db, me.person, kept, now)
        accounts.sign_out_everywhere(db, me.person, now)
    reader.sign_in(me.person, now)
    flash(_("Your password is set. Other browsers were signed out."), "good")
    return redirect(url_for("me.show"))


@blueprint.post("/me/sign-out-everywhere")
def leave_everywhere() -> Response:
    """End every session of the reader."""
    with core.app().sessions.begin() as db:
        accounts.sign_out_everywhere(db, reader.current().person, accounts.now_for(core.app()))
    reader.sign_out()
    refresh()
    flash(_("You are signed out everywhere."), "good")
    return redirect(url_for("sign_in.show"))


def page(status: int, problem: str = "", *, link: str = "", which: str = "") -> Response:
    """Return the reader's page; `link` is the fresh address of their calendar `which`, shown this once."""
    app, me, now = core.app(), reader.current().person, core.now()
    with reading(app.sessions) as db:
        standing = ready_board.of_person(db, app, me, now)
        waits_for_code = number_checks.is_waiting(db, app.shelf.current, me, now)
        calendars = calendar_feeds.made(db, me)
    written, current = app.shelf.written.people[me], app.shelf.current.people[me]
    return make_response(
        render_template(
            "me/show.html",
            problem=problem,
            link=link,
            which=which,
            standing=standing,
            waits_for_code=waits_for_code,
            calendars=calendars,
            contact={name: contacts.written_as(current, name) or "" for name in contacts.SETTINGS},
            edited=[
                name
                for name in contacts.SETTINGS
                if contacts.written_as(written, name) != contacts.written_as(current, name)
            ],
            card_numbers=contact_card.numbers(app),
        ),
        status,
    )


def _one_of(field: str, allowed: tuple[str, ...]) -> str | None:
    value = request.form.get(field)
    return value if value in allowed else None


def _old_password_problem() -> str:
    """Return why the old password was not accepted; guesses count like those at sign-in."""
    app, person = core.app(), reader.current().person
    with reading(app.sessions) as db:
        if accounts.password_of(db, person) is None:
            return ""
    now, address = accounts.now_for(app), request.remote_addr or ""
    with app.sessions.begin() as db:
        tried = accounts.try_sign_in(db, app, who=person, address=address, now=now)
    if isinstance(tried, TooSoon):
        return _("Too many tries. Please try again in %(time)s.", time=filters.duration(tried.wait))
    if not passwords.fits(tried.kept, request.form.get("old", "")):
        return _("The old password is not right.")
    with app.sessions.begin() as db:
        accounts.signed_in(db, person=person, address=address, now=now)
    return ""
