"""A team and a plan that keeps every rule and is as unfair as it gets: something for solvers to beat."""

from __future__ import annotations

from rotations.fair.board import Board
from rotations.fair.case import Case
from rotations.fair.engine import described
from rotations.fair.locks import locks_of
from rotations.fair.plan import Plan
from rotations.fair.problem import PRIMARY, Person, Problem, Slot


def team_of_three(**more: object) -> Problem:
    """Ana, Bora and Maria, nine weeks, nobody away."""
    slots = tuple(Slot(f"2027-03-{day:02d}") for day in range(1, 10))
    people = (Person("ana"), Person("bora"), Person("maria"))
    return Problem("team", slots, people, **more)  # type: ignore[arg-type]


def all_to_ana(problem: Problem) -> Plan:
    """Return the plan in which Ana, the first of the team, holds every turn."""
    locks = locks_of(problem)
    board = Board(Case(problem, locks.places))
    for role, slot in board.holes():
        if role == PRIMARY:
            board.put(role, slot, 0)
    return described(board, locks)
