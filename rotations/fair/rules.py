"""Say in words which hard rules stand against somebody in a place. Decides nothing: Board.fits does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rotations.fair.board import Board
from rotations.fair.case import NOBODY, Case, bits_of
from rotations.fair.problem import PRIMARY, ROLES, Problem


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule against one person in one place; `remedy` is what would lift it, "" when nothing can."""

    rule: str
    text: str
    remedy: str = ""


CAUSES = {
    "employed": "not employed",
    "absent": "on a long absence",
    "leave": "on leave",
    "one-role": "in the other role",
    "gap": "not rested",
    "cap": "at a cap",
    "no-go": "never with the other one",
}
"""Rule -> how it reads after a number of people."""


def counted(rules: list[str]) -> str:
    """Return `3 on leave, 2 not rested` for the rules that stand against people, one entry a person."""
    parts = [f"{rules.count(rule)} {words}" for rule, words in CAUSES.items() if rule in rules]
    return ", ".join(parts) or "there is nobody"


def label(problem: Problem, slot: int) -> str:
    """Name a slot as people say it: `week 29` where turns start a week apart, else `the turn of 2027-07-19`."""
    here = _date(problem, slot)
    beside = _date(problem, slot + 1 if slot + 1 < len(problem.slots) else slot - 1)
    if here is not None and beside is not None and abs((beside - here).days) == 7:
        return f"week {here.isocalendar().week}"
    return f"the turn of {problem.slots[slot].date}"


def _date(problem: Problem, slot: int) -> date | None:
    if not 0 <= slot < len(problem.slots):
        return None
    try:
        return date.fromisoformat(problem.slots[slot].date[:10])
    except ValueError:
        return None


def broken(board: Board, role: int, slot: int, person: int) -> list[Broken]:
    """Return every rule against `person` in a place, which must be empty on the board; none: they fit."""
    found = _absence(board.case, slot, person)
    if found and not found[0].remedy:
        return found
    return [
        *found,
        *_rest(board, role, slot, person),
        *_caps(board, role, slot, person),
        *_pairs(board, role, slot, person),
    ]


def _absence(case: Case, slot: int, person: int) -> list[Broken]:
    one = case.people[person]
    if not one.start <= slot <= one.end:
        return [Broken("employed", f"{one.id} is not employed then")]
    if slot in one.paused:
        return [Broken("absent", f"{one.id} is on a long absence then")]
    if slot in one.unavailable:
        return [Broken("leave", f"{one.id} is on leave then", f"ask {one.id}, who is on leave")]
    return []


def _rest(board: Board, role: int, slot: int, person: int) -> list[Broken]:
    """Return the nearest turn that is too close, or that the person has the other role."""
    case = board.case
    name = case.people[person].id
    close = [
        (abs(near - slot), near, f"{name} is {ROLES[other]} in {label(case.problem, near)}")
        for other in range(case.roles)
        for near in bits_of(board.held[other][person] & case.near(other, role, slot))
    ]
    last = case.people[person].last_turn
    if last is not None and slot - last < case.gap:
        close.append((slot - last, last, f"{name} had the last turn before this plan"))
    if not close:
        return []
    distance, near, held = min(close)
    if near == slot:
        return [Broken("one-role", f"{held} already")]
    text = f"{held}, {distance} away, and the shortest gap is {case.gap}"
    return [Broken("gap", text, f"allow {name} a gap of {distance}")]


def _caps(board: Board, role: int, slot: int, person: int) -> list[Broken]:
    if role != PRIMARY:
        return []
    case, name = board.case, board.case.people[person].id
    in_quarter = board.in_quarter[person].get(case.quarter[slot], 0)
    in_year = board.in_year[person].get(case.year[slot], 0)
    found = []
    if in_quarter >= case.per_quarter[person]:
        text = f"{name} has {in_quarter} turns in that quarter already"
        found.append(Broken("cap", text, f"raise the cap per quarter for {name}"))
    if in_year >= case.per_year[person]:
        text = f"{name} has {in_year} turns in that year already"
        found.append(Broken("cap", text, f"raise the cap per year for {name}"))
    return found


def _pairs(board: Board, role: int, slot: int, person: int) -> list[Broken]:
    case = board.case
    if case.roles == 1:
        return []
    there = board.holder[1 - role][slot]
    if there == NOBODY or not case.no_go[person] >> there & 1:
        return []
    name, other = case.people[person].id, case.people[there].id
    return [Broken("no-go", f"{name} and {other} never share a turn")]
