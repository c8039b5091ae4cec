"""The tickets: the list, one ticket's whole story, and the three things a person can do to it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall import board, story, tickets
from oncall.store import reading
from oncall.tickets import Verb, Via
from web import core, reader, wording

blueprint = Blueprint("tickets", __name__, url_prefix="/tickets")


@blueprint.get("")
def listing() -> str:
    """Show open tickets first, then those solved lately."""
    with reading(core.app().sessions) as db:
        lists = board.lists(db, core.app(), core.now())
    return render_template("tickets/list.html", lists=lists)


@blueprint.get("/<int:ticket_id>")
def show(ticket_id: int) -> str:
    """Show one ticket: who, what, the ladder with clock times, the timeline."""
    with reading(core.app().sessions) as db:
        ticket = story.of_ticket(db, core.app(), ticket_id, core.now())
    return render_template("tickets/show.html", story=ticket)


@blueprint.post("/<int:ticket_id>")
def act(ticket_id: int) -> Response:
    """Take, pass on or solve a ticket."""
    verb = parse_verb()
    with core.app().sessions.begin() as db:
        outcome = tickets.act(
            db, core.app(), ticket_id, verb, by=reader.current().person, via=Via.WEB
        )
    flash(wording.outcome(verb, outcome), wording.tone(outcome))
    return redirect(url_for("tickets.show", ticket_id=ticket_id))


def parse_verb() -> Verb:
    """Return the verb of the pressed button; an unknown one is a bad request."""
    try:
        return Verb(request.form.get("verb", ""))
    except ValueError:
        abort(400)
