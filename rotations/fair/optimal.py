"""Let a solver try to beat a finished plan, and take its answer only if it keeps every rule and is strictly better.

Starts no solver itself: a `Backend` does, and nothing it says is believed. Without one the plan stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from rotations.fair.board import LEVELS, Board
from rotations.fair.case import NOBODY, Case
from rotations.fair.engine import described
from rotations.fair.improve import Improver
from rotations.fair.locks import locks_of
from rotations.fair.plan import Improvement, Plan
from rotations.fair.problem import ROLES, Problem
from rotations.fair.question import LEVELS as ASKED
from rotations.fair.question import Choice, Question, choices_of, question
from rotations.fair.rules import label

MOST_CHOICES = 4_000
"""A problem with more choices than this is not put to a solver: it would only run into its limits."""


class SolverFailed(Exception):
    """A backend has no answer; its words are for people and say why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver says: which choices (by number), who it is, and at which level its limit stopped it, if any."""

    chosen: tuple[int, ...]
    solver: str
    stopped: str = ""


class Backend(Protocol):
    """Something that answers questions, well or badly."""

    def solve(self, asked: Question) -> Answer:
        """Return an answer; raises `SolverFailed` when there is none."""


class _Refused(Exception):
    """An answer that cannot be taken; its words say why."""


def improve(problem: Problem, planned: Plan, backend: Backend) -> Plan:
    """Return `planned`, or a strictly better plan by way of `backend`; `improvement` says which, and why.

    Published turns stay as `planned` has them.
    """
    first = len(problem.previous_plan or ())
    needless = _needless(problem, planned, first)
    if needless:
        return _kept(planned, needless, tried=False)
    case = _case(problem, planned, first)
    choices = choices_of(case, first)
    if len(choices) > MOST_CHOICES:
        why = f"{len(choices)} choices are too many for a solver, which gets at most {MOST_CHOICES}"
        return _kept(planned, why, tried=False)
    reached = {level.name: level for level in planned.levels}
    try:
        answer = backend.solve(question(case, choices, _start(case, planned), reached))
        board = _board(problem, planned, first)
        _fill(board, _chosen(choices, answer.chosen))
    except (SolverFailed, _Refused) as refusal:
        return _kept(planned, str(refusal), tried=True)
    return _judged(problem, planned, board, answer)


def _needless(problem: Problem, planned: Plan, first: int) -> str:
    """Return why there is nothing to try, or ""."""
    if problem.mode == "rotation":
        return "mode rotation keeps its order"
    if first >= len(problem.slots):
        return "every turn is published"
    if set(ASKED) <= set(planned.proved):
        return "proved already: no plan can be fairer"
    return ""


def _kept(planned: Plan, why: str, *, tried: bool) -> Plan:
    return replace(planned, improvement=Improvement(tried=tried, used=False, why=why))


def _case(problem: Problem, planned: Plan, first: int) -> Case:
    """Return the problem with the published turns locked as `planned` has them."""
    index = {person.id: number for number, person in enumerate(problem.in_order())}
    locked = dict(locks_of(problem).places)
    for slot, assignment in enumerate(planned.assignments[:first]):
        for role in range(problem.roles):
            name = assignment.of(role)
            if name is not None:
                locked[role, slot] = index[name]
    return Case(problem, locked)


def _start(case: Case, planned: Plan) -> list[Choice]:
    return [
        Choice(role, slot, case.index[name])
        for role, slot in case.places()
        if (name := planned.assignments[slot].of(role)) is not None
    ]


def _board(problem: Problem, planned: Plan, first: int) -> Board:
    """Return a board with what stands: locked turns, and the published ones as `planned` has them."""
    board = Board(Case(problem, locks_of(problem).places))
    for choice in _start(board.case, planned):
        if choice.slot < first:
            board.set(choice.role, choice.slot, choice.person)
    return board


def _chosen(choices: tuple[Choice, ...], numbers: Iterable[int]) -> list[Choice]:
    numbers = list(numbers)
    if not all(0 <= number < len(choices) for number in numbers):
        raise _Refused("the solver chose what it was not offered")
    return [choices[number] for number in numbers]


def _fill(board: Board, chosen: Iterable[Choice]) -> None:
    """Put every choice on the board, asking its own rules each time."""
    for one in chosen:
        is_taken = board.holder[one.role][one.slot] != NOBODY
        if is_taken or not board.fits(one.role, one.slot, one.person):
            case = board.case
            where = f"{case.people[one.person].id} as {ROLES[one.role]} in {label(case.problem, one.slot)}"
            raise _Refused(f"the solver's plan breaks a hard rule: {where}")
        board.put(one.role, one.slot, one.person)


def _judged(problem: Problem, planned: Plan, board: Board, answer: Answer) -> Plan:
    first = len(problem.previous_plan or ())
    locks = locks_of(problem)
    before = _board(problem, planned, len(problem.slots)).score()
    # The solver was not asked about the lower levels; they are settled as after any other step.
    Improver(board, lambda role, slot: slot >= first and (role, slot) not in locks.places).run()
    if board.score() >= before:
        return _kept(planned, _no_better(answer), tried=True)
    found = described(board, locks, planned.moves, planned.offers)
    level = next(
        name for name, new, old in zip(LEVELS, board.score(), before, strict=True) if new != old
    )
    value, old_value = found.level(level).value, planned.level(level).value
    why = f"{answer.solver} found a better plan: {level} {value:g} instead of {old_value:g}"
    if answer.stopped:
        why += f"; it reached its limit at {answer.stopped}"
    return replace(
        found,
        engine=f"{found.engine}+{answer.solver}",
        improvement=Improvement(tried=True, used=True, why=why),
    )


def _no_better(answer: Answer) -> str:
    if answer.stopped:
        return f"{answer.solver} reached its limit at {answer.stopped} and found nothing better"
    return f"{answer.solver} found nothing better"
