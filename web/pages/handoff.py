"""The handoff notes: written by whoever hands the phone over, read by whoever takes it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall import handoff
from oncall.errors import Conflict
from oncall.handoff import Words
from oncall.store import reading
from web import core, reader, ready_words
from web.language import gettext as _
from web.pages.rota import instant, known

blueprint = Blueprint("handoff", __name__, url_prefix="/handoff")


@blueprint.get("")
def listing() -> str:
    """Show the notes that wait for the reader and those of the last half year."""
    with reading(core.app().sessions) as db:
        waiting = handoff.waiting_for(db, core.app(), reader.current().person, core.now())
        notes = handoff.recent(db, core.app())
    return render_template("handoff/list.html", waiting=waiting, notes=notes)


@blueprint.get("/<rotation>/<start>")
def show(rotation: str, start: str) -> str:
    """Show the note of one handoff, or the form for whoever is to write it."""
    with reading(core.app().sessions) as db:
        sheet = handoff.sheet(
            db,
            core.app(),
            known(rotation),
            instant(start),
            reader=reader.current().person,
            now=core.now(),
        )
    return render_template("handoff/show.html", sheet=sheet)


@blueprint.post("/<rotation>/<start>")
def write(rotation: str, start: str) -> Response:
    """Store the note; "nothing open" is one tap."""
    here = url_for("handoff.show", rotation=known(rotation), start=start)
    try:
        with core.app().sessions.begin() as db:
            handoff.write(
                db,
                core.app(),
                rotation,
                instant(start),
                _words(),
                by=reader.current().person,
                now=core.now(),
            )
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
        return redirect(here, 303)
    flash(_("Thank you. Whoever is next reads it."), "good")
    return redirect(here, 303)


@blueprint.post("/<rotation>/<start>/read")
def mark_read(rotation: str, start: str) -> Response:
    """Note that the receiver read it."""
    try:
        with core.app().sessions.begin() as db:
            handoff.mark_read(
                db,
                core.app(),
                known(rotation),
                instant(start),
                by=reader.current().person,
                now=core.now(),
            )
    except Conflict as error:
        flash(ready_words.conflict(error), "bad")
    return redirect(url_for("handoff.show", rotation=rotation, start=start), 303)


def _words() -> Words:
    form = request.form
    feel = form.get("feel", "")
    good = int(feel) if feel in ("1", "2", "3", "4", "5") else None
    if form.get("deed") == "nothing":
        return Words(feel=good, line=form.get("line", ""))
    fields = {
        name: form.get(name, "") for name in ("line", "tickets", "watch", "changes", "people")
    }
    return Words(feel=good, **fields)
