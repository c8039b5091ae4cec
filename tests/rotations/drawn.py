"""Small planning problems drawn by hypothesis, and the planner called on JSON documents. Checks nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from rotations.fair.engine import plan
from rotations.fair.reading import problem_from
from rotations.fair.writing import plan_document
from tests.planning_problems import document, names, person, weeks

Json = dict[str, Any]


def planned(problem: Json) -> Json:
    return plan_document(plan(problem_from(problem)))


def rows(answer: Json) -> list[Json]:
    result: list[Json] = answer["assignments"]
    return result


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    most_people: int = 7,
    most_slots: int = 14,
    two_roles: bool | None = None,
    plain: bool = False,
) -> Json:
    """Problems of every kind; `plain` ones have no fixed turns, caps or history."""
    count = draw(st.integers(1, most_slots))
    ids = names(draw(st.integers(0, most_people)))
    roles = draw(st.booleans()) if two_roles is None else two_roles
    slots = weeks(count, date(2027, draw(st.sampled_from([1, 6, 12])), 6))
    people = [draw(_people(name, count, plain=plain)) for name in ids]
    more: Json = {"min_gap": draw(st.integers(0, 5))}
    if roles:
        more |= {"roles": ["primary", "backup"], "chain": draw(st.booleans())}
        if len(ids) > 2 and draw(st.booleans()):
            more["no_go_pairs"] = [ids[:2]]
    if not plain:
        more["max_per_quarter"] = draw(st.sampled_from([None, None, 0, 1, 2]))
        more["max_per_year"] = draw(st.sampled_from([None, None, 2, 4]))
        if ids and draw(st.booleans()):
            slot = draw(st.integers(0, count - 1))
            who = draw(st.sampled_from(ids))
            more["fixed"] = [{"slot": slot, "role": "primary", "person": who}]
    return document(slots, people, **more)


@st.composite
def _people(draw: st.DrawFn, name: str, count: int, *, plain: bool) -> Json:
    some = st.lists(st.integers(0, count - 1), max_size=4, unique=True).map(sorted)
    one = person(name, unavailable=draw(some), wanted=draw(some), unwanted=draw(some))
    if plain:
        return one
    one["weight"] = draw(st.sampled_from([100, 100, 80, 50]))
    one["from"] = draw(st.sampled_from([0, 0, 0, 3]))
    one["to"] = draw(st.sampled_from([count - 1, count - 1, 5]))
    one["carry"] = draw(st.sampled_from([0, 0, 700, -1200]))
    one["last_turn"] = draw(st.sampled_from([None, -1, -4]))
    one["major_history"] = draw(st.integers(0, 2))
    one["last_major_year"] = draw(st.sampled_from([None, -1]))
    one["max_per_year"] = draw(st.sampled_from([None, None, 3]))
    return one
