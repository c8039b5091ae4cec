"""The door for ticket sources: what it takes, what it refuses, and in which words."""

from __future__ import annotations

import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from oncall import sources, store
from oncall.tables import Ticket
from tests.serving import serving
from tests.world import World
from web import create_app


@pytest.fixture
def token(world: World) -> str:
    with world.app.sessions.begin() as session:
        return sources.add(session, "helpdesk", by="tests", now=world.clock())


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.app).test_client()


@pytest.fixture
def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def stored(world: World) -> int:
    with store.reading(world.app.sessions) as session:
        return session.scalar(select(func.count(Ticket.id))) or 0


def test_a_ticket_is_stored_judged_and_wakes_the_holder(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(
        "/api/v1/tickets",
        headers=headers,
        json={
            "subject": "Guests locked out",
            "customer": {"name": "Hotel Astoria", "phone": "+12025550111"},
            "source_id": "HD-7",
        },
    )
    world.engine.run_until_quiet()

    assert answer.status_code == HTTPStatus.CREATED
    assert answer.get_json() == {
        "id": 1,
        "urgency": "urgent",
        "state": "open",
        "url": "http://127.0.0.1:8080/tickets/1",
    }
    assert len(world.texts("ana")) == 1


def test_the_same_id_again_returns_the_first_ticket(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    body = {"subject": "Guests locked out", "source_id": "HD-7"}
    first = client.post("/api/v1/tickets", headers=headers, json=body)
    world.engine.run_until_quiet()

    again = client.post("/api/v1/tickets", headers=headers, json=body)
    world.engine.run_until_quiet()

    assert (again.status_code, again.get_json()["id"]) == (HTTPStatus.OK, first.get_json()["id"])
    assert len(world.texts("ana")) == 1


def test_the_same_id_of_another_source_is_another_ticket(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    with world.app.sessions.begin() as session:
        other = sources.add(session, "monitor", by="tests", now=world.clock())
    body = {"subject": "x", "source_id": "7"}
    client.post("/api/v1/tickets", headers=headers, json=body)

    second = client.post("/api/v1/tickets", headers={"Authorization": f"Bearer {other}"}, json=body)

    assert second.status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["subject"]),
        ({"subject": "x", "team": "suport"}, ["team"]),
        ({"subject": 5, "colour": "red"}, ["subject", "colour"]),
        ({"subject": "x", "customer": {"phone": 12}}, ["customer.phone"]),
        ({"subject": "", "tags": "urgent"}, ["subject", "tags"]),
        ({"subject": "x", "link": "javascript:alert(1)"}, ["link"]),
        ([], ["body"]),
    ],
)
def test_a_malformed_ticket_is_refused_naming_every_field(
    world: World, client: FlaskClient, headers: dict[str, str], body: object, fields: list[str]
) -> None:
    answer = client.post("/api/v1/tickets", headers=headers, json=body)

    problem = answer.get_json()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.content_type == "application/problem+json"
    assert [error["field"] for error in problem["errors"]] == fields
    assert stored(world) == 0


def test_a_refusal_says_what_to_send_instead(client: FlaskClient, headers: dict[str, str]) -> None:
    body = {"subject": "", "body": 5, "tags": "x", "customer": [], "link": "ftp://x"}

    answer = client.post("/api/v1/tickets", headers=headers, json=body)

    assert {error["field"]: error["message"] for error in answer.get_json()["errors"]} == {
        "subject": "must not be empty",
        "body": "must be text",
        "customer": "must be a JSON object",
        "tags": "must be a list",
        "link": "must start with https:// or http://",
    }


