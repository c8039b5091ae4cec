"""Leave: entered, listed, taken back; followed from a calendar; and what it means for one's own turns."""

from __future__ import annotations

from datetime import date, time
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall import publishing
from oncall.errors import Conflict
from oncall.leave import board, calendars, entering
from oncall.leave.entering import Wish
from oncall.store import reading
from oncall.swaps.leads import is_lead
from web import core, reader, ready_words, swap_words
from web.language import gettext as _
from web.pages.publish import proposal_of, seal_of
from web.pages.rota import known

blueprint = Blueprint("leave", __name__, url_prefix="/leave")

_Written = TypeVar("_Written", date, time)


@blueprint.get("")
def listing() -> str:
    """Show the reader's leave (a lead's page: everybody's), the form, and the calendar that is followed."""
    app, me = core.app(), reader.current().person
    leads = is_lead(app.shelf.current, me)
    with reading(app.sessions) as db:
        coming = board.coming(db, app, None if leads else me, core.now())
        followed = calendars.followed(db, me)
    everybody = tuple(app.shelf.current.people.items()) if leads else ()
    return render_template(
        "leave/list.html", coming=coming, followed=followed, everybody=everybody, today=core.now()
    )


@blueprint.post("")
def enter() -> Response:
    """Store leave; where the person holds the phone then, show which shifts."""
    try:
        with core.app().sessions.begin() as db:
            entered = entering.enter(
                db, core.app(), _wish(), by=reader.current().person, now=core.now()
            )
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
        return redirect(url_for("leave.listing"), 303)
    if entered.clashes:
        flash(_("Stored, but these turns are held then. The lead was told."), "plain")
        return redirect(url_for("leave.show", number=entered.clashes[0].leave_id), 303)
    flash(_("Stored. The planner and your colleagues know."), "good")
    return redirect(url_for("leave.listing"), 303)


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one leave, the shifts that lie over it, and to a lead the repair that is ready."""
    app, me = core.app(), reader.current().person
    with reading(app.sessions) as db:
        page = board.page(db, app, number, reader=me, now=core.now())
    repairs = []
    if is_lead(app.shelf.current, me):
        for rotation in page.repairable:
            proposal, _roster = proposal_of(rotation)
            if proposal.moved:
                repairs.append((proposal, seal_of(proposal)))
    return render_template("leave/show.html", page=page, repairs=repairs)


@blueprint.post("/<int:number>/cancel")
def cancel(number: int) -> Response:
    """Take leave back."""
    why = request.form.get("why", "")[:500]
    try:
        with core.app().sessions.begin() as db:
            entering.cancel(
                db, core.app(), number, by=reader.current().person, now=core.now(), why=why
            )
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
        return redirect(url_for("leave.show", number=number), 303)
    flash(_("Taken back."), "good")
    return redirect(url_for("leave.listing"), 303)


@blueprint.post("/<int:number>/repair/<rotation>")
def repair(number: int, rotation: str) -> Response:
    """Publish the repair that was shown, if it is still what would be published."""
    here = redirect(url_for("leave.show", number=number), 303)
    proposal, _roster = proposal_of(known(rotation))
    if request.form.get("seal") != seal_of(proposal):
        flash(_("Something changed since you looked. Here is the new proposal."), "bad")
        return here
    try:
        with core.app().sessions.begin() as db:
            publishing.publish(
                db, core.app(), proposal, actor=reader.current().person, now=core.now()
            )
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return here
    flash(_("Repaired. Everybody whose week moved was told."), "good")
    return here


@blueprint.post("/calendar")
def follow() -> Response:
    """Follow the reader's own calendar, or follow it no more."""
    person = reader.current().person
    try:
        with core.app().sessions.begin() as db:
            if request.form.get("deed") == "forget":
                calendars.forget(db, person, core.now())
                words = _("Not followed any more. Leave from it that was to come is gone.")
            else:
                calendars.follow(db, person, request.form.get("url", ""), core.now())
                words = _("Followed. It is read within a minute or two, then every half hour.")
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
        return redirect(url_for("leave.listing"), 303)
    flash(words, "good")
    return redirect(url_for("leave.listing"), 303)


def _wish() -> Wish:
    form = request.form
    person = form.get("person") or reader.current().person
    if person not in core.app().shelf.current.people:
        abort(400)
    first = _read(date, "first")
    if first is None:
        abort(400)
    return Wish(
        person=person,
        first=first,
        last=_read(date, "last") or first,
        begins=_read(time, "begins"),
        ends=_read(time, "ends"),
        weekly_until=_read(date, "weekly_until"),
        long=form.get("long") == "yes",
        note=form.get("note", "")[:500],
    )


def _read(kind: type[_Written], field: str) -> _Written | None:
    """Return a date or time as the form's field holds it; None for an empty one, 400 for what is none."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        found = kind.fromisoformat(text)
    except ValueError:
        abort(400)
    if isinstance(found, date) and not 1971 <= found.year <= 2090:
        abort(400)
    if isinstance(found, time) and found.tzinfo is not None:
        abort(400)
    return found
