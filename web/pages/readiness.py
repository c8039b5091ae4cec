"""Whether those who hold the phone next would wake up, for leads. Shows only."""

from __future__ import annotations

from flask import Blueprint, render_template

from oncall import ready_board
from oncall.store import reading
from web import core

blueprint = Blueprint("readiness", __name__, url_prefix="/readiness")


@blueprint.get("")
def show() -> str:
    """Show the light of everybody, first of those who hold the phone now and in the next two turns."""
    with reading(core.app().sessions) as db:
        turns = ready_board.next_turns(db, core.app(), core.now())
        people = ready_board.everybody(db, core.app(), core.now())
    return render_template("readiness/show.html", turns=turns, people_ready=people)
