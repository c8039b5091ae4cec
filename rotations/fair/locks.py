"""Which turns stand whatever the objective says: pinned swaps and published, frozen turns. Plans nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from rotations.fair.case import Place
from rotations.fair.plan import Finding
from rotations.fair.problem import ROLES, Person, Problem
from rotations.fair.rules import label


@dataclass(slots=True)
class Locks:
    """Places that stand, by index of the person and by kind, and what was asked for and cannot stand."""

    places: dict[Place, int] = field(default_factory=dict)
    kinds: dict[Place, str] = field(default_factory=dict)
    refused: tuple[Finding, ...] = ()


def locks_of(problem: Problem) -> Locks:
    """Return the turns that stand; a holder who is away, or in both roles at once, does not hold them."""
    people = {person.id: (number, person) for number, person in enumerate(problem.in_order())}
    locks = Locks()
    for fixed in problem.fixed:
        _lock(problem, locks, (fixed.role, fixed.slot), people[fixed.person], "pinned")
    for slot, assignment in enumerate((problem.previous_plan or ())[: problem.rules.frozen_slots]):
        for role in range(problem.roles):
            name = assignment.of(role)
            if name in people and (role, slot) not in locks.places:
                _lock(problem, locks, (role, slot), people[name], "frozen")
    return locks


def _lock(problem: Problem, locks: Locks, place: Place, who: tuple[int, Person], kind: str) -> None:
    role, slot = place
    number, person = who
    if not person.is_available(slot):
        text = (
            f"{person.id} is away in {label(problem, slot)}: the {kind} turn goes to somebody else"
        )
    elif locks.places.get((1 - role, slot)) == number:
        text = f"{person.id} cannot have both roles in {label(problem, slot)}"
    else:
        locks.places[place] = number
        locks.kinds[place] = kind
        return
    finding = Finding(f"{kind}-cannot-stand", slot, slot, ROLES[role], (person.id,), text)
    locks.refused = (*locks.refused, finding)
