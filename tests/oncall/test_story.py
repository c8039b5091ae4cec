"""A ticket's page tells the whole story: the ladder with clock times and what became of each try."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncall import story
from oncall.errors import NotFound
from oncall.store import reading
from oncall.story import Fate, StepState, TicketStory
from oncall.tickets import Verb
from tests.world import SATURDAY_NIGHT, World


def told(world: World, ticket_id: int = 1) -> TicketStory:
    with reading(world.app.sessions) as session:
        return story.of_ticket(session, world.app, ticket_id, world.clock())


def states(world: World) -> list[StepState]:
    return [step.state for step in told(world).steps]


def minutes(world: World) -> list[float | None]:
    return [
        (step.at - SATURDAY_NIGHT) / timedelta(minutes=1) if step.at else None
        for step in told(world).steps
    ]


def test_an_unknown_ticket_has_no_story(world: World) -> None:
    with pytest.raises(NotFound):
        told(world, 99)


def test_a_new_urgent_ticket_shows_every_step_at_its_minute(world: World) -> None:
    world.ticket()

    assert states(world) == [StepState.RUNNING, StepState.NEXT, StepState.LATER, StepState.LATER]
    assert minutes(world) == [0, 7, 12, 15]


def test_what_ran_keeps_its_tries_and_what_became_of_them(world: World) -> None:
    world.ticket()
    world.forward(minutes=8)

    first, second, *_ = told(world).steps

    assert (first.state, second.state) == (StepState.DONE, StepState.RUNNING)
    assert [(attempt.channel, attempt.fate) for attempt in first.tries] == [
        ("sms", Fate.DELIVERED),
        ("call", Fate.NO_ANSWER),
        ("call", Fate.NO_ANSWER),
    ]


def test_once_taken_the_later_steps_are_not_needed_any_more(world: World) -> None:
    world.ticket()
    world.forward(minutes=1)
    world.press("ana", "1")

    first, *later = told(world).steps

    assert first.state is StepState.DONE
    assert [attempt.fate for attempt in first.tries] == [
        Fate.DELIVERED,
        Fate.ANSWERED,
        Fate.CANCELLED,
    ]
    assert {step.state for step in later} == {StepState.CALLED_OFF}
    assert {step.at for step in later} == {None}


def test_a_round_that_is_over_stays_until_the_next_one_asks(world: World) -> None:
    world.ticket()
    world.forward(minutes=15)

    assert told(world).round == 2 or states(world)[-1] is StepState.RUNNING
    assert len(told(world).steps) == 4


def test_the_second_round_starts_with_its_own_tries(world: World) -> None:
    world.ticket()
    world.forward(minutes=21)

    found = told(world)

    assert found.round == 2
    assert found.steps[0].state is StepState.RUNNING
    assert [step.state for step in found.steps[1:]] == [
        StepState.NEXT,
        StepState.LATER,
        StepState.LATER,
    ]


def test_who_is_told_when_nobody_answers_is_named(world: World) -> None:
    world.ticket()

    found = told(world)

    assert found.rounds == 2
    assert [someone.short for someone in found.told_if_nobody] == ["omar"]


def test_the_timeline_names_people_and_the_way_they_acted(world: World) -> None:
    world.ticket()
    world.act("bora", Verb.TAKE, 1)

    (taken,) = (line for line in told(world).timeline if line.kind == "acknowledged")

    assert taken.actor is not None
    assert taken.actor.name == "Bora Yıldız"
    assert taken.fact["via"] == "web"


def test_a_report_that_overtook_its_request_is_told_after_it(world: World) -> None:
    world.ticket()
    sent, delivered = (
        [line.kind for line in told(world).timeline].index(kind)
        for kind in ("page_accepted", "page_delivered")
    )

    assert sent < delivered


def test_a_link_that_is_no_web_address_is_not_shown(world: World) -> None:
    world.ticket(link="javascript:alert(1)")

    assert told(world).link == ""


@pytest.mark.parametrize(
    ("state", "status", "answered", "fate"),
    [
        ("planned", "", "", Fate.PLANNED),
        ("sending", "", "", Fate.SENDING),
        ("refused", "", "", Fate.REFUSED),
        ("cancelled", "", "", Fate.CANCELLED),
        ("accepted", "queued", "", Fate.SENT),
        ("accepted", "delivered", "", Fate.DELIVERED),
        ("accepted", "undelivered", "", Fate.FAILED),
        ("accepted", "in-progress", "", Fate.TALKING),
        ("accepted", "completed", "", Fate.NO_KEY),
        ("accepted", "completed", "1", Fate.ANSWERED),
    ],
)
def test_a_completed_call_without_a_key_is_not_an_answer(
    state: str, status: str, answered: str, fate: Fate
) -> None:
    assert story.fate(state, status, answered) is fate