def test_a_subject_of_blanks_loses_no_ticket(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    body = {"subject": " \t", "body": "Guests locked out"}

    answer = client.post("/api/v1/tickets", headers=headers, json=body)

    assert answer.status_code == HTTPStatus.CREATED
    assert "(no subject)" in world.texts("ana")[0]


def test_a_team_may_be_named_in_any_case(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    body = {"subject": "Guests locked out", "team": "SUPPORT"}

    answer = client.post("/api/v1/tickets", headers=headers, json=body)

    assert answer.status_code == HTTPStatus.CREATED


def test_an_unknown_team_is_refused_with_the_known_ones(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    body = {"subject": "Guests locked out", "team": "suport"}

    answer = client.post("/api/v1/tickets", headers=headers, json=body)

    [error] = answer.get_json()["errors"]
    assert error["message"] == 'there is no team called "suport"; teams: support'


def test_a_long_urgent_ticket_is_cut_and_wakes_the_holder(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(
        "/api/v1/tickets",
        headers=headers,
        json={"subject": "locked out " * 100, "body": "a long thread\n" * 5000},
    )
    world.engine.run_until_quiet()

    assert answer.status_code == HTTPStatus.CREATED
    assert len(world.texts("ana")) == 1
    with store.reading(world.app.sessions) as session:
        ticket = session.get_one(Ticket, 1)
    assert (len(ticket.subject), len(ticket.body)) == (300, 20000)


def test_control_characters_and_lone_surrogates_cannot_break_the_store(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(
        "/api/v1/tickets",
        headers={**headers, "Content-Type": "application/json"},
        data=b'{"subject": "a\\u0000b \\ud800 c"}',
    )

    assert answer.status_code == HTTPStatus.CREATED
    assert stored(world) == 1


def test_what_is_not_json_is_a_400(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post(
        "/api/v1/tickets", headers={**headers, "Content-Type": "application/json"}, data="{"
    )

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_a_form_is_a_415(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/tickets", headers=headers, data={"subject": "x"}).status_code == 415


def test_a_body_over_256_kb_is_a_413(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(
        "/api/v1/tickets", headers=headers, json={"subject": "x", "body": "y" * 300_000}
    )

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert stored(world) == 0


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer oct_wrong", "Basic dXNlcjpwYXNz"])
def test_without_a_live_token_nothing_is_stored(
    world: World, client: FlaskClient, header: str | None
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = client.post("/api/v1/tickets", headers=headers, json={"subject": "x"})

    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert stored(world) == 0


def test_a_revoked_token_is_dead_at_once(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    with world.app.sessions.begin() as session:
        [row] = sources.every_token(session)
        sources.revoke(session, row.id, by="tests", now=world.clock())

    assert client.post("/api/v1/tickets", headers=headers, json={"subject": "x"}).status_code == 401


def test_only_the_digest_of_a_token_is_stored(world: World, token: str) -> None:
    with store.reading(world.app.sessions) as session:
        kept = session.connection().exec_driver_sql("select * from api_tokens").all()

    assert token not in str(kept)


def test_a_source_sees_its_own_tickets_only(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    mine = client.post("/api/v1/tickets", headers=headers, json={"subject": "x"}).get_json()["id"]
    foreign = world.ticket(source_id="1")
    with world.app.sessions.begin() as session:
        session.get_one(Ticket, foreign).source = "somebody else"

    assert client.get(f"/api/v1/tickets/{mine}", headers=headers).get_json()["state"] == "open"
    assert client.get(f"/api/v1/tickets/{foreign}", headers=headers).status_code == 404


def test_a_token_cannot_speak_for_another_source(
    world: World, client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post("/api/v1/tickets", headers=headers, json={"subject": "x", "source": "crm"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert [error["field"] for error in answer.get_json()["errors"]] == ["source"]
    assert stored(world) == 0


def test_an_unknown_address_and_method_answer_in_the_api_form(client: FlaskClient) -> None:
    lost = client.get("/api/v1/nothing")
    wrong = client.delete("/api/v1/tickets")

    assert (lost.status_code, lost.content_type) == (404, "application/problem+json")
    assert (wrong.status_code, set(wrong.headers["Allow"].split(", "))) == (
        405,
        {"OPTIONS", "POST"},
    )


def test_the_api_keeps_to_its_own_document(
    world: World, headers: dict[str, str], tmp_path: Path
) -> None:
    with serving(world.app) as address:
        run = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                *("run", f"{address}/api/v1/openapi.json", "--max-examples", "40", "--seed", "1"),
                *("--header", f"Authorization: {headers['Authorization']}", "--no-color"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    assert run.returncode == 0, run.stdout[-6000:]
