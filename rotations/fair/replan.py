"""Change a published plan after something changed: repair with the fewest moves, then rebalance. Plans nothing anew.

Published turns of frozen slots, pinned turns and the past stay; nobody is moved for fairness alone unless somebody is
more than one turn off.
"""

from __future__ import annotations

from dataclasses import dataclass

from rotations.fair.board import Board
from rotations.fair.bounds import uncovered_by_flow
from rotations.fair.case import NOBODY, Case
from rotations.fair.exchange import Exchange
from rotations.fair.improve import Improver
from rotations.fair.plan import Move
from rotations.fair.problem import ROLES
from rotations.fair.rules import broken, label

_MOST_OFFERS = 6


@dataclass(frozen=True, slots=True)
class Replanned:
    """What happened to the published part: who stood where before, after the repair, and after rebalancing."""

    before: list[list[int]]
    names: list[list[str | None]]
    repaired: list[list[int]]
    rebalanced: list[list[int]]
    offers: tuple[Move, ...]


def replan(board: Board) -> Replanned:
    """Make the board the previous plan, repaired and, where somebody is more than one turn off, rebalanced."""
    published = _published(board.case)
    before, names = _previous(board.case)
    _keep_what_stands(board, before)
    were_empty = {place for place in board.case.places() if names[place[0]][place[1]] is None}
    exchange = Exchange(board, were_empty)
    exchange.decided |= {place for place in board.case.places() if place[1] >= published}
    least = uncovered_by_flow(board.case) if board.empty and published == board.case.slots else 0
    exchange.fill(at_least_empty=least)
    _choose_among_moved(board, before, published)
    repaired = board.state()
    frozen = board.case.problem.rules.frozen_slots
    improver = Improver(board, lambda role, slot: frozen <= slot < published)
    improver.bring_within_one_turn()
    rebalanced = board.state()
    offers = _offers(board, improver)
    return Replanned(before, names, repaired, rebalanced, offers)


def _published(case: Case) -> int:
    return len(case.problem.previous_plan or ())


def _previous(case: Case) -> tuple[list[list[int]], list[list[str | None]]]:
    names: list[list[str | None]] = [[None] * case.slots for _ in range(case.roles)]
    for slot, assignment in enumerate(case.problem.previous_plan or ()):
        for role in range(case.roles):
            names[role][slot] = assignment.of(role)
    before = [
        [NOBODY if one is None else case.index.get(one, NOBODY) for one in row] for row in names
    ]
    return before, names


def _keep_what_stands(board: Board, before: list[list[int]]) -> None:
    for role, slot in board.case.places():
        person = before[role][slot]
        if (role, slot) in board.case.locked or person == NOBODY:
            continue
        if board.fits(role, slot, person):
            board.put(role, slot, person)


def _choose_among_moved(board: Board, before: list[list[int]], published: int) -> None:
    """Let the turns that have to move anyway go to whom the objective likes best."""
    moved = {
        (role, slot)
        for role, slot in board.case.places()
        if slot < published and board.holder[role][slot] not in (before[role][slot], NOBODY)
    }
    if moved:
        Improver(board, lambda role, slot: (role, slot) in moved).run()


def _offers(board: Board, improver: Improver) -> tuple[Move, ...]:
    """Return the next few hand-overs that would make the plan fairer; the board stays as it is."""
    before = board.state()
    improver.hand_over(_MOST_OFFERS)
    after = board.state()
    offers = tuple(_differences(board, before, after, "rebalance"))
    board.load(before)
    return offers


def _differences(
    board: Board, before: list[list[int]], after: list[list[int]], kind: str
) -> list[Move]:
    case = board.case
    return [
        _balancing(case, (role, slot), before[role][slot], after[role][slot], kind)
        for role, slot in case.places()
        if before[role][slot] != after[role][slot]
    ]


def _name(case: Case, person: int) -> str | None:
    return None if person == NOBODY else case.people[person].id


def _balancing(case: Case, place: tuple[int, int], old: int, new: int, kind: str) -> Move:
    role, slot = place
    text = (
        f"{label(case.problem, slot)} ({ROLES[role]}) from {_name(case, old) or 'nobody'}"
        f" to {_name(case, new) or 'nobody'}: brings turns closer to the fair shares"
    )
    return Move(slot, ROLES[role], _name(case, old), _name(case, new), kind, text)


def moves(board: Board, done: Replanned) -> tuple[Move, ...]:
    """Return every published turn that somebody else has now, each with its reason; the board holds the final plan."""
    published = _published(board.case)
    found = []
    for role, slot in board.case.places():
        old, new = done.names[role][slot], _name(board.case, board.holder[role][slot])
        if slot >= published or old == new:
            continue
        repaired = _name(board.case, done.repaired[role][slot])
        if repaired == old:
            place = (role, slot)
            found.append(
                _balancing(
                    board.case,
                    place,
                    done.before[role][slot],
                    board.holder[role][slot],
                    "rebalance",
                )
            )
        else:
            found.append(_repair(board, done, role, slot))
    return tuple(found)


def _repair(board: Board, done: Replanned, role: int, slot: int) -> Move:
    case = board.case
    old, new = done.names[role][slot], _name(case, board.holder[role][slot])
    why = _cause(board, done, role, slot)
    where = f"{label(case.problem, slot)} ({ROLES[role]})"
    if new is None:
        text = f"{where} stays empty: {why}"
    elif old is None:
        text = f"{where} was empty and goes to {new}"
    else:
        text = f"{where} from {old} to {new}: {why}"
    return Move(slot, ROLES[role], old, new, "repair", text)


def _cause(board: Board, done: Replanned, role: int, slot: int) -> str:
    """Say why whoever had the turn cannot keep it."""
    case = board.case
    old, name = done.before[role][slot], done.names[role][slot]
    if (role, slot) in case.locked:
        return "pinned by agreement"
    if old == NOBODY:
        return f"{name} is not there any more" if name else "nobody is free"
    there = board.holder[role][slot]
    if there != NOBODY:
        board.lift(role, slot)
    rules = broken(board, role, slot, old)
    if there != NOBODY:
        board.put(role, slot, there)
    if rules:
        return rules[0].text
    return f"so that {name} can take another turn"
