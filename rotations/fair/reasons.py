"""Why each person holds each turn, and why not somebody else: sentences whose every figure is true of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from rotations.fair.board import LEVELS, Board
from rotations.fair.case import NOBODY, TURN, Place
from rotations.fair.plan import Account, Reason
from rotations.fair.problem import BACKUP, CHRISTMAS, PRIMARY, ROLES
from rotations.fair.rules import broken, counted, label

_VERBS = ("holds", "stands behind")


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why somebody else does not hold a turn: `kind` is `holds`, `stands`, `rule`, `level` or `tie`."""

    kind: str
    name: str
    text: str


def reasons(board: Board, standing: dict[Place, str]) -> tuple[Reason, ...]:
    """Return the reason of every place; `standing` says which were not planned: pinned, frozen, published."""
    held = [0] * len(board.case.people)
    stood = [0] * len(board.case.people)
    found = []
    for role, slot in board.case.places():
        person = board.holder[role][slot]
        counts = held if role == PRIMARY else stood
        found.append(_reason(board, (role, slot), counts, standing.get((role, slot), "")))
        if person != NOBODY:
            counts[person] += 1
    return tuple(found)


def _reason(board: Board, place: Place, counts: list[int], standing: str) -> Reason:
    role, slot = place
    person = board.holder[role][slot]
    if person == NOBODY:
        return _empty(board, place)
    case = board.case
    able = _able(board, place)
    lag = {one: _due(board, role, slot, one) - counts[one] * TURN for one in able}
    ahead = sum(lag[one] > lag[person] for one in able)
    due = _due(board, role, slot, person)
    kind, why = _why(board, place, able, ahead, standing)
    figures = f"due {due / TURN:.1f} turns, held {counts[person]}"
    name = case.people[person].id
    text = f"{name} {_VERBS[role]} {label(case.problem, slot)}: {figures}, {why}"
    return Reason(
        slot, ROLES[role], name, kind, round(due / TURN, 3), counts[person], len(able), ahead, text
    )


def _able(board: Board, place: Place) -> list[int]:
    """Return who could have the place, the holder included, everything else as it is."""
    role, slot = place
    person = board.holder[role][slot]
    if place in board.case.locked:
        return [person]
    board.lift(role, slot)
    able = [one for one in board.case.everyone if one == person or board.fits(role, slot, one)]
    board.put(role, slot, person)
    return able


def _due(board: Board, role: int, slot: int, person: int) -> int:
    due = board.case.due[person][slot + 1]
    return due - board.case.carry[person] if role == PRIMARY else due


def _why(board: Board, place: Place, able: list[int], ahead: int, standing: str) -> tuple[str, str]:
    """Return (kind, clause) of the strongest reason that holds."""
    role, slot = place
    if standing:
        return standing, _STANDING[standing]
    if len(able) == 1:
        return "only", "the only one free and rested"
    if role == BACKUP and _is_next(board, slot):
        return "chain", f"holds {label(board.case.problem, slot + 1)} next"
    if role == PRIMARY and board.case.holiday[slot] == CHRISTMAS and _has_fewest(board, slot, able):
        return "holiday", _fewest(board, slot, able)
    if ahead == 0:
        return "credit", f"furthest behind of the {len(able)} people free and rested"
    return "balance", _balance(board, able, ahead)


_STANDING = {
    "pinned": "pinned by agreement",
    "frozen": "published and frozen",
    "published": "published earlier",
}


def _is_next(board: Board, slot: int) -> bool:
    if slot + 1 >= board.case.slots:
        return False
    return board.holder[PRIMARY][slot + 1] == board.holder[BACKUP][slot]


def _has_fewest(board: Board, slot: int, able: list[int]) -> bool:
    person = board.holder[PRIMARY][slot]
    return all(board.majors[person] - 1 <= board.majors[one] for one in able if one != person)


def _fewest(board: Board, slot: int, able: list[int]) -> str:
    count = board.majors[board.holder[PRIMARY][slot]] - 1
    turns = f"{count} other turn{'s' if count != 1 else ''}"
    return f"nobody of the {len(able)} people free and rested has fewer than {turns} at Christmas or New Year"


def _balance(board: Board, able: list[int], ahead: int) -> str:
    were = "was" if ahead == 1 else "were"
    return (
        f"{ahead} of the {len(able)} people free and rested {were} further behind then;"
        f" over the whole plan everybody ends within {board.largest / TURN:.2f} turns of their share"
    )


def _empty(board: Board, place: Place) -> Reason:
    role, slot = place
    against = [broken(board, role, slot, one) for one in board.case.everyone]
    causes = counted([rules[0].rule for rules in against if rules])
    verb = "holds" if role == PRIMARY else "stands behind"
    text = f"nobody {verb} {label(board.case.problem, slot)}: {causes}"
    return Reason(slot, ROLES[role], None, "empty", 0.0, 0, 0, 0, text)


def why_not(board: Board, place: Place, person: int) -> WhyNot:
    """Return the first rule broken, or the first level that gets worse, if `person` had the place instead."""
    role, slot = place
    case = board.case
    name, holder = case.people[person].id, board.holder[role][slot]
    if holder == person:
        return WhyNot("holds", "", f"{name} {_VERBS[role]} {label(case.problem, slot)}")
    if place in case.locked:
        return WhyNot("stands", "", f"{label(case.problem, slot)} is pinned or frozen")
    before = board.score()
    if holder != NOBODY:
        board.lift(role, slot)
    rules = broken(board, role, slot, person)
    if rules:
        answer = WhyNot("rule", rules[0].rule, rules[0].text)
    else:
        board.put(role, slot, person)
        answer = _compare(board, name, before)
    board.set(role, slot, holder)
    return answer


def _compare(board: Board, name: str, before: tuple[int, ...]) -> WhyNot:
    for level, old, new in zip(LEVELS, before, board.score(), strict=True):
        if new > old:
            return WhyNot("level", level, f"with {name} {_worse(board, level, old, new)}")
        if new < old:
            return WhyNot("better", level, f"with {name} the plan would be better: {level}")
    return WhyNot("tie", "", f"{name} would do as well; the order of the rotation decides")


def _worse(board: Board, level: str, old: int, new: int) -> str:
    if level == "largest_deviation":
        return f"the largest deviation would grow from {old / TURN:.2f} to {new / TURN:.2f} turns"
    if level == "squares":
        grown = (new - old) / TURN / TURN * board.case.cost_scale
        return f"turns would lie further from the fair shares (squares grow by {grown:.2f})"
    return _WORSE[level]


_WORSE = {
    "uncovered": "more places would stay empty",
    "holidays": "holidays would be shared less evenly",
    "repeated_seasons": "somebody would have Christmas two seasons running",
    "chain_breaks": "a backup would no longer be the next holder",
    "backup_squares": "turns as backup would be shared less evenly",
    "wishes": "wishes would be met less well",
    "spacing": "turns would lie closer together",
}


def accounts(board: Board) -> tuple[Account, ...]:
    """Return what everybody was due and holds over the whole plan."""
    case = board.case
    return tuple(
        Account(
            person.id,
            due=round(case.share[one] / TURN, 3),
            held=board.turns[one],
            carried=person.carry / 1000,
            credit=round(-board.off[one] / TURN, 3),
            majors=board.majors[one],
            backups=board.held[BACKUP][one].bit_count(),
        )
        for one, person in enumerate(case.people)
    )
