"""What no plan can beat: lower bounds for levels of the objective, by flow and by counting. Makes no plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rotations.fair.case import TURN, Case
from rotations.fair.coverage import counted, is_small, sweep
from rotations.fair.flow import Flow
from rotations.fair.problem import CHRISTMAS, HOLIDAY

_MOST_HOLE_COUNTS = 12
"""With more holes than this in a two-role plan the flow is not asked for every way to share them out."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The fairest turns each person can have when gaps are set aside, and the two levels they reach."""

    turns: tuple[int, ...]
    largest: int
    squares: int


def fairest(case: Case, turns: int) -> Targets:
    """Return the fairest way to share out `turns` turns: largest deviation first, then squares."""
    at_hand = evenest(case, turns)
    largest = _least_largest(case, sum(at_hand.turns), at_hand.largest)
    if largest == at_hand.largest:
        return at_hand
    return _within(case, sum(at_hand.turns), largest)


def evenest(case: Case, turns: int) -> Targets:
    """Return the way to share out `turns` turns with the least squares, however far off somebody is."""
    flow = Flow(case, range(case.slots))
    flow.fill_cheaply(lambda one, held: _turn_cost(case, one, held), turns)
    return _targets(case, flow)


def _turn_cost(case: Case, person: int, held: int) -> int:
    off = held * TURN + case.carry[person] - case.share[person]
    return (2 * off + TURN) * case.costs[person]


def _targets(case: Case, flow: Flow) -> Targets:
    off = [
        turns * TURN + carry - share
        for turns, carry, share in zip(flow.turns, case.carry, case.share, strict=True)
    ]
    squares = sum(one * one * cost for one, cost in zip(off, case.costs, strict=True))
    return Targets(tuple(flow.turns), max(map(abs, off), default=0), squares)


def _least_largest(case: Case, turns: int, reached: int) -> int:
    """Return the least largest deviation with which `turns` turns can be shared out, at most `reached`."""
    floor = max((_rounding(case, one) for one in case.everyone), default=0)
    values = sorted({one for one in _deviations(case, reached) if floor <= one <= reached})
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        if _is_reachable(case, turns, values[middle]):
            high = middle
        else:
            low = middle + 1
    return values[high] if values else reached


def _rounding(case: Case, person: int) -> int:
    """Return how far even the best whole number of turns lies from the person's share."""
    wish = case.share[person] - case.carry[person]
    if wish <= 0:
        return -wish
    return min(wish % TURN, -wish % TURN)


