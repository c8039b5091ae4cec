"""Who reads this page: the signed-in person, their language, zone and theme. Decides nothing about rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, request, session
from flask_login import (
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)

from oncall import accounts
from oncall.accounts import SignedIn
from oncall.policy.model import Role
from oncall.store import reading
from web import core

THEMES = ("auto", "light", "dark")


class Visitor(UserMixin):  # type: ignore[misc]
    """A signed-in person as Flask-Login knows them; the cookie holds only the session's opaque secret."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return what the cookie carries."""
        return self.token


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a page is written for; `person` is empty when nobody signed in."""

    person: str
    name: str
    role: Role | None
    language: str
    zone: ZoneInfo
    theme: str
    has_password: bool = False


def configure(flask_app: Flask) -> None:
    """Tie sign-in to the sessions in the database, and give every template its `reader`."""
    manager = LoginManager(flask_app)
    # Phones change their address all night; a stolen cookie is answered by revoking the session.
    manager.session_protection = None
    manager.user_loader(_load)
    flask_app.context_processor(lambda: {"reader": current()})


def sign_in(person: str, now: datetime) -> None:
    """Start a fresh session for `person` in this browser."""
    with core.app().sessions.begin() as db:
        token = accounts.start_session(db, person, now)
        signed_in = accounts.whose_session(db, core.app(), token, now)
    if signed_in is None:
        return
    chosen = session.get("language")
    # A new sign-in starts from nothing: whatever a stranger planted in the cookie is gone.
    session.clear()
    session.permanent = True
    if chosen:
        session["language"] = chosen
    login_user(Visitor(token, signed_in))
    g.pop("reader", None)


def sign_out() -> None:
    """Forget the person in this browser; the caller ended the session in the database."""
    logout_user()
    session.clear()
    g.pop("reader", None)


def signed_in() -> SignedIn | None:
    """Return who is signed in, or None."""
    return current_user.signed_in if current_user.is_authenticated else None


def current() -> Reader:
    """Return whom the current page is written for."""
    if "reader" not in g:
        g.reader = _read()
    found: Reader = g.reader
    return found


def forget_for_now() -> None:
    """Treat the rest of this request as a stranger's, so that nothing more is read from the database."""
    g._login_user = AnonymousUserMixin()
    g.reader = _stranger()


def write_for(person: str) -> None:
    """Write this page in the language and zone of `person`, who proved themselves by a link, not by signing in."""
    someone = core.app().shelf.current.people.get(person)
    if someone is None:
        return
    before = current()
    g.reader = Reader(
        person=before.person,
        name=before.name,
        role=before.role,
        language=_offered(someone.language) or before.language,
        zone=someone.timezone or before.zone,
        theme=before.theme,
        has_password=before.has_password,
    )


def _load(token: str) -> Visitor | None:
    app = core.app()
    now = accounts.now_for(app)
    with reading(app.sessions) as db:
        found = accounts.whose_session(db, app, token, now)
        due = found is not None and accounts.is_due_to_be_seen(db, found.session_id, now)
    if found is None:
        return None
    if due:
        with app.sessions.begin() as db:
            accounts.seen(db, found.session_id, now)
    return Visitor(token, found)


def _read() -> Reader:
    company = core.app().shelf.current.company
    found = signed_in()
    if found is None:
        return _stranger()
    zone = core.app().shelf.current.people[found.person].timezone or company.timezone
    language = _offered(found.language) or _language_of_visitor()
    return Reader(
        found.person, found.name, found.role, language, zone, found.theme, found.has_password
    )


def _stranger() -> Reader:
    zone = core.app().shelf.current.company.timezone
    return Reader("", "", None, _language_of_visitor(), zone, _theme_of_visitor())


def _offered(language: str | None) -> str | None:
    return language if language in core.app().shelf.current.company.languages else None


def _language_of_visitor() -> str:
    company = core.app().shelf.current.company
    chosen = _offered(session.get("language"))
    return chosen or request.accept_languages.best_match(company.languages) or company.language


def _theme_of_visitor() -> str:
    theme = session.get("theme", "auto")
    return theme if theme in THEMES else "auto"
