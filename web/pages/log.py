"""The audit log: every change outside a ticket, searchable. Shows only."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from oncall import journal
from oncall.store import reading
from web import core

blueprint = Blueprint("log", __name__, url_prefix="/log")


@blueprint.get("")
def show() -> str:
    """Show the newest lines that hold the words asked for."""
    words = request.args.get("q", "")[:100]
    before = request.args.get("before", type=int)
    with reading(core.app().sessions) as db:
        lines = journal.lines(db, core.app(), words=words, before=before)
    return render_template(
        "log/show.html", lines=lines, words_asked=words, more=len(lines) == journal.SHOWN
    )
