"""Every address of the product, tried by everybody: what is not in the table is refused."""

from __future__ import annotations

import pytest
from flask import Flask

from oncall import accounts
from tests.site import Site
from tests.world import World
from web import create_app, permissions
from web.permissions import RULES, Who

READERS = ("anonymous", "staff", "lead", "admin", "disabled")
PEOPLE = {"staff": "bora", "lead": "maria", "admin": "omar", "disabled": "ana"}
VALUES = {
    "ticket_id": "1",
    "request_id": "1",
    "letters": "AAAAAAAAAA",
    "call_id": "x",
    "person": "bora",
    "token": "x",
    "filename": "x",
    "rotation": "emergency-phone",
    "start": "2026-01-10T01:00:00+00:00",
    "number": "1",
    "which": "mine",
}
ALLOWED = {
    Who.EVERYONE: {"anonymous", "staff", "lead", "admin", "disabled"},
    Who.DEMO: {"staff", "lead", "admin"},
    Who.STAFF: {"staff", "lead", "admin"},
    Who.LEAD: {"lead", "admin"},
    Who.ADMIN: {"admin"},
}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of everything the application answers."""
    found = []
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<int:{name}>", VALUES[name]).replace(
                f"<path:{name}>", VALUES[name]
            )
            path = path.replace(f"<{name}>", VALUES[name])
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found.append((rule.endpoint, method, path))
    return found


@pytest.fixture
def signed_in(site: Site, reader: str) -> Site:
    if reader != "anonymous":
        site.sign_in(PEOPLE[reader])
    if reader == "disabled":
        with site.world.app.sessions.begin() as session:
            accounts.disable(session, "ana", by="omar", now=site.world.clock())
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


@pytest.mark.parametrize("reader", READERS)
def test_every_address_is_open_to_whom_the_table_names_and_to_nobody_else(
    signed_in: Site, reader: str
) -> None:
    signed_in.world.ticket()
    for endpoint, method, path in addresses(signed_in.app):
        if endpoint in ("sign_in.leave", "me.leave_everywhere", "people.close"):
            continue
        answer = signed_in.client.open(path, method=method)

        to_sign_in = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
        refused = to_sign_in or (answer.status_code == 403 and not endpoint.startswith("twilio."))
        assert refused == (reader not in ALLOWED[RULES[endpoint]]), (
            endpoint,
            method,
            answer.status,
        )
        assert answer.status_code != 500, endpoint


def test_every_endpoint_has_its_line_in_the_table(world: World) -> None:
    endpoints = {rule.endpoint for rule in create_app(world.app).url_map.iter_rules()}

    assert endpoints == set(RULES)


@pytest.mark.parametrize("person", ["", "bora", "omar"])
def test_an_endpoint_that_is_not_in_the_table_is_refused_to_everybody(
    site: Site, person: str
) -> None:
    if person:
        site.sign_in(person)
    site.app._got_first_request = False
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert site.get("/forgotten").status_code == 403


@pytest.mark.parametrize("endpoint", ["sign_in.leave", "me.leave_everywhere", "people.close"])
def test_leaving_and_closing_need_a_person(endpoint: str) -> None:
    assert RULES[endpoint] in (Who.STAFF, Who.ADMIN)


def test_roles_are_ranked_staff_lead_admin() -> None:
    ranks = [who.value for who in permissions.RANKS.values()]

    assert ranks == sorted(ranks)
