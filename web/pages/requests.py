"""Questions about shifts: find cover, trade weeks, answer, undo; signed in, or by the link in a text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

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

from oncall import rota
from oncall.errors import Conflict, NotFound
from oncall.roster import Roster, Span
from oncall.store import reading
from oncall.swaps import answering, asking
from oncall.swaps import reading as views
from oncall.swaps.asking import Question
from oncall.swaps.gains import gains
from oncall.swaps.leads import is_lead
from oncall.swaps.reading import RequestView
from oncall.swaps.rules import Take
from rotations.schedule import Shift
from web import core, link_pages, reader, security, swap_words
from web.language import gettext as _
from web.pages.rota import instant, known

blueprint = Blueprint("requests", __name__)

BY_LINK = frozenset({"yes", "no", "part", "undo"})
"""What the letters of a link are proof enough for; everything else needs a sign-in."""


@blueprint.get("/rota/cover/<rotation>/<start>")
def cover(rotation: str, start: str) -> str:
    """Show the sheet that asks colleagues to take a shift: whole, an evening, or hours of one's own."""
    return _sheet("rota/cover.html", known(rotation), instant(start))


@blueprint.get("/rota/trade/<rotation>/<start>")
def trade(rotation: str, start: str) -> str:
    """Show the sheet that offers a shift for one of a colleague's."""
    return _sheet("rota/trade.html", known(rotation), instant(start))


@blueprint.post("/rota/cover/<rotation>/<start>")
def ask_cover(rotation: str, start: str) -> Response:
    """Ask for cover."""
    with reading(core.app().sessions) as db:
        shift = _shift(
            rota.roster_at(db, core.app().shelf.current), known(rotation), instant(start)
        )
    question = Question(
        rotation,
        shift.person,
        (_chosen_hours(shift),),
        whom=tuple(request.form.getlist("whom")),
        reason=request.form.get("reason", "")[:500],
    )
    return _ask(question, url_for("requests.cover", rotation=rotation, start=start))


@blueprint.post("/rota/trade/<rotation>/<start>")
def ask_trade(rotation: str, start: str) -> Response:
    """Offer a trade."""
    with reading(core.app().sessions) as db:
        roster = rota.roster_at(db, core.app().shelf.current)
        shift = _shift(roster, known(rotation), instant(start))
        wanted = [_shift(roster, rotation, instant(one)) for one in request.form.getlist("want")]
    back = url_for("requests.trade", rotation=rotation, start=start)
    if not wanted:
        flash(_("Tick at least one week you would take in return."), "bad")
        return redirect(back, 303)
    question = Question(
        rotation,
        shift.person,
        (_still_to_come(shift),),
        choices=tuple((Take(one.person, (one.start, one.end)),) for one in wanted),
        reason=request.form.get("reason", "")[:500],
    )
    return _ask(question, back)


@blueprint.get("/rota/requests/<int:number>")
def show(number: int) -> str:
    """Show one request, its answers and what the reader may do."""
    with reading(core.app().sessions) as db:
        view = views.view(db, core.app(), number, reader.current().person, core.now())
    address = url_for("requests.act", number=number)
    return render_template("rota/request.html", view=view, address=address, by_link=False)


@blueprint.post("/rota/requests/<int:number>")
def act(number: int) -> Response:
    """Answer, confirm, decide, withdraw or undo, signed in."""
    _do(number, reader.current().person, request.form.get("deed", ""))
    return redirect(url_for("requests.show", number=number), 303)


@blueprint.get("/s/<letters>")
def by_link(letters: str) -> Response:
    """Show the request behind the link in a text, in the language of the person it was sent to. Changes nothing."""
    view = _of_link(letters)
    if isinstance(view, Response):
        return view
    reader.write_for(view.reader.short)
    address = url_for("requests.act_by_link", letters=letters)
    page = render_template("rota/request.html", view=view, address=address, by_link=True)
    return link_pages.unlisted(make_response(page))


# As with the links of alerts, the letters are the proof; the form works on a phone that keeps no cookies.
@blueprint.post("/s/<letters>")
@security.without_csrf
def act_by_link(letters: str) -> Response:
    """Answer for the person the link was sent to."""
    view = _of_link(letters)
    if isinstance(view, Response):
        return view
    deed = request.form.get("deed", "")
    if deed.partition(":")[0] not in BY_LINK:
        abort(403)
    reader.write_for(view.reader.short)
    _do(view.id, view.reader.short, deed)
    return link_pages.unlisted(redirect(url_for("requests.by_link", letters=letters), 303))


class _Doing(NamedTuple):
    db: Session
    number: int
    person: str
    detail: str


def _yes(doing: _Doing) -> str:
    choice = int(doing.detail) if doing.detail.isdecimal() else 0
    state = answering.accept(
        doing.db, core.app(), doing.number, person=doing.person, now=core.now(), choice=choice
    )
    return _said(state)


def _no(doing: _Doing) -> str:
    answering.decline(doing.db, core.app(), doing.number, person=doing.person, now=core.now())
    return _("Thank you for the answer. Nothing more for you to do.")


