"""The first screen: who holds the phone, when it is my turn, what waits."""

from __future__ import annotations

from flask import Blueprint, render_template

from oncall import board, handoff, ready_board
from oncall.ledger import requests as days_off
from oncall.rota_board import RotaBoard
from oncall.store import reading
from oncall.swaps import reading as swaps
from web import core, reader

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Show who holds the phone now and what waits for the reader."""
    with reading(core.app().sessions) as db:
        me, now = reader.current().person, core.now()
        home = board.home(db, core.app(), me, now)
        requests = swaps.waiting_for(db, core.app(), me, now)
        phones = RotaBoard(db, core.app(), me, now).phones()
        spendable = days_off.available(db, me) if core.app().shelf.current.comp_days else 0
        standing = ready_board.of_person(db, core.app(), me, now)
        notes = handoff.waiting_for(db, core.app(), me, now)
    return render_template(
        "home/show.html",
        home=home,
        requests=requests,
        phones=phones,
        spendable=spendable,
        standing=standing,
        notes=notes,
        now=now,
    )
