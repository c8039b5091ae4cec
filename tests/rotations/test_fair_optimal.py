"""A solver is asked about exactly our rules and levels, and its answer is judged by nothing it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.fair.board import Board
from rotations.fair.case import NOBODY, Case
from rotations.fair.engine import plan
from rotations.fair.locks import locks_of
from rotations.fair.optimal import Answer, improve
from rotations.fair.plan import Level, Plan
from rotations.fair.problem import PRIMARY, Assignment, Rules
from rotations.fair.question import Choice, Question, choices_of, question
from rotations.fair.reading import problem_from
from tests.rotations.drawn import problems
from tests.unfair import all_to_ana, team_of_three


@dataclass
class Saying:
    """A solver that says what it is told to, and remembers what it was asked."""

    words: Callable[[Question], list[int]]
    stopped: str = ""
    asked: Question | None = None

    def solve(self, asked: Question) -> Answer:
        self.asked = asked
        return Answer(tuple(self.words(asked)), "saying", self.stopped)


def in_turn(asked: Question) -> list[int]:
    """Everybody in their turn."""
    return [number for number, one in enumerate(asked.choices) if one.person == one.slot % 3]


def why(found: Plan) -> str:
    assert found.improvement is not None
    return found.improvement.why


def test_a_strictly_better_plan_is_taken_with_its_own_reasons_and_levels() -> None:
    problem = team_of_three()
    found = improve(problem, all_to_ana(problem), Saying(in_turn))

    assert [one.primary for one in found.assignments[:4]] == ["ana", "bora", "maria", "ana"]
    assert found.verdict() == "proved: no plan can be fairer"
    assert [reason.person for reason in found.reasons[:2]] == ["ana", "bora"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (lambda _: [0, 0], "the solver's plan breaks a hard rule: ana as primary"),
        (lambda _: [999], "the solver chose what it was not offered"),
        (lambda _: [-1], "the solver chose what it was not offered"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    words: Callable[[Question], list[int]], says: str
) -> None:
    problem = team_of_three()
    found = improve(problem, all_to_ana(problem), Saying(words))

    assert found.assignments == all_to_ana(problem).assignments
    assert why(found).startswith(says)


def unproved(planned: Plan) -> Plan:
    return replace(planned, levels=tuple(replace(level, proved=False) for level in planned.levels))


def test_a_plan_that_is_only_as_good_is_not_taken() -> None:
    problem = team_of_three()
    planned = unproved(plan(problem))
    found = improve(problem, planned, Saying(lambda asked: list(asked.start)))

    assert found.assignments == planned.assignments
    assert why(found) == "saying found nothing better"


def test_a_solver_that_was_stopped_short_says_where() -> None:
    problem = team_of_three()
    solver = Saying(lambda asked: list(asked.start), stopped="squares")
    found = improve(problem, unproved(plan(problem)), solver)

    assert why(found) == "saying reached its limit at squares and found nothing better"


def test_a_plan_that_is_proved_is_left_alone() -> None:
    problem = team_of_three()
    solver = Saying(in_turn)
    found = improve(problem, plan(problem), solver)

    assert solver.asked is None
    assert why(found) == "proved already: no plan can be fairer"


def test_a_fixed_order_is_left_alone() -> None:
    problem = team_of_three(mode="rotation")
    found = improve(problem, all_to_ana(problem), Saying(in_turn))

    assert why(found) == "mode rotation keeps its order"


def test_published_turns_are_not_the_solvers_business() -> None:
    published = tuple(Assignment("ana") for _ in range(4))
    problem = team_of_three(previous_plan=published, rules=Rules(frozen_slots=4))
    solver = Saying(lambda asked: list(asked.start))
    found = improve(problem, all_to_ana(problem), solver)

    assert solver.asked is not None
    assert {choice.slot for choice in solver.asked.choices} == {4, 5, 6, 7, 8}
    assert found.assignments[:4] == published


def test_a_plan_that_is_all_published_is_left_alone() -> None:
    problem = team_of_three(previous_plan=tuple(Assignment("ana") for _ in range(9)))
    found = improve(problem, all_to_ana(problem), Saying(in_turn))

    assert why(found) == "every turn is published"


def asked_about(document: dict[str, Any]) -> tuple[Case, Question, Plan]:
    problem = problem_from(document)
    case = Case(problem, locks_of(problem).places)
    planned = unproved(plan(problem))
    start = [
        Choice(role, slot, case.index[name])
        for role, slot in case.places()
        if (name := planned.assignments[slot].of(role)) is not None
    ]
    reached = {level.name: level for level in planned.levels}
    return case, question(case, choices_of(case), start, reached), planned


def allowed(asked: Question, chosen: set[int]) -> bool:
    """Say whether a set of choices keeps every row that speaks of choices alone."""
    return all(
        sum(column in chosen for column, _ in row.terms) <= row.most
        for row in asked.rows
        if row.most is not None and all(column < len(asked.choices) for column, _ in row.terms)
    )


@settings(max_examples=40, deadline=None)
@given(problems(most_people=5, most_slots=9), st.randoms(use_true_random=False))
def test_the_rows_of_the_question_are_the_rules_of_the_board(
    document: dict[str, Any], dice: Any
) -> None:
    case, asked, _ = asked_about(document)
    board, chosen = Board(case), set[int]()
    for number in dice.sample(range(len(asked.choices)), len(asked.choices)):
        one = asked.choices[number]
        is_free = board.holder[one.role][one.slot] == NOBODY
        fits = is_free and board.fits(one.role, one.slot, one.person)

        assert fits == allowed(asked, {*chosen, number})
        if fits:
            board.put(one.role, one.slot, one.person)
            chosen.add(number)


def least(asked: Question, name: str) -> float | None:
    """Return what a goal costs least with the turns of `start`, above its floor; None: it is no goal here."""
    goal = next((one for one in asked.goals if one.name == name), None)
    if goal is None or goal.floor is None:
        return None
    costs, start = dict(goal.terms), set(asked.start)
    total = sum(cost for column, cost in costs.items() if column in start)
    for row in asked.rows:
        steps = sorted(
            costs[column] for column, factor in row.terms if factor < 0 and column in costs
        )
        if steps and row.least == row.most and row.least is not None:
            held = sum(column in start for column, factor in row.terms if factor > 0) - row.least
            total += sum(steps[: round(held)])
    return total - goal.floor


@pytest.mark.parametrize("name", ["uncovered", "squares", "holidays"])
@settings(max_examples=25, deadline=None)
@given(document=problems(most_people=5, most_slots=9))
def test_a_goal_of_the_question_counts_what_the_level_counts(
    name: str, document: dict[str, Any]
) -> None:
    _, asked, planned = asked_about(document)
    above = least(asked, name)
    level: Level = planned.level(name)

    if above is not None and level.bound is not None:
        assert above == pytest.approx(level.value - level.bound, abs=1e-4)


def test_a_team_too_large_for_a_solver_is_left_alone() -> None:
    document = {
        "format": "rota-problem/1",
        "slots": [{"date": "2027-03-01"} for _ in range(50)],
        "people": [{"id": f"p{number}", "weight": 100 - number % 3} for number in range(90)],
    }
    problem = problem_from(document)
    solver = Saying(lambda _: [])
    found = improve(problem, unproved(plan(problem)), solver)

    assert solver.asked is None
    assert why(found).startswith("4500 choices are too many for a solver")
    assert sum(one.of(PRIMARY) is not None for one in found.assignments) == 50
