"""What is true of every plan, whatever the problem."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.planning_checker import available, objective, violations
from tests.planning_problems import document, names, person, weeks
from tests.rotations.drawn import planned, problems, rows

Json = dict[str, Any]
LEVELS = (
    "uncovered",
    "largest_deviation",
    "squares",
    "holidays",
    "repeated_seasons",
    "chain_breaks",
    "backup_squares",
    "wishes",
    "spacing",
)
few = settings(max_examples=40, deadline=None)
many = settings(max_examples=120, deadline=None)


def vector(problem: Json, answer: Json) -> tuple[float, ...]:
    levels = objective(problem, answer)
    return tuple(round(levels[name], 5) for name in LEVELS)


@many
@given(problems())
def test_no_plan_breaks_a_hard_rule(problem: Json) -> None:
    assert violations(problem, planned(problem)) == []


@many
@given(problems())
def test_the_planner_counts_every_level_as_the_checker_does(problem: Json) -> None:
    answer = planned(problem)

    for name, value in objective(problem, answer).items():
        assert answer["objective"][name] == pytest.approx(value, abs=1e-5), name


@many
@given(problems())
def test_a_place_stays_empty_only_if_everybody_breaks_a_rule_in_it(problem: Json) -> None:
    answer = planned(problem)

    for slot, row in enumerate(rows(answer)):
        for role in problem["roles"]:
            if row[role] is None:
                for one in problem["people"]:
                    filled = copy.deepcopy(answer)
                    filled["assignments"][slot][role] = one["id"]
                    assert violations(problem, filled)


@many
@given(problems())
def test_every_empty_place_is_named_with_its_reason(problem: Json) -> None:
    answer = planned(problem)

    holes = [one for one in answer["findings"] if one["code"] == "hole"]
    named = {
        (slot, hole["role"]) for hole in holes for slot in range(hole["first"], hole["last"] + 1)
    }
    empty = {
        (slot, role)
        for slot, row in enumerate(rows(answer))
        for role in problem["roles"]
        if row[role] is None
    }
    assert named == empty


@few
@given(problems(), st.randoms(use_true_random=False))
def test_shuffled_people_and_keys_give_the_same_bytes(problem: Json, dice: random.Random) -> None:
    shuffled = copy.deepcopy(problem)
    dice.shuffle(shuffled["people"])
    shuffled["people"] = [
        dict(sorted(one.items(), key=lambda _: dice.random())) for one in shuffled["people"]
    ]

    assert json.dumps(planned(shuffled)) == json.dumps(planned(problem))


@few
@given(problems())
def test_renaming_people_in_order_renames_the_plan(problem: Json) -> None:
    renamed = json.loads(json.dumps(problem).replace('"p0', '"person-0'))

    before = json.dumps(rows(planned(problem)))
    assert json.dumps(rows(planned(renamed))) == before.replace('"p0', '"person-0')


@few
@given(problems(), st.integers(2, 9))
def test_all_weights_times_a_number_change_nothing(problem: Json, times: int) -> None:
    heavier = copy.deepcopy(problem)
    for one in heavier["people"]:
        one["weight"] *= times

    assert rows(planned(heavier)) == rows(planned(problem))


@few
@given(st.integers(1, 6), st.integers(1, 30))
def test_people_alike_in_everything_hold_turns_that_differ_by_one_at_most(
    people: int, count: int
) -> None:
    problem = document(weeks(count), [person(name) for name in names(people)])
    answer = planned(problem)

    held = [sum(row["primary"] == name for row in rows(answer)) for name in names(people)]
    assert max(held) - min(held) <= 1


@few
@given(problems(most_people=5, most_slots=10))
def test_no_hand_over_and_no_swap_makes_a_plan_better(problem: Json) -> None:
    answer = planned(problem)
    best = vector(problem, answer)

    for changed in [*hand_overs(problem, answer), *swaps(problem, answer)]:
        if not violations(problem, changed):
            assert vector(problem, changed) >= best


def hand_overs(problem: Json, answer: Json) -> list[Json]:
    return [
        with_rows(answer, {(slot, role): one["id"]})
        for slot in range(len(rows(answer)))
        for role in problem["roles"]
        for one in problem["people"]
        if available(one, slot)
    ]


def swaps(problem: Json, answer: Json) -> list[Json]:
    here = rows(answer)
    return [
        with_rows(answer, {(first, role): here[second][role], (second, role): here[first][role]})
        for role in problem["roles"]
        for first in range(len(here))
        for second in range(first)
        if here[first][role] != here[second][role]
    ]


def with_rows(answer: Json, changes: dict[tuple[int, str], str | None]) -> Json:
    changed = [dict(row) for row in rows(answer)]
    for (slot, role), name in changes.items():
        changed[slot][role] = name
    return {"assignments": changed}


@few
@given(problems())
def test_wishes_never_change_how_fair_a_plan_is(problem: Json) -> None:
    silent = copy.deepcopy(problem)
    for one in silent["people"]:
        one["wanted"] = one["unwanted"] = []

    levels = slice(0, 3)
    assert vector(problem, planned(problem))[levels] == vector(silent, planned(silent))[levels]


@few
@given(problems(plain=True, two_roles=False), st.data())
def test_more_unwanted_weeks_never_mean_fewer_turns_than_the_tie_allows(
    problem: Json, data: st.DataObject
) -> None:
    assume(problem["people"])
    picky = copy.deepcopy(problem)
    one = data.draw(st.sampled_from(picky["people"]))
    one["unwanted"] = list(range(len(problem["slots"])))

    def held(answer: Json) -> int:
        return sum(row["primary"] == one["id"] for row in rows(answer))

    assert held(planned(picky)) >= held(planned(problem)) - 1


@few
@given(problems())
def test_every_bound_lies_at_or_below_what_the_plan_reaches(problem: Json) -> None:
    answer = planned(problem)

    for name, bound in answer["bounds"].items():
        assert bound <= answer["objective"][name] + 1e-6, name


@few
@given(problems())
def test_everybody_is_due_in_all_what_there_is_to_hold(problem: Json) -> None:
    answer = planned(problem)

    due = sum(one["due"] for one in answer["accounts"])
    employed = sum(
        any(one["from"] <= slot <= one["to"] for one in problem["people"])
        for slot in range(len(problem["slots"]))
    )
    assert due == pytest.approx(employed, abs=0.01)