def _deviations(case: Case, most: int) -> Iterable[int]:
    for person in case.everyone:
        wish = case.share[person] - case.carry[person]
        first = max(0, (wish - most) // TURN)
        for turns in range(first, max(first, (wish + most) // TURN) + 1):
            yield abs(turns * TURN - wish)


def _box(case: Case, largest: int) -> tuple[list[int], list[int]]:
    wishes = [share - carry for share, carry in zip(case.share, case.carry, strict=True)]
    least = [max(0, -((largest - wish) // TURN)) for wish in wishes]
    return least, [(wish + largest) // TURN for wish in wishes]


def _is_reachable(case: Case, turns: int, largest: int) -> bool:
    least, most = _box(case, largest)
    if min(most, default=0) < 0 or sum(least) > turns:
        return False
    needed = Flow(case, range(case.slots))
    if needed.fill(least.__getitem__) < sum(least):
        return False
    return Flow(case, range(case.slots)).fill(most.__getitem__) >= turns


def _within(case: Case, turns: int, largest: int) -> Targets:
    least, most = _box(case, largest)
    flow = Flow(case, range(case.slots))
    flow.fill(least.__getitem__)
    flow.fill_cheaply(lambda one, held: _turn_cost(case, one, held), turns, most=most.__getitem__)
    return _targets(case, flow)


def uncovered(case: Case, reached: int) -> int:
    """Return a number of places that stay empty in every plan, searching no further once it is `reached`."""
    if reached == 0:
        return 0
    bound = uncovered_by_flow(case)
    if bound == reached or not is_small(case):
        return bound
    swept = sweep(case)
    return bound if swept is None else max(bound, swept)


def uncovered_by_flow(case: Case) -> int:
    """Return a number of places that stay empty in every plan: by counting, and by a flow for the primaries."""
    flow = Flow(case, range(case.slots)).fill(lambda _: case.slots)
    return max(counted(case), case.slots - flow)


def largest_and_squares(
    case: Case, primary_holes: int, holes: int, reached: int
) -> tuple[int, int]:
    """Return bounds for the two levels of fairness, for every plan with no more than `holes` empty places.

    With one role a plan with as few holes has as many turns to share out. With two, the holes could lie elsewhere:
    the better of all ways to spread them is the bound. The bound for squares speaks of plans whose largest deviation
    is the least possible; for a plan that `reached` only a larger one, it speaks of all plans.
    """
    if holes > _MOST_HOLE_COUNTS and case.roles > 1:
        return _by_rounding(case)
    counts = [primary_holes] if case.roles == 1 else range(min(holes, case.slots) + 1)
    ways = [fairest(case, case.slots - count) for count in counts]
    largest = min(way.largest for way in ways)
    if reached > largest:
        ways = [evenest(case, case.slots - count) for count in counts]
    return largest, min(way.squares for way in ways)


def _by_rounding(case: Case) -> tuple[int, int]:
    parts = [_rounding(case, one) for one in case.everyone]
    squares = sum(part * part * cost for part, cost in zip(parts, case.costs, strict=True))
    return max(parts, default=0), squares


def holidays(case: Case, holes: int) -> int:
    """Return a bound for the holiday level of every plan with no more than `holes` empty places."""
    start = [case.majors_before(one) for one in case.everyone]
    major = _holiday_bound(case, CHRISTMAS, start, holes)
    return 3 * major + _holiday_bound(case, HOLIDAY, [0 for _ in start], holes)


def _holiday_bound(case: Case, kind: int, start: list[int], holes: int) -> int:
    slots = [slot for slot in range(case.slots) if case.holiday[slot] == kind]
    base = sum(held * held * cost for held, cost in zip(start, case.costs, strict=True))
    return base + Flow(case, slots).fill_cheaply(
        lambda one, held: (2 * (start[one] + held) + 1) * case.costs[one],
        max(0, len(slots) - holes),
    )


def backup_squares(case: Case, holes: int) -> int:
    """Return a bound for the backup level of every plan with no more than `holes` empty places.

    It lets everybody stand behind as often as they are free, whoever else is: too generous, and so a bound.
    """
    if case.roles == 1:
        return 0
    steps = sorted(
        (2 * held * TURN - 2 * case.share[one] + TURN) * TURN * case.costs[one]
        for one in case.everyone
        for held in range(case.possible[one].bit_count())
    )[: case.slots]
    needed = max(0, case.slots - holes)
    start = sum(share * share * cost for share, cost in zip(case.share, case.costs, strict=True))
    return start + sum(steps[:needed]) + sum(step for step in steps[needed:] if step < 0)


def chain_breaks(case: Case) -> int:
    """Return how often nobody at all could stand behind one turn and hold the next."""
    if not case.chain:
        return 0
    both = [bits & bits >> 1 for bits in case.possible]
    reachable = 0
    for bits in both:
        reachable |= bits
    return sum(not reachable >> slot & 1 for slot in range(case.slots - 1))


def wishes(case: Case, holes: int) -> int:
    """Return the best the wishes can come to if every place went to whoever wants it most; an empty one costs 0."""
    best = (_best_wish(case, role, slot) for role, slot in case.places())
    return sum(min(0, cost) if holes else cost for cost in best)


def _best_wish(case: Case, role: int, slot: int) -> int:
    costs = case.wishes[role]
    if (role, slot) in case.locked:
        return costs[case.locked[role, slot]].get(slot, 0)
    free = (costs[one].get(slot, 0) for one in case.everyone if case.free[one] >> slot & 1)
    return min(free, default=0)
