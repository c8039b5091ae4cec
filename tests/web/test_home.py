"""The first five seconds: who holds the phone, until when, what waits, and whether anybody is woken at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.site import Site
from tests.world import THURSDAY_NOON, World, a_world


def test_home_names_the_holder_with_a_number_to_call(world: World) -> None:
    html = Site(world).sign_in("bora").read("/")

    assert "Ana Popescu" in html
    assert 'href="tel:+12025550101"' in html
    assert "10:00" in html, "Bora reads Istanbul time: the handoff at 09:00 in Bucharest"


def test_home_tells_the_holder_that_it_is_her(ana: Site) -> None:
    assert "That is you" in ana.read("/")


def test_home_says_in_red_when_nobody_holds_the_phone(database_url: str) -> None:
    with a_world(database_url, at=datetime(2026, 1, 3, 1, 0, tzinfo=UTC)) as world:
        html = Site(world).sign_in("ana").read("/")

    assert "Nobody holds the phone" in html
    assert "holder nobody" in html


def test_home_by_day_says_who_takes_over_when_the_office_closes(database_url: str) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        html = Site(world).sign_in("omar").read("/")

    assert "The office is open" in html
    assert "takes the phone when the office closes" in html
    assert "18:00" in html


def test_home_warns_when_the_engine_is_silent(ana: Site, world: World) -> None:
    world.engine.run_once()
    quiet = ana.read("/")
    world.clock.forward(timedelta(seconds=31))

    assert "Nobody is being woken right now" not in quiet
    assert "Nobody is being woken right now" in ana.read("/")


def test_home_lists_what_waits_for_me_before_the_rest(ana: Site, world: World) -> None:
    world.ticket("Fire in the lobby", customer_name="Hotel Astoria")
    world.ticket("Invoice question")

    html = ana.read("/")

    assert (
        html.index("Waits for you")
        < html.index("Fire in the lobby")
        < html.index("Invoice question")
    )
    assert "next: Maria Ionescu at" in html
