"""The first screen: who holds the phone, when it is my turn, what waits."""

from __future__ import annotations

from flask import Blueprint, render_template

from oncall import board
from oncall.store import reading
from web import core, reader

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Show who holds the phone now and what waits for the reader."""
    with reading(core.app().sessions) as db:
        home = board.home(db, core.app(), reader.current().person, core.now())
    return render_template("home/show.html", home=home)
