"""Whom a due ticket pages: the pure decision, one situation at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.base import Channel
from oncall.escalation import SHORTEST_ROUND, STEPS, Decision, Standing, Surroundings, decide
from oncall.policy.model import (
    Escalation,
    IfNobody,
    NormalEscalation,
    Step,
    Urgency,
    UrgentEscalation,
)
from oncall.policy.values import Rung

NOW = datetime(2026, 1, 10, 1, tzinfo=UTC)
OPENS = datetime(2026, 1, 12, 7, tzinfo=UTC)
NOW_BY_SMS = (Rung(Channel.SMS, timedelta(0)), Rung(Channel.CALL, timedelta(minutes=1)))


def ladder(
    *steps: tuple[str, int], repeat: int = 2, office: tuple[Step, ...] | None = None
) -> Escalation:
    return Escalation(
        urgent=UrgentEscalation(
            steps=tuple(Step(to=to, wait=timedelta(minutes=wait)) for to, wait in steps),
            repeat=repeat,
            office_hours=office,
            if_nobody=IfNobody(tell=("omar",)),
        ),
        normal=NormalEscalation(office_hours=(Step(to="team", wait=timedelta(0)),)),
    )


THREE = ladder(("holder", 7), ("backup", 5), ("team", 0))
PEOPLE = {"holder": ("ana",), "backup": ("maria",), "team": ("ana", "bora", "maria")}


def at(
    step: int = 0, round_: int = 1, *, urgency: Urgency = Urgency.URGENT, started: datetime = NOW
) -> Standing:
    return Standing(urgency, STEPS, round_, step, started)


def around(people: dict[str, tuple[str, ...]] = PEOPLE, **more: object) -> Surroundings:
    given_ = {
        "now": NOW,
        "is_open": False,
        "next_opening": OPENS,
        "reach": lambda target: people.get(target, ()),
        "rungs": lambda person, step: NOW_BY_SMS,
        **more,
    }
    return Surroundings(**given_)  # type: ignore[arg-type]


def test_the_first_step_pages_its_people_on_every_rung_and_waits() -> None:
    decision = decide(THREE, at(), around())

    assert [(p.person, p.channel, p.due_at - NOW) for p in decision.pages] == [
        ("ana", Channel.SMS, timedelta(0)),
        ("ana", Channel.CALL, timedelta(minutes=1)),
    ]
    assert decision.due_at == NOW + timedelta(minutes=7)
    assert decision.standing.step == 1


def test_a_step_with_nobody_is_skipped_at_once() -> None:
    decision = decide(THREE, at(), around({**PEOPLE, "holder": ()}))

    assert decision.skipped == ("holder",)
    assert {page.person for page in decision.pages} == {"maria"}
    assert decision.due_at == NOW + timedelta(minutes=5)


def test_somebody_without_any_channel_counts_as_nobody() -> None:
    decision = decide(
        THREE, at(), around(rungs=lambda person, step: () if person == "ana" else NOW_BY_SMS)
    )

    assert decision.skipped == ("holder",)


def test_after_the_last_step_the_next_round_begins() -> None:
    decision = decide(THREE, at(2, started=NOW - timedelta(minutes=12)), around())

    assert (decision.standing.round, decision.standing.step) == (2, 0)
    assert decision.due_at == NOW
    assert not decision.tell_nobody_took_it


@pytest.mark.parametrize(
    ("round_", "told"), [(1, False), (2, False), (3, True), (4, False), (5, True)]
)
def test_nobody_took_it_is_told_after_every_second_round(round_: int, told: bool) -> None:
    assert decide(THREE, at(0, round_), around()).tell_nobody_took_it is told


def test_when_nobody_can_be_reached_at_all_that_is_told_at_once_and_tried_again() -> None:
    decision = decide(THREE, at(), around({}))

    assert decision.tell_nobody_took_it
    assert decision.skipped == ("holder", "backup", "team")
    assert decision.due_at == NOW + SHORTEST_ROUND


def test_who_passed_it_on_is_not_asked_again_in_this_round() -> None:
    decision = decide(THREE, at(2), around(passed_on=frozenset({"ana"})))

    assert {page.person for page in decision.pages} == {"bora", "maria"}


def test_in_open_hours_the_office_ladder_is_walked() -> None:
    office = (Step(to="team", wait=timedelta(minutes=10)),)
    escalation = ladder(("holder", 7), ("backup", 0), office=office)

    by_day = decide(escalation, at(), around(is_open=True))
    by_night = decide(escalation, at(), around(is_open=False))

    assert {page.person for page in by_day.pages} == {"ana", "bora", "maria"}
    assert {page.person for page in by_night.pages} == {"ana"}


def test_a_normal_ticket_waits_for_the_office() -> None:
    decision = decide(THREE, at(urgency=Urgency.NORMAL), around())

    assert decision.waits_for_office
    assert decision.due_at == OPENS
    assert decision.pages == ()


def test_a_normal_ticket_is_handed_out_once() -> None:
    decision = decide(THREE, at(urgency=Urgency.NORMAL), around(is_open=True))

    assert {page.person for page in decision.pages} == {"ana", "bora", "maria"}
    assert decision.due_at is None


@given(
    waits=st.lists(st.integers(0, 10), min_size=1, max_size=5),
    reachable=st.sets(st.integers(0, 4)),
    repeat=st.integers(1, 4),
)
def test_an_urgent_ticket_is_always_due_again_and_time_always_moves(
    waits: list[int], reachable: set[int], repeat: int
) -> None:
    escalation = ladder(*((str(index), wait) for index, wait in enumerate(waits)), repeat=repeat)
    now, standing, told = NOW, at(), 0

    for _ in range(60):
        surroundings = around({str(index): (f"p{index}",) for index in reachable}, now=now)
        decision: Decision = decide(escalation, standing, surroundings)
        assert decision.due_at is not None
        assert decision.due_at >= now
        now, standing = decision.due_at, decision.standing
        told += decision.tell_nobody_took_it

    # However short the waits, no round is walked faster than once a minute.
    assert now - NOW >= (standing.round - 2) * SHORTEST_ROUND
    assert told >= (standing.round - 1) // repeat - 1
