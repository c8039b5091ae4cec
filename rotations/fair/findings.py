"""What somebody should know about a problem or its plan: too few people, holes and how to close them."""

from __future__ import annotations

from rotations.fair.board import Board
from rotations.fair.case import NOBODY, TURN, Case
from rotations.fair.plan import Finding
from rotations.fair.problem import ROLES
from rotations.fair.rules import broken, counted, label

_ENOUGH = 1.5
"""People per (gap x roles) below which leave will leave holes: measured."""


def before_planning(case: Case, refused: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """Return what can be said before planning: too few people for the rules, turns with too few people free."""
    return (*refused, *_too_few_people(case), *_too_few_free(case))


def _too_few_people(case: Case) -> list[Finding]:
    if not case.slots:
        return []
    employed = [
        sum(person.is_employed(slot) for person in case.people) for slot in range(case.slots)
    ]
    least = min(employed)
    if least >= _ENOUGH * case.gap * case.roles:
        return []
    slot = employed.index(least)
    text = (
        f"{least} people in {label(case.problem, slot)} are few for a gap of {case.gap}"
        f" and {case.roles} role{'s' if case.roles > 1 else ''}: leave will leave holes"
    )
    short = [
        number for number, count in enumerate(employed) if count < _ENOUGH * case.gap * case.roles
    ]
    return [Finding("too-few-people", short[0], short[-1], None, (), text)]


def _too_few_free(case: Case) -> list[Finding]:
    found = []
    for slot in range(case.slots):
        free = [one.id for one in case.people if one.is_available(slot)]
        if len(free) < case.roles:
            away = [
                one.id for one in case.people if slot in one.unavailable and one.is_employed(slot)
            ]
            text = f"{label(case.problem, slot)} needs {case.roles} and has {len(free)} free"
            remedies = tuple(f"ask {name}, who is on leave" for name in away)
            found.append(Finding("too-few-free", slot, slot, None, tuple(away), text, remedies))
    return found


def of_plan(board: Board) -> tuple[Finding, ...]:
    """Return the holes of a plan, each with causes and what would close it, and people far from their share."""
    return (*_holes(board), *_far_off(board))


def _holes(board: Board) -> list[Finding]:
    found = []
    for role in range(board.case.roles):
        slots = [slot for slot in range(board.case.slots) if board.holder[role][slot] == NOBODY]
        for first, last in _runs(slots):
            found.append(_hole(board, role, first, last))
    return found


def _runs(slots: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for slot in slots:
        if runs and runs[-1][1] == slot - 1:
            runs[-1] = (runs[-1][0], slot)
        else:
            runs.append((slot, slot))
    return runs


def _hole(board: Board, role: int, first: int, last: int) -> Finding:
    case = board.case
    causes: dict[int, str] = {}
    closing: dict[tuple[int, str], tuple[str, str]] = {}
    for slot in range(first, last + 1):
        for person in case.everyone:
            rules = broken(board, role, slot, person)
            if rules:
                causes.setdefault(person, rules[0].rule)
            if len(rules) == 1 and rules[0].remedy:
                where = label(case.problem, slot)
                key = (_REMEDIES.index(rules[0].rule), f"{rules[0].remedy} ({where})")
                closing[key] = (case.people[person].id, key[1])
    ordered = [closing[key] for key in sorted(closing)]
    span = label(case.problem, first)
    if last > first:
        span = f"{span} to {label(case.problem, last)}"
    text = f"nobody is {ROLES[role]} in {span}: {counted(list(causes.values()))}"
    people = tuple(dict.fromkeys(name for name, _ in ordered))
    return Finding("hole", first, last, ROLES[role], people, text, tuple(one for _, one in ordered))


_REMEDIES = ("gap", "cap", "leave")
"""In the order they are offered: shorter gap, higher cap, ask somebody on leave."""


def _far_off(board: Board) -> list[Finding]:
    case = board.case
    found = []
    for one, off in enumerate(board.off):
        if abs(off) <= TURN or not case.slots:
            continue
        side = "above" if off > 0 else "below"
        name = case.people[one].id
        text = f"{name} ends {abs(off) / TURN:.2f} turns {side} the fair share"
        found.append(Finding("far-from-share", 0, case.slots - 1, None, (name,), text))
    return found
