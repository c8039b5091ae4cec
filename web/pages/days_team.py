"""Days off beside the rota, requests to decide, and how evenly the phone is shared. Decides nothing itself."""

from __future__ import annotations

from datetime import date

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from oncall.errors import NotAllowed
from oncall.ledger import board, days_off, fairness
from oncall.ledger.asking import Refused
from oncall.store import reading
from rotations.wall import start_of
from web import core, day_words, reader
from web.language import gettext as _
from web.pages.days import exists

blueprint = Blueprint("days_team", __name__, url_prefix="/days")
blueprint.before_request(exists)


@blueprint.get("/team")
def team() -> Response:
    """Show who is off when, beside who holds the phone, and what waits for an answer."""
    return _page(200)


@blueprint.post("/<int:request_id>/decide")
def decide(request_id: int) -> Response:
    """Say yes or no to a colleague's day off; never to one's own."""
    try:
        with core.app().sessions.begin() as db:
            came_to = days_off.decide(
                db,
                core.app(),
                request_id,
                yes=request.form.get("answer") == "yes",
                by=reader.current().person,
                now=core.now(),
                why=request.form.get("why", "")[:500],
            )
    except NotAllowed:
        abort(403)
    except Refused as why:
        return _page(422, problem=why)
    flash(_("Saved: %(state)s.", state=str(day_words.STATES[came_to.state])), "good")
    return redirect(url_for("days_team.team"))


@blueprint.get("/fairness")
def show_fairness() -> str:
    """Show how evenly weeks, weekends, holidays and broken nights fell, this year or another."""
    zone = core.app().shelf.current.company.timezone
    this_year = core.now().astimezone(zone).year
    year = _year(request.args.get("year", ""), this_year)
    start, end = start_of(date(year, 1, 1), zone), start_of(date(year + 1, 1, 1), zone)
    with reading(core.app().sessions) as db:
        found = fairness.shared(db, core.app(), start, min(end, core.now()))
    return render_template(
        "days/fairness.html", found=found, year=year, years=range(this_year, this_year - 3, -1)
    )


def _page(status: int, problem: Refused | None = None) -> Response:
    app = core.app()
    with reading(app.sessions) as db:
        found = board.team_days(db, app, reader.current().person, core.now())
    page = render_template(
        "days/team.html",
        found=found,
        problem=day_words.refused(problem) if problem else "",
    )
    return make_response(page, status)


def _year(text: str, this_year: int) -> int:
    return int(text) if text.isdecimal() and this_year - 3 < int(text) <= this_year else this_year
