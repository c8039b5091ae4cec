"""A malformed problem is refused with the field that is wrong; unknown keys are not looked at."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from rotations.fair.problem import ProblemError
from rotations.fair.reading import problem_from, problem_from_json
from rotations.fair.writing import input_hash, problem_document
from tests.planning_problems import document, person, weeks
from tests.rotations.drawn import planned, problems

Json = dict[str, Any]


def good() -> Json:
    return document(
        weeks(4), [person("ana"), person("bora")], roles=["primary", "backup"], chain=True
    )


def broken(path: str, value: Any) -> Json:
    problem = good()
    *folders, last = path.split(".")
    here: Any = problem
    for folder in folders:
        here = here[int(folder)] if folder.isdigit() else here[folder]
    here[int(last) if last.isdigit() else last] = value
    return problem


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("format", "rota-problem/2", "format"),
        ("name", 7, "name"),
        ("roles", ["backup"], "roles"),
        ("slots", "many", "slots"),
        ("slots.1", 3, "slots[1]"),
        ("slots.1.date", None, "slots[1].date"),
        ("slots.1.year", "2027", "slots[1].year"),
        ("slots.1.holiday", 3, "slots[1].holiday"),
        ("people", None, "people"),
        ("people.0.id", "", "people[0].id"),
        ("people.1.id", "ana", "people[1].id"),
        ("people.0.weight", 0, "people[0].weight"),
        ("people.0.weight", True, "people[0].weight"),
        ("people.0.from", 1.5, "people[0].from"),
        ("people.0.unavailable", [4], "people[0].unavailable[0]"),
        ("people.0.wanted", [0, -1], "people[0].wanted[1]"),
        ("people.0.unwanted", "none", "people[0].unwanted"),
        ("people.0.last_turn", 0, "people[0].last_turn"),
        ("people.0.major_history", -1, "people[0].major_history"),
        ("people.0.max_per_year", -1, "people[0].max_per_year"),
        ("rules", [], "rules"),
        ("rules.min_gap", None, "rules.min_gap"),
        ("rules.chain", 1, "rules.chain"),
        ("rules.no_go_pairs", [["ana"]], "rules.no_go_pairs[0]"),
        ("rules.no_go_pairs", [["ana", "omar"]], "rules.no_go_pairs[0]"),
        ("rules.no_go_pairs", [["ana", "ana"]], "rules.no_go_pairs[0]"),
        ("rules.frozen_slots", -1, "rules.frozen_slots"),
        ("fixed", [{"slot": 9, "role": "primary", "person": "ana"}], "fixed[0].slot"),
        ("fixed", [{"slot": 1, "role": "cook", "person": "ana"}], "fixed[0].role"),
        ("fixed", [{"slot": 1, "role": "primary", "person": "omar"}], "fixed[0].person"),
        ("fixed", [{"slot": 1, "person": "ana"}, {"slot": 1, "person": "bora"}], "fixed[1]"),
        ("previous_plan", [{"primary": 3}], "previous_plan[0].primary"),
        ("previous_plan", [{}] * 5, "previous_plan"),
        ("order", ["ana", "ana"], "order"),
        ("order", ["omar"], "order[0]"),
        ("mode", "magic", "mode"),
        ("holiday_balance", "easter", "holiday_balance"),
    ],
)
def test_the_field_that_is_wrong_is_named(path: str, value: Any, field: str) -> None:
    with pytest.raises(ProblemError) as caught:
        problem_from(broken(path, value))

    assert caught.value.field == field


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "3"])
def test_what_is_no_json_document_is_refused_in_words(text: str) -> None:
    with pytest.raises(ProblemError) as caught:
        problem_from_json(text)

    assert caught.value.field == "document"


def test_unknown_keys_are_not_looked_at() -> None:
    more = good() | {"comment": "ours"}
    more["people"][0]["shoe_size"] = 38
    more["rules"]["moon"] = "full"
    more["slots"][0]["note"] = None

    assert planned(more) == planned(good())


@given(problems())
def test_what_is_written_reads_back_as_the_same_problem(problem: Json) -> None:
    first = problem_from(problem)
    again = problem_from_json(json.dumps(problem_document(first)))

    assert again == first
    assert input_hash(again) == input_hash(first)