def _part(doing: _Doing) -> str:
    hours = (_local(request.form.get("from", "")), _local(request.form.get("to", "")))
    answering.offer_part(
        doing.db, core.app(), doing.number, hours, person=doing.person, now=core.now()
    )
    return _("Your offer was sent. You are told when it is taken.")


def _take_part(doing: _Doing) -> str:
    state = answering.accept_part(
        doing.db, core.app(), doing.number, person=doing.detail, by=doing.person, now=core.now()
    )
    return _said(state)


def _confirm(doing: _Doing) -> str:
    return _said(
        answering.confirm(doing.db, core.app(), doing.number, by=doing.person, now=core.now())
    )


def _decide(doing: _Doing) -> str:
    state = answering.decide(
        doing.db,
        core.app(),
        doing.number,
        by=doing.person,
        ok=doing.detail == "ok",
        now=core.now(),
        why=request.form.get("why", "")[:500],
    )
    return _said(state)


def _undo(doing: _Doing) -> str:
    answering.undo(doing.db, core.app(), doing.number, by=doing.person, now=core.now())
    return _("Undone. The phone is whose it was before; both of you were told.")


def _withdraw(doing: _Doing) -> str:
    asking.withdraw(doing.db, core.app(), doing.number, by=doing.person, now=core.now())
    return _("Taken back. Those who were asked were told.")


_DEEDS: dict[str, Callable[[_Doing], str]] = {
    "yes": _yes,
    "no": _no,
    "part": _part,
    "take_part": _take_part,
    "confirm": _confirm,
    "decide": _decide,
    "undo": _undo,
    "withdraw": _withdraw,
}


def _do(number: int, person: str, deed: str) -> None:
    """Run one deed (`verb` or `verb:detail`) in one transaction and say how it came out."""
    verb, _colon, detail = deed.partition(":")
    run = _DEEDS.get(verb)
    if run is None:
        abort(400)
    try:
        with core.app().sessions.begin() as db:
            words = run(_Doing(db, number, person, detail))
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return
    flash(words, "good")


def _said(state: str) -> str:
    return {
        "done": _("Done. The phone, the calendar and the texts follow at once."),
        "waiting": _("Agreed. It waits for one more word; you are told."),
        "refused": _("Refused. Both were told why."),
        "cancelled": _(
            "The rota changed meanwhile, so nothing could be moved. Everybody was told."
        ),
    }.get(state, str(swap_words.STATES.get(state, state)))


def _ask(question: Question, back: str) -> Response:
    try:
        with core.app().sessions.begin() as db:
            number = asking.ask(
                db, core.app(), question, by=reader.current().person, now=core.now()
            )
    except Conflict as error:
        flash(swap_words.conflict(error), "bad")
        return redirect(back, 303)
    flash(_("Asked. You hold the phone until someone says yes."), "good")
    return redirect(url_for("requests.show", number=number), 303)


def _sheet(template: str, rotation: str, start: datetime) -> str:
    app, now = core.app(), core.now()
    with reading(app.sessions) as db:
        roster = rota.roster_at(db, app.shelf.current)
        shift = _shift(roster, rotation, start)
        give = (_still_to_come(shift),)
        able = asking.candidates(roster, rotation, shift.person, give, now)
        cost = (
            gains(db, app, rotation, (Take(able[0].person, give[0]),)).get(shift.person, 0)
            if able
            else 0
        )
    me = reader.current().person
    return render_template(
        template,
        shift=shift,
        give=give[0],
        owner=app.shelf.current.people[shift.person],
        is_mine=shift.person == me,
        may_ask=shift.person == me or is_lead(app.shelf.current, me),
        candidates=able,
        cost=cost,
        evenings=views.evenings(app.shelf.current, shift, now),
        wanted=views.tradable(roster, rotation, shift.person, give, now)
        if template.endswith("trade.html")
        else (),
    )


def _shift(roster: Roster, rotation: str, start: datetime) -> Shift:
    """Return the shift that runs at `start` and is still to come; 404 when there is none."""
    shift = roster.holder_at(rotation, start)
    if shift is None or shift.end <= core.now():
        abort(404)
    return shift


def _still_to_come(shift: Shift) -> Span:
    return (max(shift.start, core.now()), shift.end)


def _chosen_hours(shift: Shift) -> Span:
    """Return the hours the form names: all of the shift, one evening, or times of one's own."""
    what = request.form.get("what", "whole")
    if what == "own":
        return (_local(request.form.get("from", "")), _local(request.form.get("to", "")))
    start, _bar, end = what.partition("|")
    return (instant(start), instant(end)) if end else _still_to_come(shift)


def _local(text: str) -> datetime:
    """Return the instant of a wall-clock time as the reader wrote it; 400 for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 1971 <= found.year <= 2099:
        abort(400)
    zone = reader.current().zone
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _of_link(letters: str) -> RequestView | Response:
    refusal = link_pages.too_many("request")
    if refusal:
        return refusal
    try:
        with reading(core.app().sessions) as db:
            return views.of_link(db, core.app(), letters, core.now())
    except NotFound:
        text = _("Open the link in the newest text, or sign in to see all requests.")
        return link_pages.dead("request", text)
