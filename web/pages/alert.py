"""The page behind the link in an alert text: the ticket without sign-in. Only its button changes anything."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from oncall import answers, board, story
from oncall.errors import NotFound
from oncall.store import reading
from oncall.tickets import Result, Verb
from web import core, filters, link_pages, reader, security, wording
from web.language import gettext as _
from web.pages.tickets import parse_verb

blueprint = Blueprint("alert", __name__)


@blueprint.get("/a/<letters>")
def show(letters: str) -> Response:
    """Show the ticket of a living link, in the language of the person it was sent to."""
    refusal = link_pages.too_many("alert")
    if refusal:
        return refusal
    try:
        with reading(core.app().sessions) as db:
            ticket_id, person = answers.ticket_of_link(db, core.app(), letters)
            ticket = story.of_ticket(db, core.app(), ticket_id, core.now())
            me = board.someone(core.app().shelf.current, person)
            waiting = answers.waiting_behind_link(db, core.app(), letters)
    except NotFound:
        return _dead_link()
    reader.write_for(person)
    page = render_template(
        "alert/show.html",
        story=ticket,
        me=me,
        letters=letters,
        waiting=waiting,
        dark=filters.is_night(core.now()),
    )
    return link_pages.unlisted(make_response(page))


# The letters are the proof here: whoever knows them may act anyway, and a phone that keeps no cookies
# must still be able to take its ticket at night. So this one form goes without a CSRF token.
@blueprint.post("/a/<letters>")
@security.without_csrf
def act(letters: str) -> Response:
    """Take, pass on or solve the ticket for the person the link was sent to."""
    refusal = link_pages.too_many("alert")
    if refusal:
        return refusal
    verb = parse_verb()
    try:
        with core.app().sessions.begin() as db:
            _ticket, person = answers.ticket_of_link(db, core.app(), letters)
            outcome = answers.act_on_link(db, core.app(), letters, verb)
    except NotFound:
        return _dead_link()
    reader.write_for(person)
    if verb is Verb.RESOLVE and outcome.result is Result.DONE:
        # A solved ticket's link is dead, so there is no page to go back to.
        return link_pages.unlisted(
            make_response(render_template("alert/solved.html", outcome=outcome))
        )
    flash(wording.outcome(verb, outcome), wording.tone(outcome))
    return link_pages.unlisted(redirect(url_for("alert.show", letters=letters), code=303))


@blueprint.post("/a/<letters>/all")
@security.without_csrf
def take_all(letters: str) -> Response:
    """Take everything that waits for the person a bundle was sent to."""
    refusal = link_pages.too_many("alert")
    if refusal:
        return refusal
    try:
        with core.app().sessions.begin() as db:
            _ticket, person = answers.ticket_of_link(db, core.app(), letters)
            count = answers.take_all_on_link(db, core.app(), letters)
    except NotFound:
        return _dead_link()
    reader.write_for(person)
    flash(wording.took(count), "good" if count else "plain")
    return link_pages.unlisted(redirect(url_for("alert.show", letters=letters), code=303))


def _dead_link() -> Response:
    return link_pages.dead(
        "alert",
        _(
            "Links in alert texts end after 12 hours or when the ticket is solved. Open the link in the newest text, "
            "or sign in to see all tickets."
        ),
    )
