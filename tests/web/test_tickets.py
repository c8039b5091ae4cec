"""The ticket pages: the list, the story, and the three buttons."""

from __future__ import annotations

import pytest

from tests.site import Site
from tests.world import World


def test_the_list_shows_open_tickets_before_solved_ones(ana: Site, world: World) -> None:
    world.ticket("Fire alarm one")
    world.ticket("Fire alarm two")
    ana.send("/tickets/1", verb="resolve")

    html = ana.read("/tickets")

    assert html.index("Fire alarm two") < html.index("Solved lately") < html.index("Fire alarm one")


def test_the_page_tells_who_was_asked_how_and_when(ana: Site, world: World) -> None:
    world.ticket(
        "Fire alarm", customer_name="Hotel Astoria", customer_phone="+12025550111", body="Room 12"
    )
    world.forward(minutes=8)

    html = ana.read("/tickets/1")

    for words in (
        "Hotel Astoria: Fire alarm",
        "+1 202-555-0111",
        "Room 12",
        "no answer",
        "03:07",
        "in 4 minutes",
    ):
        assert words in html
    assert "Ana Popescu did not answer the call" in html


@pytest.mark.parametrize(
    ("verb", "state", "words"),
    [
        ("take", ("acknowledged", "ana"), "#1 is yours now. Nobody else is rung."),
        ("pass", ("open", None), "You passed #1 on. Somebody else is asked."),
        ("resolve", ("resolved", None), "#1 is solved. Thank you."),
    ],
)
def test_a_button_acts_and_says_what_came_of_it(
    ana: Site, world: World, verb: str, state: tuple[str, str | None], words: str
) -> None:
    world.ticket()

    answer = ana.send("/tickets/1", verb=verb)

    assert answer.headers["Location"] == "/tickets/1"
    assert world.state(1) == state
    assert words in ana.read("/tickets/1")


def test_whoever_comes_second_reads_who_has_it(ana: Site, omar: Site, world: World) -> None:
    world.ticket()
    ana.send("/tickets/1", verb="take")

    answer = omar.send("/tickets/1", verb="pass")

    assert (
        "Ana Popescu has #1 already. Nothing for you to do."
        in omar.get(answer.headers["Location"]).text
    )
    assert world.state(1) == ("acknowledged", "ana")


def test_an_unknown_verb_and_an_unknown_ticket_are_refused(ana: Site, world: World) -> None:
    world.ticket()

    assert ana.send("/tickets/1", verb="explode").status_code == 400
    assert ana.get("/tickets/99").status_code == 404
    assert world.state(1) == ("open", None)


def test_looking_changes_nothing(ana: Site, world: World) -> None:
    world.ticket()
    before = world.story(1)
    ana.get("/tickets/1?verb=take")
    ana.client.head("/tickets/1")

    assert world.state(1) == ("open", None)
    assert world.story(1) == before
