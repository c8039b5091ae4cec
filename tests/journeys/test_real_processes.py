"""The product as an operator runs it, down to the requests on the wire; every one valid by Twilio's own document."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from oncall import store
from oncall.tables import Page, Ticket
from tests.postgres import Cluster
from tests.processes import House, free_port
from tests.twilio_stand_in.phone import Phone
from tests.twilio_stand_in.stand_in import TwilioStandIn

ANA, BORA, MARIA, OMAR = "+12025550101", "+12025550102", "+12025550103", "+447700900104"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from _house(tmp_path, f"sqlite:///{tmp_path / 'oncall.db'}")


@pytest.fixture
def any_house(tmp_path: Path, any_database_url: str) -> Iterator[House]:
    yield from _house(tmp_path, any_database_url)


def _house(folder: Path, database_url: str) -> Iterator[House]:
    port = free_port()
    with TwilioStandIn(public_url=f"http://127.0.0.1:{port}") as twilio:
        house = House(folder, port, twilio, database_url)
        house.write_policy(_ana_holds_now)
        try:
            yield house
        finally:
            house.close()
        assert twilio.faults == []


def _ana_holds_now(policy: dict[str, Any]) -> None:
    """One turn that lasts for years: whatever the date, Ana holds and Maria is her backup."""
    policy["rotations"]["emergency-phone"] |= {
        "order": ["ana"],
        "turn": "500 weeks",
        "backup": "maria",
    }


def phone(house: House, number: str) -> Phone:
    return house.twilio.phone(number)


def states(house: House) -> list[tuple[str, str, str]]:
    engine = store.open_engine(house.database_url)
    with engine.execution_options(reads_only=True).connect() as connection:
        rows = connection.execute(
            select(Page.person, Page.channel, Page.state).order_by(Page.id)
        ).all()
    engine.dispose()
    return [(row.person, row.channel, row.state) for row in rows]


def ticket_state(house: House, number: int) -> tuple[str, str | None]:
    engine = store.open_engine(house.database_url)
    with engine.execution_options(reads_only=True).connect() as connection:
        row = connection.execute(
            select(Ticket.state, Ticket.owner).where(Ticket.id == number)
        ).one()
    engine.dispose()
    return row.state, row.owner


def test_a_ticket_climbs_over_the_wire_and_a_key_press_stops_it(house: House) -> None:
    house.serve()
    ticket = house.post_ticket(customer={"name": "Hotel Astoria", "phone": "+12025550111"})

    first = phone(house, ANA).wait_for_text()
    assert first.body.startswith(f"URGENT #{ticket} Hotel Astoria: Guests locked out.")
    phone(house, ANA).wait_for_ring()
    phone(house, MARIA).wait_for_text(seconds=8)
    phone(house, MARIA).wait_for_ring()
    said = phone(house, MARIA).answer().press("1")

    assert "Este al tau" in said.replace("ă", "a")
    confirmation = phone(house, MARIA).wait_for_text(2)
    assert confirmation.body.startswith(f"Ai preluat #{ticket}")
    assert phone(house, ANA).wait_for_text(2).body.startswith(f"#{ticket} taken by Maria")
    assert ticket_state(house, ticket) == ("acknowledged", "maria")
    time.sleep(4)
    assert phone(house, BORA).texts == []
    assert house.twilio.complaints == []


def test_a_killed_engine_goes_on_where_it_stopped(house: House) -> None:
    process = house.serve()
    ticket = house.post_ticket()
    phone(house, ANA).wait_for_text()
    phone(house, ANA).wait_for_ring()

    house.kill(process)
    time.sleep(2)
    house.serve()
    phone(house, MARIA).wait_for_text(seconds=8)
    phone(house, MARIA).wait_for_ring()

    assert len(phone(house, ANA).texts) == 1
    assert len(phone(house, ANA).calls) == 1
    assert ticket_state(house, ticket) == ("open", None)


def test_web_and_engine_apart_wake_the_holder_within_a_second(any_house: House) -> None:
    any_house.start("web", "--port", str(any_house.port))
    any_house.wait_until_ready()
    any_house.start("engine")
    _wait_for_a_beat(any_house)
    any_house.post_ticket()
    posted = time.monotonic()

    phone(any_house, ANA).wait_for_text()

    # The engine looks every second; one more for two busy cores.
    assert time.monotonic() - posted < 2


def test_two_engines_on_postgresql_page_once(tmp_path: Path, postgres: Cluster) -> None:
    for house in _house(tmp_path, postgres.new_database()):
        house.start("engine")
        house.serve()
        _wait_for_a_beat(house, engines=2)
        house.post_ticket()
        phone(house, MARIA).wait_for_text(seconds=8)

        assert len(phone(house, ANA).texts) == 1
        assert len(phone(house, ANA).calls) == 1


def test_a_second_engine_on_the_same_file_is_refused(house: House) -> None:
    house.serve()

    second = house.run("engine")

    assert second.returncode == 1
    assert "another engine already serves" in second.stderr


def test_a_broken_policy_is_refused_whole_and_the_old_data_stays(house: House) -> None:
    process = house.serve()
    ticket = house.post_ticket()
    house.kill(process)
    path = house.folder / "config.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("handoff:", "handover:")
        .replace("wait: 3s", "wait: 3"),
        encoding="utf-8",
    )

    refused = house.run("serve", "--port", str(house.port))

    assert refused.returncode == 1
    assert 'did you mean "handoff"' in refused.stderr
    assert refused.stderr.count("has no unit") == 3
    assert ticket_state(house, ticket) == ("open", None)


@pytest.mark.parametrize("missing", ["TWILIO_AUTH_TOKEN", "ONCALL_SECRET_KEY"])
def test_a_missing_secret_is_refused_at_the_start_by_name(
    house: House, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    complete = dict(house.environment)
    complete.pop(missing)
    monkeypatch.setattr(House, "environment", complete)

    refused = house.run("serve", "--port", str(house.port))

    assert refused.returncode == 1
    assert missing in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_simulator_is_refused_where_it_could_not_ring(house: House) -> None:
    house.write_policy(lambda policy: policy.pop("integrations"))

    refused = house.run("engine")

    assert refused.returncode == 1
    assert "oncall serve" in refused.stderr


def _wait_for_a_beat(house: House, engines: int = 1) -> None:
    engine = store.open_engine(house.database_url)
    for _ in range(200):
        with engine.execution_options(reads_only=True).connect() as connection:
            beats = connection.execute(text("select count(*) from engine_beats")).scalar_one()
        if beats >= engines:
            break
        time.sleep(0.1)
    engine.dispose()
    assert beats >= engines
