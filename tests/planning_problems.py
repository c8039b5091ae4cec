"""Problems as JSON documents: random small ones for properties, and years of real teams for benches. Plans nothing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
MONDAY = date(2027, 1, 4)


def weeks(count: int, first: date = MONDAY) -> list[Json]:
    """Weekly slots with Christmas, New Year, Easter-like and May holidays."""
    days = [first + timedelta(days=7 * number) for number in range(count)]
    return [
        {
            "date": day.isoformat(),
            "year": day.year - first.year,
            "quarter": (day.year - first.year) * 4 + (day.month - 1) // 3,
            "holiday": holiday_of(day),
        }
        for day in days
    ]


def holiday_of(monday: date) -> int:
    for day in (monday + timedelta(days=ahead) for ahead in range(7)):
        if (day.month, day.day) in {(12, 25), (1, 1)}:
            return 2
        if (day.month, day.day) in {(5, 1), (4, 10), (8, 15), (10, 26), (6, 5), (11, 1)}:
            return 1
    return 0


def document(slots: list[Json], people: list[Json], **more: Any) -> Json:
    rules = {
        "min_gap": more.pop("min_gap", 1),
        "max_per_quarter": more.pop("max_per_quarter", None),
        "max_per_year": more.pop("max_per_year", None),
        "chain": more.pop("chain", False),
        "no_go_pairs": more.pop("no_go_pairs", []),
        "frozen_slots": more.pop("frozen_slots", 0),
    }
    return {
        "format": "rota-problem/1",
        "name": more.pop("name", "team"),
        "roles": more.pop("roles", ["primary"]),
        "slots": slots,
        "people": people,
        "rules": rules,
        "fixed": more.pop("fixed", []),
        "previous_plan": more.pop("previous_plan", None),
        **more,
    }


def person(name: str, **more: Any) -> Json:
    return {
        "id": name,
        "weight": 100,
        "from": 0,
        "to": 10_000,
        "unavailable": [],
        "wanted": [],
        "unwanted": [],
        "carry": 0,
        "last_turn": None,
        "major_history": 0,
        "last_major_year": None,
        "max_per_quarter": None,
        "max_per_year": None,
        **more,
    }


def names(count: int) -> list[str]:
    return [f"p{number:03d}" for number in range(count)]


def team(
    seed: int,
    people: int,
    count: int,
    *,
    gap: int,
    leave_weeks: float = 5.5,
    two_roles: bool = False,
    turnover: float = 0.15,
) -> Json:
    """A team with clustered leave, part-timers, joiners and leavers, history, wishes and a few pinned swaps."""
    dice = random.Random(seed)
    slots = weeks(count)
    staff = [_member(dice, name, slots, leave_weeks, turnover, gap) for name in names(people)]
    more: Json = {}
    if two_roles:
        more = {"roles": ["primary", "backup"], "chain": True}
        if people >= 10:
            more["no_go_pairs"] = [sorted(dice.sample(names(people), 2))]
    if people >= 8:
        fair = count / people
        more["max_per_year"] = max(3, round(2.2 * fair * 52 / count) + 1)
        more["max_per_quarter"] = max(2, round(3 * fair * 13 / count) + 1)
        more["fixed"] = _pins(dice, staff, count)
    return document(slots, staff, name=f"G{seed:02d}", min_gap=gap, **more)


def _member(
    dice: random.Random, name: str, slots: list[Json], leave: float, turnover: float, gap: int
) -> Json:
    count = len(slots)
    start, end = 0, count - 1
    if dice.random() < turnover:
        if dice.random() < 0.5:
            start = dice.randrange(count // 2)
        else:
            end = dice.randrange(count // 2, count)
    away = _leave(dice, slots, leave)
    free = [slot for slot in range(start, end + 1) if slot not in away]
    marks = dice.sample(free, min(len(free), dice.randrange(6)))
    return person(
        name,
        weight=dice.choice([100, 100, 100, 100, 100, 100, 80, 60, 50]),
        unavailable=sorted(away),
        wanted=sorted(marks[:2]),
        unwanted=sorted(marks[2:]),
        carry=dice.choice([0, 0, -300, 250, 400, -450]) if start == 0 else 0,
        last_turn=-dice.randrange(1, 20) if start == 0 and dice.random() < 0.7 else None,
        major_history=dice.choice([0, 0, 0, 1, 1, 2]) if start == 0 else 0,
        last_major_year=None,
        **{"from": start, "to": end},
    )


def _leave(dice: random.Random, slots: list[Json], a_year: float) -> set[int]:
    """Weeks off in blocks of one to three, most of them in summer and around Christmas."""
    away: set[int] = set()
    wanted = round(a_year * len(slots) / 52)
    likely = [
        number
        for number, slot in enumerate(slots)
        if slot["date"][5:7] in {"07", "08"} or slot["holiday"] == 2
    ]
    while len(away) < wanted:
        start = (
            dice.choice(likely) if likely and dice.random() < 0.6 else dice.randrange(len(slots))
        )
        away |= {slot for slot in range(start, start + dice.randint(1, 3)) if slot < len(slots)}
    return away


def _pins(dice: random.Random, staff: list[Json], count: int) -> list[Json]:
    pins = []
    for slot in dice.sample(range(count), 2):
        able = [
            one
            for one in staff
            if one["from"] <= slot <= one["to"]
            and slot not in one["unavailable"]
            and slot - (one["last_turn"] or -99) > 20
        ]
        if able and not any(pin["person"] == able[0]["id"] for pin in pins):
            pins.append({"slot": slot, "role": "primary", "person": able[0]["id"]})
    return pins
