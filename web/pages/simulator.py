"""The demo's phones in the browser, the form that writes a ticket, and the clock visitors may move."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from notifiers.simulator import Simulator
from oncall import answers, phones, replies, tickets
from oncall.clock import MovingClock
from oncall.store import reading
from oncall.tickets import NewTicket
from web import core
from web.language import gettext as _

blueprint = Blueprint("simulator", __name__, url_prefix="/simulator")

KEYS = frozenset("0123456789")
SATURDAY, AT_NIGHT = 5, 3


@blueprint.before_request
def _only_with_simulated_phones() -> None:
    # Where real phones ring, an SMS comes from its sender and a ticket from its source alone.
    _simulator()


@blueprint.get("")
def show() -> str:
    """Show every phone, the ticket form and the clock."""
    return render_template("simulator/show.html", **_scene())


@blueprint.get("/phones")
def phones_now() -> str:
    """Return only what changes on the page, for the script that refreshes it."""
    return render_template("simulator/phones.html", **_scene())


@blueprint.post("/calls/<call_id>/answer")
def answer(call_id: str) -> Response:
    """Pick up a ringing call."""
    return _on_call(call_id, _simulator().answer)


@blueprint.post("/calls/<call_id>/decline")
def decline(call_id: str) -> Response:
    """Refuse a ringing call."""
    return _on_call(call_id, _simulator().decline)


@blueprint.post("/calls/<call_id>/hang-up")
def hang_up(call_id: str) -> Response:
    """End a call that was answered."""
    return _on_call(call_id, _simulator().hang_up)


@blueprint.post("/calls/<call_id>/press")
def press(call_id: str) -> Response:
    """Press a key in a call and hear what the product says to it."""
    key = request.form.get("key", "")
    if key not in KEYS:
        abort(400)
    return _on_call(call_id, lambda call_id: _say(call_id, key))


@blueprint.post("/phones/<person>/reply")
def reply(person: str) -> Response:
    """Send an SMS from a person's phone."""
    someone = core.app().shelf.current.people.get(person)
    text = request.form.get("text", "").strip()
    if someone is None or not someone.phone:
        abort(404)
    if text:
        with core.app().sessions.begin() as db:
            replies.reply(
                db,
                core.app(),
                sender=someone.phone,
                text=text,
                provider_id=f"demo-{secrets.token_hex(16)}",
            )
    return _back()


@blueprint.post("/tickets")
def open_ticket() -> Response:
    """Write a ticket as a customer's helpdesk would."""
    subject = request.form.get("subject", "").strip()
    if not subject:
        flash(_("Write what does not work first."), "bad")
        return _back()
    new = NewTicket(
        source="simulator",
        subject=subject[:200],
        customer_name=request.form.get("customer", "").strip()[:100],
        priority="urgent" if request.form.get("urgent") == "yes" else "",
    )
    with core.app().sessions.begin() as db:
        opened = tickets.open_ticket(db, core.app(), new)
    flash(_("Ticket %(ref)s is written.", ref=f"#{opened.ticket_id}"), "good")
    return _back()


@blueprint.post("/clock")
def move_clock() -> Response:
    """Move the demo's clock and wake the engine, which then does what is due by it."""
    clock = core.app().demo_clock
    if clock is None:
        abort(404)
    move = _MOVES.get(request.form.get("to", ""))
    if move is None:
        abort(400)
    move(clock)
    core.app().wakeup.set()
    return _back()


def _saturday_night(clock: MovingClock) -> None:
    zone = core.app().shelf.current.company.timezone
    local = clock().astimezone(zone)
    ahead = (SATURDAY - local.weekday()) % 7
    night = datetime.combine(
        local.date() + timedelta(days=ahead), datetime.min.time(), zone
    ).replace(hour=AT_NIGHT)
    clock.move_to((night if night > local else night + timedelta(days=7)).astimezone(UTC))


_MOVES: dict[str, Callable[[MovingClock], None]] = {
    "saturday": _saturday_night,
    "minute": lambda clock: clock.forward(timedelta(minutes=1)),
    "five": lambda clock: clock.forward(timedelta(minutes=5)),
}


def _scene() -> dict[str, Any]:
    with reading(core.app().sessions) as db:
        return {
            "phones": phones.all_phones(db, core.app(), core.now()),
            "story": phones.ticket_in_play(db, core.app(), core.now()),
            "now": core.now(),
            "can_move": core.app().demo_clock is not None,
        }


def _on_call(call_id: str, act: Callable[[str], None]) -> Response:
    """Do something to a call; one that lies on no phone any more is left alone."""
    with suppress(KeyError):
        act(call_id)
    core.app().wakeup.set()
    return _back()


def _say(call_id: str, key: str) -> None:
    call = _simulator().call(call_id)
    with core.app().sessions.begin() as db:
        said = answers.press(db, core.app(), call.token, key)
    _simulator().said(call_id, key, said.text, said.asks_for_key)


def _simulator() -> Simulator:
    simulator = core.app().simulator
    if simulator is None:
        abort(404)
    return simulator


def _back() -> Response:
    return redirect(url_for("simulator.show"))
