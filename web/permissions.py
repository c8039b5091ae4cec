"""Who may do what, as one table; what is not in it is refused. Knows nothing of single tickets."""

from __future__ import annotations

from enum import Enum, auto

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from oncall.policy.model import Role
from web import core, reader


class Who(Enum):
    """Who may use an address."""

    EVERYONE = auto()
    """No sign-in: the address is harmless, or it proves its sender in another way (a link, a token, a signature)."""
    DEMO = auto()
    """Everyone while the demo runs; staff otherwise."""
    STAFF = auto()
    LEAD = auto()
    ADMIN = auto()


RANKS = {Role.STAFF: Who.STAFF, Role.LEAD: Who.LEAD, Role.ADMIN: Who.ADMIN}

RULES: dict[str, Who] = {
    "static": Who.EVERYONE,
    "openapi": Who.EVERYONE,
    "api.open_ticket": Who.EVERYONE,
    "api.show_ticket": Who.EVERYONE,
    "twilio.status": Who.EVERYONE,
    "twilio.key": Who.EVERYONE,
    "twilio.sms": Who.EVERYONE,
    "health.healthz": Who.EVERYONE,
    "health.readyz": Who.EVERYONE,
    "sign_in.show": Who.EVERYONE,
    "sign_in.submit": Who.EVERYONE,
    "sign_in.welcome": Who.EVERYONE,
    "sign_in.accept": Who.EVERYONE,
    "sign_in.leave": Who.STAFF,
    "alert.show": Who.EVERYONE,
    "alert.act": Who.EVERYONE,
    "alert.take_all": Who.EVERYONE,
    "calendar.show": Who.EVERYONE,
    "phone_test.show": Who.EVERYONE,
    "phone_test.answer": Who.EVERYONE,
    "phone_test.notice": Who.STAFF,
    "contact.edit": Who.STAFF,
    "contact.send_code": Who.STAFF,
    "contact.verify": Who.STAFF,
    "contact.test": Who.STAFF,
    "contact.saved_card": Who.STAFF,
    "contact.card": Who.STAFF,
    "contact.calendar": Who.STAFF,
    "leave.listing": Who.STAFF,
    "leave.enter": Who.STAFF,
    "leave.show": Who.STAFF,
    "leave.cancel": Who.STAFF,
    "leave.follow": Who.STAFF,
    "leave.repair": Who.LEAD,
    "handoff.listing": Who.STAFF,
    "handoff.show": Who.STAFF,
    "handoff.write": Who.STAFF,
    "handoff.mark_read": Who.STAFF,
    "readiness.show": Who.LEAD,
    "me.prefer": Who.EVERYONE,
    "me.show": Who.STAFF,
    "me.set_password": Who.STAFF,
    "me.leave_everywhere": Who.STAFF,
    "home.show": Who.STAFF,
    "tickets.listing": Who.STAFF,
    "tickets.show": Who.STAFF,
    "tickets.act": Who.STAFF,
    "days.mine": Who.STAFF,
    "days.ask": Who.STAFF,
    "days.cancel": Who.STAFF,
    "days.show_statement": Who.STAFF,
    "days.export_mine": Who.STAFF,
    "days_team.team": Who.STAFF,
    "days_team.decide": Who.STAFF,
    "days_team.show_fairness": Who.STAFF,
    "days_admin.books": Who.ADMIN,
    "days_admin.adjust": Who.ADMIN,
    "days_admin.pay": Who.ADMIN,
    "days_admin.settle": Who.ADMIN,
    "days_admin.export_all": Who.ADMIN,
    "rota.listing": Who.STAFF,
    "rota.paper": Who.STAFF,
    "rota.week": Who.STAFF,
    "rota.ask_take_over": Who.STAFF,
    "rota.take_over": Who.STAFF,
    "rota.hand_back": Who.STAFF,
    "publish.show": Who.LEAD,
    "publish.save": Who.LEAD,
    "log.show": Who.ADMIN,
    "requests.cover": Who.STAFF,
    "requests.trade": Who.STAFF,
    "requests.ask_cover": Who.STAFF,
    "requests.ask_trade": Who.STAFF,
    "requests.show": Who.STAFF,
    "requests.act": Who.STAFF,
    "requests.by_link": Who.EVERYONE,
    "requests.act_by_link": Who.EVERYONE,
    "people.listing": Who.ADMIN,
    "people.invite": Who.ADMIN,
    "people.close": Who.ADMIN,
    "people.reopen": Who.ADMIN,
    "simulator.show": Who.DEMO,
    "simulator.phones_now": Who.DEMO,
    "simulator.answer": Who.DEMO,
    "simulator.decline": Who.DEMO,
    "simulator.hang_up": Who.DEMO,
    "simulator.press": Who.DEMO,
    "simulator.reply": Who.DEMO,
    "simulator.open_ticket": Who.DEMO,
    "simulator.move_clock": Who.DEMO,
}
"""Endpoint -> who. A blueprint from elsewhere adds its lines here."""


def configure(flask_app: Flask) -> None:
    """Ask the table before every request."""
    flask_app.before_request(_ask)
    flask_app.context_processor(lambda: {"may": may})


def may(endpoint: str) -> bool:
    """Say whether the current reader may use `endpoint`; False for one that is not in the table."""
    rule = RULES.get(endpoint)
    if rule is None:
        return False
    if rule is Who.EVERYONE or (rule is Who.DEMO and core.app().demo_clock is not None):
        return True
    role = reader.current().role
    needed = Who.STAFF if rule is Who.DEMO else rule
    return role is not None and RANKS[role].value >= needed.value


def _ask() -> Response | None:
    if request.endpoint is None or may(request.endpoint):
        return None
    if reader.current().role is not None or request.endpoint not in RULES:
        abort(403)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")))
    return redirect(url_for("sign_in.show"))
