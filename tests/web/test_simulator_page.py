"""The demo's page: phones that ring, keys that act, replies that count, a clock that visitors move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oncall import accounts
from tests.site import Site
from tests.world import World
from web import create_app


@pytest.fixture
def demo(site: Site) -> Site:
    """The demo: open to everyone, with a clock to move."""
    site.app = create_app(replace(site.world.app, demo_clock=site.world.clock))
    site.client = site.app.test_client()
    return site


def test_the_phones_need_a_sign_in_outside_the_demo(site: Site) -> None:
    assert site.get("/simulator").status_code == 302
    assert site.get("/simulator/phones").status_code == 302


def test_without_the_simulator_there_is_no_such_page(world: World, site: Site) -> None:
    site.app = create_app(replace(world.app, simulator=None))
    site.client = site.app.test_client()
    site.sign_in("omar")

    assert site.get("/simulator").status_code == 404
    assert "/simulator" not in site.read("/")


@pytest.mark.parametrize(
    ("path", "form"),
    [("/simulator/phones/ana/reply", {"text": "1"}), ("/simulator/tickets", {"subject": "Fire"})],
)
def test_without_the_simulator_nobody_speaks_in_the_name_of_another(
    world: World, site: Site, path: str, form: dict[str, str]
) -> None:
    ticket = world.ticket()
    site.app = create_app(replace(world.app, simulator=None))
    site.client = site.app.test_client()
    site.sign_in("bora")

    assert site.send(path, form_on="/me", **form).status_code == 404
    assert world.state(ticket) == ("open", None)


def test_a_written_ticket_wakes_the_holder(demo: Site, world: World) -> None:
    demo.send(
        "/simulator/tickets",
        "/simulator",
        subject="Door broken",
        customer="Hotel Astoria",
        urgent="yes",
    )
    world.engine.run_until_quiet()

    html = demo.read("/simulator")

    assert "URGENT #1 Hotel Astoria: Door broken" in html
    assert 'href="/a/' in html


def test_an_empty_ticket_is_not_written(demo: Site) -> None:
    demo.send("/simulator/tickets", "/simulator", subject="  ")

    html = demo.read("/simulator")

    assert "Write what does not work first." in html
    assert "No ticket yet." in html


def test_a_ringing_call_is_answered_heard_and_a_key_takes_the_ticket(
    demo: Site, world: World
) -> None:
    world.ticket()
    world.forward(minutes=1)
    call = world.ringing("ana")
    assert call is not None
    assert "Ana's phone rings" in demo.read("/simulator")

    demo.send(f"/simulator/calls/{call.id}/answer", "/simulator")
    heard = demo.read("/simulator/phones")
    demo.send(f"/simulator/calls/{call.id}/press", "/simulator", key="1")

    assert "Hello Ana" in heard
    assert world.state(1) == ("acknowledged", "ana")


def test_a_declined_call_is_over(demo: Site, world: World) -> None:
    world.ticket()
    world.forward(minutes=1)
    call = world.ringing("ana")
    assert call is not None

    demo.send(f"/simulator/calls/{call.id}/decline", "/simulator")

    assert world.ringing("ana") is None
    assert "call declined" in demo.read("/simulator")


def test_a_call_that_is_gone_and_a_key_that_does_not_exist_do_no_harm(demo: Site) -> None:
    assert demo.send("/simulator/calls/gone/answer", "/simulator").status_code == 302
    assert demo.send("/simulator/calls/gone/press", "/simulator", key="1").status_code == 302
    assert demo.send("/simulator/calls/gone/press", "/simulator", key="12").status_code == 400


def test_a_reply_is_sent_from_that_phone_and_shown_on_it(demo: Site, world: World) -> None:
    world.ticket()

    demo.send("/simulator/phones/ana/reply", "/simulator", text="1")

    assert world.state(1) == ("acknowledged", "ana")
    assert 'class="bubble sent"' in demo.read("/simulator")
    assert demo.send("/simulator/phones/nobody/reply", "/simulator", text="1").status_code == 404


@pytest.mark.parametrize(
    ("to", "moved"),
    [
        ("minute", datetime(2026, 1, 10, 1, 1, tzinfo=UTC)),
        ("five", datetime(2026, 1, 10, 1, 5, tzinfo=UTC)),
        ("saturday", datetime(2026, 1, 17, 1, 0, tzinfo=UTC)),
    ],
)
def test_the_clock_moves_and_the_engine_is_woken(
    demo: Site, world: World, to: str, moved: datetime
) -> None:
    demo.send("/simulator/clock", "/simulator", to=to)

    assert world.clock() == moved
    assert world.app.wakeup.wait(0)


def test_saturday_three_in_the_morning_is_the_coming_one(demo: Site, world: World) -> None:
    world.clock.forward(timedelta(days=-1))
    demo.send("/simulator/clock", "/simulator", to="saturday")

    assert world.clock() == datetime(2026, 1, 10, 1, 0, tzinfo=UTC)


def test_moving_the_clock_signs_nobody_out(demo: Site, world: World) -> None:
    app = demo.app.extensions["oncall"]
    with app.sessions.begin() as session:
        path = accounts.invite(session, app, "ana", accounts.now_for(app))
    demo.send(path, skip="yes")
    demo.send("/simulator/clock", "/simulator", to="saturday")

    assert demo.get("/").status_code == 200


def test_outside_the_demo_nobody_moves_the_clock(omar: Site, world: World) -> None:
    assert omar.send("/simulator/clock", "/me", to="five").status_code == 404
    assert 'formaction="/simulator/clock"' not in omar.read("/simulator")


def test_what_is_refreshed_does_not_change_by_itself(demo: Site, world: World) -> None:
    world.ticket()
    world.forward(minutes=1)

    assert demo.read("/simulator/phones") == demo.read("/simulator/phones")
