"""The rota on the page: weeks, a year, one week with its history, taking the phone over. Asks nobody for anything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from oncall.errors import Conflict
from oncall.rota_board import RotaBoard
from oncall.store import reading
from oncall.swaps import takeover
from rotations.wall import start_of
from web import core, reader, swap_words
from web.language import gettext as _

blueprint = Blueprint("rota", __name__, url_prefix="/rota")

SHOWN = {"list": timedelta(weeks=13), "year": timedelta(weeks=52), "month": timedelta(weeks=6)}


@blueprint.get("")
def listing() -> str:
    """Show the coming weeks as a list, a year strip or a month."""
    view = request.args.get("view", "list")
    view = view if view in SHOWN else "list"
    start = _first_day()
    rotation = _rotation()
    mine = request.args.get("mine") == "1"
    with reading(core.app().sessions) as db:
        board = RotaBoard(db, core.app(), reader.current().person, core.now())
        weeks = board.weeks(start, start + SHOWN[view], rotation=rotation, mine=mine)
    return render_template(
        "rota/list.html",
        weeks=weeks,
        view=view,
        rotation=rotation,
        mine=mine,
        start=start,
        later=start + SHOWN[view],
        earlier=start - SHOWN[view],
        rotations=tuple(core.app().shelf.current.rotations),
    )


@blueprint.get("/print")
def paper() -> str:
    """Show one quarter for the wall: black on white, one page of A4."""
    start = _first_day()
    with reading(core.app().sessions) as db:
        board = RotaBoard(db, core.app(), reader.current().person, core.now())
        weeks = board.weeks(start, start + timedelta(weeks=13), rotation=_rotation())
    return render_template("rota/paper.html", weeks=weeks, now=core.now())


@blueprint.get("/week/<rotation>/<start>")
def week(rotation: str, start: str) -> str:
    """Show one turn: who holds which part, why, what happened, and what can be done about it."""
    at = instant(start)
    with reading(core.app().sessions) as db:
        board = RotaBoard(db, core.app(), reader.current().person, core.now())
        page = board.week(rotation, at)
    return render_template("rota/week.html", page=page, week=page.week)


@blueprint.get("/take-over/<rotation>")
def ask_take_over(rotation: str) -> str:
    """Ask until when the reader takes the phone."""
    with reading(core.app().sessions) as db:
        board = RotaBoard(db, core.app(), reader.current().person, core.now())
        page = board.week(rotation, core.now())
        ends = board.ends_of_take_over(rotation)
    return render_template("rota/take_over.html", page=page, week=page.week, ends=ends)


@blueprint.post("/take-over/<rotation>")
def take_over(rotation: str) -> Response:
    """Give the running shift to the reader at once."""
    until = request.form.get("until")
    try:
        with core.app().sessions.begin() as db:
            takeover.take_over(
                db,
                core.app(),
                known(rotation),
                by=reader.current().person,
                now=core.now(),
                until=instant(until) if until else None,
            )
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return redirect(url_for("home.show"), 303)
    flash(_("You hold the phone now. Whoever held it was told."), "good")
    return redirect(url_for("home.show"), 303)


@blueprint.post("/hand-back/<rotation>")
def hand_back(rotation: str) -> Response:
    """Give the running shift back to whose turn it is."""
    try:
        with core.app().sessions.begin() as db:
            shift = takeover.hand_back(
                db, core.app(), known(rotation), by=reader.current().person, now=core.now()
            )
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return redirect(url_for("home.show"), 303)
    name = core.app().shelf.current.people[shift.person].name
    flash(_("%(name)s holds the phone again.", name=name), "good")
    return redirect(url_for("home.show"), 303)


def known(rotation: str) -> str:
    """Return `rotation`, or answer 404 when the policy has none of that name."""
    if rotation not in core.app().shelf.current.rotations:
        abort(404)
    return rotation


def instant(text: str) -> datetime:
    """Return the instant an address or a form names, aware UTC; 404 for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        abort(404)
    if found.tzinfo is None or not 1971 <= found.year <= 2099:
        abort(404)
    return found.astimezone(UTC)


def _rotation() -> str | None:
    name = request.args.get("rotation") or None
    return name if name in core.app().shelf.current.rotations else None


def _first_day() -> datetime:
    """Return where the shown time begins: the day asked for, else now."""
    zone = core.app().shelf.current.company.timezone
    try:
        day = date.fromisoformat(request.args.get("from", ""))
        return start_of(day, zone) if 1971 < day.year < 2099 else core.now()
    except ValueError:
        return core.now()
