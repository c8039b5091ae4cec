"""A person's own comp days: balance, booking, history, statement, a file of them. Decides nothing."""

from __future__ import annotations

from datetime import date
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
from werkzeug.wrappers import Response

from oncall.ledger import board, book, days_off, export, statement, terms
from oncall.ledger.asking import Refusal, Refused, Wish
from oncall.ledger.board import MyDays
from oncall.policy.model import Role
from oncall.store import reading
from rotations.wall import start_of
from web import core, day_words, reader
from web.language import gettext as _

blueprint = Blueprint("days", __name__, url_prefix="/days")

LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫٬", "0123456789.,")
MOST_CHOICES = 10_000
"""Milli-days; nobody scrolls further."""


@blueprint.before_request
def exists() -> None:
    """Without `comp_days:` in the policy there are no such pages."""
    if core.app().shelf.current.comp_days is None:
        abort(404)


@blueprint.get("")
def mine() -> Response:
    """Show the reader's balance, what is coming, what is booked, and why every entry is there."""
    return _page(200)


@blueprint.post("/ask")
def ask() -> Response:
    """Ask for days off."""
    me = reader.current().person
    try:
        with core.app().sessions.begin() as db:
            made = days_off.ask(db, core.app(), _wish(me), core.now())
    except Refused as why:
        return _page(422, problem=why)
    if made.state == "approved":
        flash(_("Booked. Enjoy it."), "good")
    else:
        flash(_("Asked. The days are reserved for you until somebody answers."), "good")
    return redirect(url_for("days.mine"))


@blueprint.post("/<int:request_id>/cancel")
def cancel(request_id: int) -> Response:
    """Give the reader's own days off back."""
    try:
        with core.app().sessions.begin() as db:
            came_to = days_off.cancel(
                db, core.app(), request_id, by=reader.current().person, now=core.now()
            )
    except Refused as why:
        return _page(422, problem=why)
    if came_to.state == "cancelled":
        flash(_("Cancelled. The days are yours again."), "good")
    else:
        flash(_("That was over already; nothing was changed."), "plain")
    return redirect(url_for("days.mine"))


@blueprint.get("/statement")
def show_statement() -> Response:
    """Show the statement of a month or a year; leads and admins may read anybody's."""
    person = _whose()
    own = terms.own(core.app().shelf.current, person)
    today = core.now().astimezone(own.zone).date()
    first, until = _period(request.args.get("period", ""), today)
    with reading(core.app().sessions) as db:
        entries = book.entries_of(db, person)
    found = statement.statement_of(
        person, entries, start_of(first, own.zone), start_of(until, own.zone)
    )
    name = entries[-1].name if entries and not own.earns else own.name
    page = render_template(
        "days/statement.html",
        found=found,
        name=name,
        first=first,
        is_year=(until - first).days > 31,
        chosen=f"{first:%Y}" if (until - first).days > 31 else f"{first:%Y-%m}",
        periods=_periods(entries[0].at.astimezone(own.zone).date() if entries else today, today),
        now=core.now(),
    )
    return make_response(page)


@blueprint.get("/mine.csv")
def export_mine() -> Response:
    """Give the reader their own book as a file."""
    me = reader.current().person
    with reading(core.app().sessions) as db:
        entries = book.entries_of(db, me)
    return as_file(export.as_csv(entries, core.app().shelf.current), f"days-{me}.csv")


def as_file(text: str, name: str) -> Response:
    """Return `text` as a CSV to be saved under `name`; the mark in front makes spreadsheets read it as UTF-8."""
    response = make_response("\N{ZERO WIDTH NO-BREAK SPACE}" + text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def milli_days(text: str) -> int:
    """Return a number of days somebody wrote (0.5, 1,5, ۱٫۵) in milli-days; raises `Refused`."""
    plain = text.strip().translate(LATIN).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        number = Decimal(plain)
        if not number.is_finite() or abs(number) > 1000 or number % Decimal("0.001"):
            raise Refused(Refusal.NOT_A_NUMBER)
    except InvalidOperation:
        raise Refused(Refusal.NOT_A_NUMBER) from None
    return int(number * 1000)


def _wish(person: str) -> Wish:
    amount, _space, half = request.form.get("length", "").strip().partition(" ")
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise Refused(Refusal.NO_DATE) from None
    return Wish(
        person, day, _amount(amount), half.strip(), " ".join(request.form.get("note", "").split())[:500]
    )  # fmt: skip


def _amount(text: str) -> int:
    """Return the milli-days of a choice of the form."""
    try:
        return int(text)
    except ValueError:
        raise Refused(Refusal.NOT_A_NUMBER) from None


def _page(status: int, problem: Refused | None = None) -> Response:
    app = core.app()
    with reading(app.sessions) as db:
        mine = board.my_days(db, app, reader.current().person, core.now())
    page = render_template(
        "days/mine.html",
        mine=mine,
        now=core.now(),
        lengths=_lengths(mine),
        problem=day_words.refused(problem) if problem else "",
        kept=request.form,
    )
    return make_response(page, status)


def _lengths(mine: MyDays) -> list[tuple[str, str]]:
    most = min(MOST_CHOICES, max(mine.available - mine.lowest, 0))
    return day_words.lengths(mine.step, most - most % mine.step)


def _whose() -> str:
    me = reader.current()
    person = request.args.get("person", me.person)
    if person != me.person and me.role not in (Role.LEAD, Role.ADMIN):
        abort(403)
    return person


def _period(text: str, today: date) -> tuple[date, date]:
    """Return the first day of the wanted month or year, and the first day after it."""
    year, _dash, month = text.partition("-")
    try:
        first = date(int(year), int(month) if month else 1, 1)
        return (first, _next_month(first)) if month else (first, date(first.year + 1, 1, 1))
    except ValueError:
        first = today.replace(day=1)
        return first, _next_month(first)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _periods(since: date, today: date) -> list[tuple[str, str]]:
    """Return every month and year there is something to say about, the newest first."""
    found: list[tuple[str, str]] = []
    first = since.replace(day=1)
    while first <= today:
        found.append((f"{first:%Y-%m}", day_words.month_name(first.year, first.month)))
        first = _next_month(first)
    years = [(f"{year}", f"{year}") for year in range(today.year, since.year - 1, -1)]
    return [*years, *reversed(found)]
