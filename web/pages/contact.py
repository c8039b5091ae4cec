"""How a person is reached, on their own page: number, mail, ladder, code, test, contact card, calendars."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from notifiers.base import Channel
from oncall import calendar_feeds, contact_card, contacts, number_checks, phone_tests
from oncall.contacts import Wish
from oncall.errors import Conflict
from web import core, reader, ready_words
from web.language import gettext as _
from web.pages import me

blueprint = Blueprint("contact", __name__)


@blueprint.post("/me/contact")
def edit() -> Answer:
    """Store how the reader wants to be reached."""
    wish = Wish(**{name: request.form.get(name, "")[:200] for name in Wish.__dataclass_fields__})
    said = _("Saved. It counts from now on.")
    answer = _do(lambda db, person: contacts.edit(db, core.app(), person, wish, core.now()), said)
    contacts.refresh(core.app())
    return answer


@blueprint.post("/me/code")
def send_code() -> Answer:
    """Send a code to the reader's number, by text or by call."""
    channel = Channel.CALL if request.form.get("by") == "call" else Channel.SMS
    said = _("A code is on its way. Type it below within 10 minutes.")
    return _do(
        lambda db, person: number_checks.send_code(db, core.app(), person, channel, core.now()),
        said,
    )


@blueprint.post("/me/verify")
def verify() -> Answer:
    """Take the code that came back."""
    code = request.form.get("code", "")[:40]
    with core.app().sessions.begin() as db:
        why = number_checks.confirm(db, core.app(), reader.current().person, code, core.now())
    if why is not None:
        flash(ready_words.conflict(why), "bad")
    else:
        flash(_("Thank you: this number is yours."), "good")
    return _back()


@blueprint.post("/me/test")
def test() -> Answer:
    """Send the reader's phone a text and a call."""
    said = _("A text is on its way, and a call a minute later. Lock the phone and wait.")
    return _do(lambda db, person: phone_tests.ask_for(db, core.app(), person, core.now()), said)


@blueprint.post("/me/card")
def saved_card() -> Answer:
    """Note that our contact card is on the reader's phone."""
    return _do(
        lambda db, person: contacts.card_saved(db, person, core.now()), _("Noted. Thank you.")
    )


@blueprint.get("/vcard")
def card() -> Response:
    """Give out the contact card with every number we send from."""
    response = Response(contact_card.card(core.app()), mimetype="text/vcard")
    response.headers["Content-Disposition"] = 'attachment; filename="on-call.vcf"'
    return response


@blueprint.post("/me/calendars/<which>")
def calendar(which: str) -> Answer:
    """Make a fresh secret address for one of the reader's calendars and show it once, or withdraw it."""
    if which not in calendar_feeds.KINDS:
        abort(404)
    person = reader.current().person
    if request.form.get("deed") == "withdraw":
        return _do(
            lambda db, who: calendar_feeds.withdraw(db, who, which, core.now()),
            _("Withdrawn. The old address shows nothing any more."),
        )
    with core.app().sessions.begin() as db:
        path = calendar_feeds.renew(db, person, which, core.now())
    return me.page(200, link=core.app().shelf.current.company.url.rstrip("/") + path, which=which)


def _do(act: Callable[[Session, str], object], said: str) -> Answer:
    """Run `act` for the reader in one transaction and say how it came out."""
    try:
        with core.app().sessions.begin() as db:
            act(db, reader.current().person)
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
        return _back()
    flash(said, "good")
    return _back()


def _back() -> Answer:
    return redirect(url_for("me.show"), 303)
