"""How many places must stay empty because people need their rest: bounds for every plan. Makes no plan.

For small teams a sweep through time keeps, for every way the last few turns can look, the fewest empty places so far.
While it can keep them all it is exact (caps set aside); otherwise it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rotations.fair.case import NOBODY, Case, bits_of
from rotations.fair.problem import BACKUP, PRIMARY

_MOST_STATES = 1_000
"""States kept per slot; with more the sweep gives up."""
_LARGEST_TEAM = 12

_Row = tuple[int, ...]
"""Who has each role in one slot."""
_State = tuple[_Row, ...]
"""The last gap - 1 rows."""


def counted(case: Case) -> int:
    """Return a number of places that stay empty in every plan, by counting people slot by slot and gap by gap."""
    return max(_by_slot(case), _by_window(case))


def is_small(case: Case) -> bool:
    """Say whether a sweep is worth while: a small team that needs most of its people at once."""
    people = len(case.people)
    return 0 < people <= _LARGEST_TEAM and people <= 3 * case.gap * case.roles


@lru_cache(maxsize=1)
def sweep(case: Case) -> int | None:
    """Return the fewest places a plan leaves empty when caps are set aside; None where that takes too long."""
    layer: dict[_State, int] = {(): 0}
    for slot in range(case.slots):
        layer = _next_layer(case, slot, layer)
        if len(layer) > _MOST_STATES:
            return None
    return min(layer.values())


def _next_layer(case: Case, slot: int, layer: dict[_State, int]) -> dict[_State, int]:
    after: dict[_State, int] = {}
    for state, empty in layer.items():
        for row in _possible(case, slot, state):
            recent = (*state, row)[-(case.gap - 1) :] if case.gap > 1 else ()
            now = empty + row.count(NOBODY)
            if now < after.get(recent, now + 1):
                after[recent] = now
    return after


def _possible(case: Case, slot: int, state: _State) -> Iterator[_Row]:
    """Yield the rows `slot` can have after `state`: every pair of people, and empty places."""
    primaries = _able(case, PRIMARY, slot, state)
    if case.roles == 1:
        yield from ((person,) for person in primaries)
        return
    backups = _able(case, BACKUP, slot, state)
    yield from ((a, b) for a in primaries for b in backups if _go_together(case, a, b))


def _go_together(case: Case, first: int, second: int) -> bool:
    if first == NOBODY or second == NOBODY:
        return True
    return first != second and not case.no_go[first] >> second & 1


def _able(case: Case, role: int, slot: int, state: _State) -> list[int]:
    if (role, slot) in case.locked:
        return [case.locked[role, slot]]
    busy = _busy(role, state)
    able = [one for one in case.everyone if case.open[role][one] >> slot & 1 and one not in busy]
    # With one role an empty slot never helps: whoever fills it loses one later turn at most.
    return able if able and case.roles == 1 else [*able, NOBODY]


def _busy(role: int, state: _State) -> set[int]:
    busy = {person for row in state for person in row}
    if role == PRIMARY and state and len(state[-1]) > 1:
        last = state[-1]
        earlier = {person for row in state[:-1] for person in row}
        if last[BACKUP] not in earlier:
            busy.discard(last[BACKUP])
    return busy


def _by_slot(case: Case) -> int:
    free = [sum(bits >> slot & 1 for bits in case.possible) for slot in range(case.slots)]
    return sum(max(0, case.roles - count) for count in free)


def _by_window(case: Case) -> int:
    """Return the most that windows of one gap, laid side by side, leave empty between them."""
    width = min(case.gap, case.slots)
    best = [0] * (case.slots + 1)
    for end in range(1, case.slots + 1):
        best[end] = best[end - 1]
        if end >= width:
            best[end] = max(best[end], best[end - width] + _missing(case, end - width, width))
    return best[-1]


def _missing(case: Case, start: int, width: int) -> int:
    """Return how many slots of a window find no person of their own, once for each role."""
    # Pinned turns may break a gap: they are left out, with everything else in their slots.
    pinned = sum({1 << slot for _, slot in case.locked})
    asked = ((1 << width) - 1) & ~(pinned >> start)
    people = [bits >> start & asked for bits in case.free]
    counts = [sum(bits >> slot & 1 for bits in people) for slot in bits_of(asked)]
    if min(counts, default=width) >= width:
        return 0
    matched: dict[int, int] = {}
    found = sum(_match(one, people, matched, set()) for one in range(len(people)) if people[one])
    return (asked.bit_count() - found) * case.roles


def _match(person: int, people: list[int], matched: dict[int, int], seen: set[int]) -> bool:
    for slot in bits_of(people[person]):
        if slot in seen:
            continue
        seen.add(slot)
        if slot not in matched or _match(matched[slot], people, matched, seen):
            matched[slot] = person
            return True
    return False
