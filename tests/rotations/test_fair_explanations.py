"""Every sentence about a plan is checked against the plan."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rotations.fair.engine import plan, why_not_somebody_else
from rotations.fair.reading import problem_from
from tests.planning_checker import available, objective, violations
from tests.planning_problems import document, names, person, team, weeks
from tests.rotations.drawn import planned, problems, rows
from tests.rotations.test_fair_properties import LEVELS, with_rows

Json = dict[str, Any]
some = settings(max_examples=50, deadline=None)
FIGURES = re.compile(r"due (-?\d+\.\d) turns, held (\d+)")
FREE = re.compile(r"of the (\d+) people free and rested")


@some
@given(problems())
def test_the_figures_of_every_reason_are_those_of_the_plan(problem: Json) -> None:
    answer = planned(problem)

    for reason in answer["reasons"]:
        slot, role = reason["slot"], reason["role"]
        assert reason["person"] == rows(answer)[slot][role]
        if reason["person"] is None:
            continue
        due, held = FIGURES.search(reason["text"]).groups()
        earlier = sum(row[role] == reason["person"] for row in rows(answer)[:slot])
        assert int(held) == reason["held"] == earlier
        assert abs(float(due) - reason["due"]) <= 0.0501


@some
@given(problems())
def test_who_is_called_free_and_rested_is(problem: Json) -> None:
    answer = planned(problem)

    for reason in answer["reasons"]:
        found = FREE.search(reason["text"])
        if found:
            able = [
                one["id"]
                for one in problem["people"]
                if not violations(
                    problem, with_rows(answer, {(reason["slot"], reason["role"]): one["id"]})
                )
            ]
            assert len(able) == int(found[1]) == reason["free"]


@some
@given(problems(most_people=5, most_slots=8), st.data())
def test_why_not_somebody_else_names_a_rule_or_a_level_that_gets_worse(
    problem: Json, data: st.DataObject
) -> None:
    assume(problem["people"])
    read = problem_from(problem)
    made = plan(read)
    answer = planned(problem)
    slot = data.draw(st.integers(0, len(problem["slots"]) - 1))
    role = data.draw(st.integers(0, len(problem["roles"]) - 1))
    one = data.draw(st.sampled_from(problem["people"]))
    told = why_not_somebody_else(read, made, slot, role, one["id"])

    instead = with_rows(answer, {(slot, problem["roles"][role]): one["id"]})
    if told.kind == "rule":
        assert violations(problem, instead)
    if told.kind in {"level", "tie"}:
        assert not violations(problem, instead)
        assert told.name in first_worse(problem, answer, instead)
    assert told.kind in {"holds", "stands", "rule", "level", "tie"}


def first_worse(problem: Json, answer: Json, instead: Json) -> set[str]:
    """The first level that differs; plans that count alike may differ in how close their close turns lie."""
    before, after = objective(problem, answer), objective(problem, instead)
    differing = [name for name in LEVELS if abs(before[name] - after[name]) > 1e-6]
    if not differing:
        return {"", "spacing"}
    assert after[differing[0]] > before[differing[0]]
    return {differing[0]}


def test_the_account_of_a_year_adds_up() -> None:
    answer = planned(team(5, 12, 52, gap=3, two_roles=True))

    for one in answer["accounts"]:
        mine = [row for row in rows(answer) if row["primary"] == one["person"]]
        assert one["held"] == len(mine)
        assert one["backups"] == sum(row["backup"] == one["person"] for row in rows(answer))
        assert abs(one["due"] - one["held"] - one["carried"] - one["credit"]) < 0.002


def test_too_few_people_for_the_rules_are_named_before_planning() -> None:
    answer = planned(document(weeks(10), [person(name) for name in names(4)], min_gap=4))

    assert answer["findings"][0]["code"] == "too-few-people"


def test_a_hole_says_what_would_close_it() -> None:
    people = [person("ana", unavailable=[3, 4, 5]), person("bora")]
    problem = document(weeks(6), people, min_gap=2)
    answer = planned(problem)

    hole = next(one for one in answer["findings"] if one["code"] == "hole")
    week = f"(week {hole['first'] + 1})"
    assert hole["remedies"] == [f"allow bora a gap of 1 {week}", f"ask ana, who is on leave {week}"]


@some
@given(problems())
def test_every_remedy_of_a_hole_would_close_it(problem: Json) -> None:
    answer = planned(problem)

    for hole in (one for one in answer["findings"] if one["code"] == "hole"):
        for name in hole["people"]:
            lifted = with_everything_allowed(problem, name)
            closed = [
                with_rows(answer, {(slot, hole["role"]): name})
                for slot in range(hole["first"], hole["last"] + 1)
            ]
            before = len(violations(lifted, answer))
            assert any(len(violations(lifted, one)) <= before for one in closed)


def with_everything_allowed(problem: Json, name: str) -> Json:
    """The problem with gap, caps and leave lifted: what a remedy may ask for."""
    people = [
        {**one, "unavailable": [], "max_per_quarter": 999, "max_per_year": 999, "last_turn": None}
        if one["id"] == name
        else one
        for one in problem["people"]
    ]
    return {**problem, "people": people, "rules": {**problem["rules"], "min_gap": 1}}


def test_a_pin_whose_holder_is_away_is_reported() -> None:
    problem = document(
        weeks(4),
        [person("ana", unavailable=[1]), person("bora")],
        fixed=[{"slot": 1, "role": "primary", "person": "ana"}],
    )
    answer = planned(problem)

    assert answer["findings"][0]["code"] == "pinned-cannot-stand"
    assert rows(answer)[1]["primary"] == "bora"
    assert not available(problem["people"][0], 1)
