"""The ledger as an admin sees it: every book, adjustments, payouts, days that ran out, the file for payroll."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

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
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from oncall.errors import NotAllowed
from oncall.ledger import acts, board, book, export
from oncall.ledger.acts import Payout
from oncall.ledger.asking import Refusal, Refused
from oncall.store import reading
from rotations.wall import start_of
from web import core, day_words, reader
from web.language import gettext as _
from web.pages.days import as_file, exists, milli_days

blueprint = Blueprint("days_admin", __name__, url_prefix="/days/admin")
blueprint.before_request(exists)


@blueprint.get("")
def books() -> Response:
    """Show every book, and what ran out and waits for a decision."""
    return _page(200)


@blueprint.post("/adjust")
def adjust() -> Response:
    """Add or take away days, with a reason the person reads."""

    def deed(db: Session) -> None:
        acts.adjust(
            db,
            core.app(),
            _person(),
            milli_days(request.form.get("days", "")),
            reason=request.form.get("reason", ""),
            by=reader.current().person,
            now=core.now(),
        )

    return _do(deed)


@blueprint.post("/pay")
def pay() -> Response:
    """Pay days out."""

    def deed(db: Session) -> None:
        payout = _payout(milli_days(request.form.get("days", "")))
        acts.pay_out(db, core.app(), _person(), payout, by=reader.current().person, now=core.now())

    return _do(deed)


@blueprint.post("/settle")
def settle() -> Response:
    """Decide about one lot that ran out: pay, keep or let go."""
    then = request.form.get("then", "")
    if then not in day_words.THEN:
        abort(400)

    def deed(db: Session) -> None:
        what = (request.form.get("person", ""), request.form.get("lot", ""))
        acts.settle(
            db,
            core.app(),
            what,
            then=then,
            by=reader.current().person,
            now=core.now(),
            payout=_payout(0) if then == "pay" else None,
        )

    return _do(deed)


@blueprint.get("/export.csv")
def export_all() -> Response:
    """Give every entry of a month, a year or ever as a file for payroll."""
    start, end = _span()
    with reading(core.app().sessions) as db:
        entries = book.entries(db, start, end)
    name = request.args.get("period", "") or "all"
    return as_file(export.as_csv(entries, core.app().shelf.current), f"ledger-{name}.csv")


def _do(deed: Callable[[Session], None]) -> Response:
    try:
        with core.app().sessions.begin() as db:
            deed(db)
    except NotAllowed:
        return _page(422, problem=_("Nobody writes in their own book. Ask another admin."))
    except Refused as why:
        return _page(422, problem=day_words.refused(why))
    flash(_("Written into the ledger."), "good")
    return redirect(url_for("days_admin.books"))


def _page(status: int, problem: str = "") -> Response:
    app = core.app()
    with reading(app.sessions) as db:
        found = board.admin(db, app, core.now())
    today = core.now().astimezone(app.shelf.current.company.timezone).date()
    page = render_template(
        "days/admin.html", found=found, problem=problem, month=f"{today:%Y-%m}", kept=request.form
    )
    return make_response(page, status)


def _person() -> str:
    """Return whose book is meant; one nobody has ever written in and that the policy does not know is no book."""
    person = request.form.get("person", "")
    with reading(core.app().sessions) as db:
        known = person in core.app().shelf.current.people or bool(book.entries_of(db, person))
    if not known:
        abort(404)
    return person


def _payout(amount: int) -> Payout:
    try:
        rate = Decimal(request.form.get("rate", "").strip().replace(",", "."))
    except InvalidOperation:
        raise Refused(Refusal.NO_RATE) from None
    if not rate.is_finite():
        raise Refused(Refusal.NO_RATE)
    return Payout(amount, rate, request.form.get("month", "").strip())


def _span() -> tuple[datetime | None, datetime | None]:
    """Return the wanted month or year as instants of the company's zone; everything without one."""
    year, _dash, month = request.args.get("period", "").partition("-")
    zone = core.app().shelf.current.company.timezone
    try:
        first = date(int(year), int(month) if month else 1, 1)
        after = (
            date(first.year + first.month // 12, first.month % 12 + 1, 1)
            if month
            else date(first.year + 1, 1, 1)
        )
    except ValueError:
        return None, None
    return start_of(first, zone), start_of(after, zone)
