"""Publishing the rota on the page: whose weeks would move and what they would read, before anything is saved."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall import notices, planning, publishing, rota, rota_findings
from oncall.board import someone
from oncall.errors import Conflict
from oncall.planning import Proposal
from oncall.roster import Roster
from oncall.store import reading
from web import core, reader, swap_words
from web.language import gettext as _
from web.pages.rota import known

blueprint = Blueprint("publish", __name__, url_prefix="/rota/publish")


@blueprint.get("/<rotation>")
def show(rotation: str) -> str:
    """Show what publishing would change: new turns, moved turns with their reasons, texts, how fair it is."""
    proposal, roster = proposal_of(known(rotation))
    app = core.app()
    return render_template(
        "rota/publish.html",
        proposal=proposal,
        turns=proposal.after(roster),
        told=tuple(
            (
                someone(app.shelf.current, one.person),
                notices.preview(app, one.person, one.text, **one.facts),
            )
            for one in publishing.tellings(proposal.moved)
        ),
        findings=rota_findings.alarms(roster, core.now()),
        seal=seal_of(proposal),
    )


@blueprint.post("/<rotation>")
def save(rotation: str) -> Response:
    """Publish what was shown, if it is still what would be published."""
    proposal, _roster = proposal_of(known(rotation))
    here = url_for("publish.show", rotation=rotation)
    if request.form.get("seal") != seal_of(proposal):
        flash(_("Something changed since you looked. Here is the new proposal."), "bad")
        return redirect(here, 303)
    try:
        with core.app().sessions.begin() as db:
            publishing.publish(
                db, core.app(), proposal, actor=reader.current().person, now=core.now()
            )
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return redirect(here, 303)
    flash(_("Published. Everybody whose week moved was told."), "good")
    return redirect(url_for("rota.listing"), 303)


def proposal_of(rotation: str) -> tuple[Proposal, Roster]:
    """Return what publishing `rotation` would make of it now, and the roster it starts from."""
    with reading(core.app().sessions) as db:
        roster = rota.roster_at(db, core.app().shelf.current)
    return planning.propose(roster, rotation, core.now()), roster


def seal_of(proposal: Proposal) -> str:
    """Return what tells one proposal from another: whoever presses the button agreed to exactly this one."""
    return f"{proposal.rota_version}:{proposal.plan.input_hash}"
