"""Some types and teams have ladders of their own; what those leave out is as for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oncall import store, story
from tests.world import EXAMPLE, THURSDAY_NOON, World, a_world

SECTIONS = """  types:
    Outage:
      urgent:
        steps: [{ to: maria, wait: 5m }, { to: omar, wait: 5m }]
        repeat: 1
        if_nobody: { tell: [bora] }
  teams:
    support:
      urgent: { steps: [{ to: bora, wait: 2m }, { to: support, wait: 5m }] }
      normal: { office_hours: [{ to: maria, by: [email now] }] }
"""
TEXT = EXAMPLE.read_text(encoding="utf-8").replace("  # types:", f"{SECTIONS}  # types:")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with a_world(database_url, text=TEXT) as whole:
        yield whole


def first_asked(world: World, ticket: int) -> list[str]:
    world.forward(minutes=6)
    return list(dict.fromkeys(person for _, person, _ in world.minutes_of_pages(ticket)))


def test_a_type_in_any_case_walks_its_own_ladder(world: World) -> None:
    ticket = world.ticket(type="OUTAGE")

    assert first_asked(world, ticket) == ["maria", "omar"]


def test_a_team_walks_its_own_ladder(world: World) -> None:
    ticket = world.ticket(team="Support")

    assert first_asked(world, ticket)[0] == "bora"


def test_a_type_says_more_about_whom_to_wake_than_a_team(world: World) -> None:
    ticket = world.ticket(type="outage", team="support")

    assert first_asked(world, ticket) == ["maria", "omar"]


def test_any_other_ticket_walks_the_general_ladder(world: World) -> None:
    ticket = world.ticket(type="question")

    assert first_asked(world, ticket) == ["ana"]


def test_a_section_says_who_is_told_that_nobody_took_it_and_after_how_many_rounds(
    world: World,
) -> None:
    ticket = world.ticket(type="outage")

    world.forward(minutes=11)

    told = [page.person for page in world.pages(ticket) if page.kind == "nobody"]
    assert set(told) == {"bora"}


def test_what_a_section_leaves_out_is_as_in_the_general_ladders(world: World) -> None:
    world.clock.move_to(THURSDAY_NOON)
    ticket = world.ticket(subject="Invoice", type="outage")

    assert {page.person for page in world.pages(ticket)} == {"ana", "bora", "maria"}


def test_a_normal_ticket_of_a_team_goes_where_the_team_wants_it(world: World) -> None:
    world.clock.move_to(THURSDAY_NOON)
    ticket = world.ticket(subject="Invoice", team="support")

    assert [page.person for page in world.pages(ticket)] == ["maria"]


def test_the_story_of_a_ticket_says_whose_ladder_it_walks(world: World) -> None:
    ticket = world.ticket(type="outage", team="support")

    with store.reading(world.app.sessions) as session:
        told = story.of_ticket(session, world.app, ticket, world.clock())

    assert (told.ladder_of_type, told.ladder_of_team) == ("Outage", "support")
    assert [step.to for step in told.steps] == ["maria", "omar"]
