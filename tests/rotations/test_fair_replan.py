"""After a change only what has to move moves, and a named few moves bring everybody within a turn."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.planning_checker import available, violations
from tests.planning_problems import document, names, person, team, weeks
from tests.rotations.drawn import planned, problems, rows

Json = dict[str, Any]
few = settings(max_examples=40, deadline=None)
many = settings(max_examples=100, deadline=None)


def replanned(problem: Json, answer: Json, **rules: int) -> Json:
    again = copy.deepcopy(problem)
    again["previous_plan"] = rows(answer)
    again["rules"] |= rules
    return planned(again)


def with_previous(problem: Json, answer: Json) -> Json:
    return {**copy.deepcopy(problem), "previous_plan": rows(answer)}


def moved(before: Json, after: Json) -> list[tuple[int, str]]:
    pairs = enumerate(zip(rows(before), rows(after), strict=False))
    return [
        (slot, role)
        for slot, (old, new) in pairs
        for role in ("primary", "backup")
        if old[role] != new[role]
    ]


@many
@given(problems())
def test_planning_again_without_a_change_moves_nothing(problem: Json) -> None:
    answer = planned(problem)

    assert moved(answer, replanned(problem, answer)) == []


@many
@given(problems(), st.data())
def test_leave_in_a_week_one_does_not_hold_moves_nothing(
    problem: Json, data: st.DataObject
) -> None:
    assume(problem["people"])
    answer = planned(problem)
    one = data.draw(st.sampled_from(problem["people"]))
    slot = data.draw(st.integers(0, len(problem["slots"]) - 1))
    assume(one["id"] not in rows(answer)[slot].values())
    one["unavailable"] = sorted({*one["unavailable"], slot})

    assert moved(answer, replanned(problem, answer)) == []


@many
@given(problems(), st.data())
def test_planning_twice_after_a_change_is_planning_once(problem: Json, data: st.DataObject) -> None:
    answer = planned(problem)
    change(problem, data)

    once = replanned(problem, answer)
    assert rows(replanned(problem, once)) == rows(once)


@many
@given(problems(), st.data())
def test_a_changed_plan_keeps_every_rule(problem: Json, data: st.DataObject) -> None:
    answer = planned(problem)
    change(problem, data)
    problem["rules"]["frozen_slots"] = data.draw(st.integers(0, 4))

    after = replanned(problem, answer)
    assert violations(with_previous(problem, answer), after) == []


@many
@given(problems(), st.data())
def test_every_moved_turn_is_listed_with_its_reason(problem: Json, data: st.DataObject) -> None:
    answer = planned(problem)
    change(problem, data)
    after = replanned(problem, answer)

    assert [(one["slot"], one["role"]) for one in after["moves"]] == moved(answer, after)
    assert all(one["text"] for one in after["moves"])


@many
@given(problems(), st.data())
def test_what_was_published_is_not_touched_when_the_horizon_grows(
    problem: Json, data: st.DataObject
) -> None:
    answer = planned(problem)
    longer = copy.deepcopy(problem)
    longer["slots"] += weeks(data.draw(st.integers(1, 6)))
    longer["previous_plan"] = rows(answer)
    settled = planned({**copy.deepcopy(longer), "slots": problem["slots"]})
    assume(not settled["moves"])
    after = planned(longer)

    taken_for_fairness = {(one["slot"], one["role"]) for one in after["moves"]}
    assert set(moved(answer, after)) == taken_for_fairness
    assert all(one["kind"] == "rebalance" for one in after["moves"])


def change(problem: Json, data: st.DataObject) -> None:
    """Somebody hands in leave, leaves, or joins."""
    if not problem["people"]:
        return
    one = data.draw(st.sampled_from(problem["people"]))
    slots = st.integers(0, len(problem["slots"]) - 1)
    kind = data.draw(st.sampled_from(["leave", "leaves", "joins"]))
    if kind == "leave":
        one["unavailable"] = sorted({*one["unavailable"], data.draw(slots), data.draw(slots)})
    elif kind == "leaves":
        one["to"] = data.draw(slots)
    else:
        problem["people"].append(person("zoe", **{"from": data.draw(slots)}))


@settings(max_examples=2000, deadline=None)
@given(
    problems(most_people=4, most_slots=5, plain=True),
    st.data(),
)
def test_a_repair_moves_as_few_turns_as_any_plan_could(problem: Json, data: st.DataObject) -> None:
    assume(problem["people"])
    answer = planned(problem)
    one = data.draw(st.sampled_from(problem["people"]))
    slots = st.integers(0, len(problem["slots"]) - 1)
    one["unavailable"] = sorted({*one["unavailable"], data.draw(slots), data.draw(slots)})
    after = replanned(problem, answer)
    assume(not any(move["kind"] == "rebalance" for move in after["moves"]))

    empty = sum(row[role] is None for row in rows(after) for role in problem["roles"])
    assert (empty, len(moved(answer, after))) == least_moves(problem, answer)


def least_moves(problem: Json, answer: Json) -> tuple[int, int]:
    """The fewest empty places any plan has, and the fewest moves among those: by trying every plan."""
    roles = problem["roles"]
    places = [(slot, role) for slot in range(len(problem["slots"])) for role in roles]
    best = (len(places) + 1, 0)

    def walk(number: int, chosen: list[Json], empty: int, moves: int) -> None:
        nonlocal best
        if (empty, moves) >= best:
            return
        if number == len(places):
            best = (empty, moves)
            return
        slot, role = places[number]
        for name in choices(problem, answer, slot, role):
            chosen[slot][role] = name
            if name is None or not clashes(problem, chosen, slot, role):
                changes = moves + (name != rows(answer)[slot][role])
                walk(number + 1, chosen, empty + (name is None), changes)
            chosen[slot][role] = None

    walk(0, [{"primary": None, "backup": None} for _ in problem["slots"]], 0, 0)
    return best


def choices(problem: Json, answer: Json, slot: int, role: str) -> list[str | None]:
    able = [one["id"] for one in problem["people"] if available(one, slot)]
    kept = rows(answer)[slot][role]
    return [*([kept] if kept in able else []), *(one for one in able if one != kept), None]


def clashes(problem: Json, chosen: list[Json], slot: int, role: str) -> bool:
    """Say whether the turn just chosen breaks a rule with an earlier one."""
    name, gap = chosen[slot][role], max(1, problem["rules"]["min_gap"])
    other = "backup" if role == "primary" else "primary"
    if chosen[slot][other] == name:
        return True
    if any({name, chosen[slot][other]} == set(pair) for pair in problem["rules"]["no_go_pairs"]):
        return True
    for before, held in itertools.product(
        range(max(0, slot - gap + 1), slot), ("primary", "backup")
    ):
        follows = before == slot - 1 and held == "backup" and role == "primary"
        if chosen[before][held] == name and not follows:
            return True
    return False


@pytest.mark.parametrize("event", ["leave", "three", "ill", "leaver", "joiner"])
@pytest.mark.parametrize("seed", range(6))
def test_a_year_survives_a_change_with_a_handful_of_moves(seed: int, event: str) -> None:
    people = 8 + 4 * seed
    problem = team(seed, people, 52, gap=3, turnover=0)
    answer = planned(problem)
    forced = strike(problem, answer, event)
    after = replanned(problem, answer, frozen_slots=4)

    assert violations({**with_previous(problem, answer)}, after) == []
    repairs = [one for one in after["moves"] if one["kind"] == "repair"]
    assert len(forced) <= len(repairs) <= len(forced) + 3
    assert after["objective"]["largest_deviation"] <= 1.0


def strike(problem: Json, answer: Json, event: str) -> list[int]:
    """Change the problem as life does and return the slots whose holder is gone."""
    held = {
        one["id"]: [slot for slot, row in enumerate(rows(answer)) if row["primary"] == one["id"]]
        for one in problem["people"]
    }
    staff = problem["people"]
    if event == "joiner":
        staff.append(person("zoe", **{"from": 8}))
        return []
    if event == "leaver":
        staff[1]["to"] = 19
        return [slot for slot in held[staff[1]["id"]] if slot >= 20]
    away: dict[int, set[int]] = {
        "leave": {0: set(held[staff[0]["id"]][-1:])},
        "three": {number: set(held[staff[number]["id"]][-1:]) for number in range(3)},
        "ill": {0: set(range(8))},
    }[event]
    for number, slots in away.items():
        staff[number]["unavailable"] = sorted({*staff[number]["unavailable"], *slots})
    return [
        slot
        for number, slots in away.items()
        for slot in held[staff[number]["id"]]
        if slot in slots
    ]


def test_a_two_way_swap_leaves_every_balance_alone_and_stays() -> None:
    problem = document(weeks(26), [person(name) for name in names(6)], min_gap=2)
    answer = planned(problem)
    first, second = rows(answer)[8]["primary"], rows(answer)[15]["primary"]
    problem["fixed"] = [
        {"slot": 8, "role": "primary", "person": second},
        {"slot": 15, "role": "primary", "person": first},
    ]
    swapped = {"assignments": copy.deepcopy(rows(answer))}
    rows(swapped)[8]["primary"], rows(swapped)[15]["primary"] = second, first
    after = replanned(problem, swapped)

    assert after["accounts"] == answer["accounts"]
    assert rows(after) == rows(swapped)


def test_a_joiner_has_no_turn_before_the_lead_and_no_more_than_a_fair_share() -> None:
    problem = document(weeks(52), [person(name) for name in names(9)], min_gap=3)
    answer = planned(problem)
    problem["people"].append(person("zoe", **{"from": 14}))
    after = replanned(problem, answer, frozen_slots=4)

    held = [slot for slot, row in enumerate(rows(after)) if row["primary"] == "zoe"]
    assert min(held) >= 14
    assert len(held) <= 4


def test_a_leaver_has_no_turn_after_the_last_day() -> None:
    problem = document(weeks(52), [person(name) for name in names(9)], min_gap=3)
    answer = planned(problem)
    problem["people"][2]["to"] = 20
    after = replanned(problem, answer)

    assert "p002" not in {row["primary"] for row in rows(after)[21:]}


def test_frozen_turns_stay_while_their_holder_is_there() -> None:
    problem = document(weeks(20), [person(name) for name in names(5)], min_gap=2)
    answer = planned(problem)
    problem["people"][0]["unavailable"] = [0, 1, 2, 3]
    after = replanned(problem, answer, frozen_slots=6)

    stays = [slot for slot in range(6) if rows(answer)[slot]["primary"] != "p000"]
    assert all(rows(after)[slot] == rows(answer)[slot] for slot in stays)


def test_nobody_is_moved_for_fairness_while_all_are_within_a_turn_but_it_is_offered() -> None:
    problem = document(weeks(12), [person(name) for name in names(4)])
    uneven = ["p000"] * 1 + ["p000", "p001", "p002", "p003"] + ["p000", "p001", "p002"] + ["p001"]
    uneven += ["p002", "p000", "p001"]
    answer = {"assignments": [{"primary": name, "backup": None} for name in uneven]}
    after = replanned(problem, answer)

    assert max(uneven.count(name) for name in names(4)) == 4
    assert after["moves"] == [] or after["objective"]["largest_deviation"] <= 1
    assert after["offers"] or after["objective"]["largest_deviation"] == 0
