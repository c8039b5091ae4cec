"""Judge a plan against its problem, both as JSON documents: hard rules and objective. Shares no code with the planner.

Run by hand: `python -m tests.planning_checker problem.json plan.json`.
"""

from __future__ import annotations

import itertools
import json
import sys
from datetime import date
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ROLES = ("primary", "backup")


def violations(problem: Json, plan: Json) -> list[str]:
    """Every hard rule the plan breaks, in words."""
    rows = plan["assignments"]
    if len(rows) != len(problem["slots"]):
        return [f"{len(rows)} assignments for {len(problem['slots'])} slots"]
    people = {one["id"]: one for one in problem["people"]}
    found = []
    for slot, row in enumerate(rows):
        found += _row_violations(problem, people, slot, row)
    found += _standing_violations(problem, people, rows)
    for name, one in people.items():
        found += _gap_violations(problem, rows, name, one)
        found += _cap_violations(problem, rows, name, one)
    return found


def _row_violations(problem: Json, people: Json, slot: int, row: Json) -> list[str]:
    found = []
    names = [row.get(role) for role in ROLES]
    if "backup" not in problem.get("roles", ["primary"]) and names[1] is not None:
        found.append(f"slot {slot} has a backup, the problem has none")
    if names[0] is not None and names[0] == names[1]:
        found.append(f"slot {slot}: {names[0]} has both roles")
    for name in names:
        if name is not None and not available(people.get(name), slot):
            found.append(f"slot {slot}: {name} is not available")
    for pair in problem["rules"].get("no_go_pairs", []):
        if set(pair) == set(names):
            found.append(f"slot {slot}: {pair} never share a slot")
    return found


def available(one: Json | None, slot: int) -> bool:
    return one is not None and employed(one, slot) and slot not in one.get("unavailable", [])


def employed(one: Json, slot: int) -> bool:
    if slot in one.get("paused", []):
        return False
    return bool(one.get("from", 0) <= slot <= one.get("to", 10**9))


def standing(problem: Json) -> dict[tuple[int, str], str]:
    """(slot, role) -> who has to stand there: pinned, or frozen, and available."""
    people = {one["id"]: one for one in problem["people"]}
    found: dict[tuple[int, str], str] = {}
    previous = (problem.get("previous_plan") or [])[: problem["rules"].get("frozen_slots", 0)]
    for slot, row in enumerate(previous):
        for role in problem.get("roles", ["primary"]):
            if row.get(role) is not None and available(people.get(row[role]), slot):
                found[slot, role] = row[role]
    for pin in problem.get("fixed", []):
        if available(people[pin["person"]], pin["slot"]):
            found[pin["slot"], pin.get("role", "primary")] = pin["person"]
    return found


def _standing_violations(problem: Json, people: Json, rows: list[Json]) -> list[str]:
    return [
        f"slot {slot}: {role} {name} was to stay, it is {rows[slot].get(role)}"
        for (slot, role), name in standing(problem).items()
        if rows[slot].get(role) != name
    ]


def duties(rows: list[Json], name: str) -> list[tuple[int, str]]:
    return [
        (slot, role) for slot, row in enumerate(rows) for role in ROLES if row.get(role) == name
    ]


def _gap_violations(problem: Json, rows: list[Json], name: str, one: Json) -> list[str]:
    gap = problem["rules"].get("min_gap", 1)
    mine = duties(rows, name)
    must = {place for place, who in standing(problem).items() if who == name}
    found = []
    for number, (slot, role) in enumerate(mine):
        for later, other in mine[number + 1 :]:
            exempt = later == slot + 1 and role == "backup" and other == "primary"
            both_stand = (slot, role) in must and (later, other) in must
            if later - slot < gap and not exempt and not both_stand:
                found.append(f"{name}: {role} in {slot} and {other} in {later}, gap {gap}")
        last = one.get("last_turn")
        if last is not None and slot - last < gap and (slot, role) not in must:
            found.append(f"{name}: {role} in {slot}, last turn in {last}, gap {gap}")
    return found


def _cap_violations(problem: Json, rows: list[Json], name: str, one: Json) -> list[str]:
    must = standing(problem)
    counts: dict[tuple[str, Any], list[bool]] = {}
    for slot, role in duties(rows, name):
        if role == "primary":
            here = problem["slots"][slot]
            year = here.get("year", 0)
            for key in (("quarter", (year, here.get("quarter", 0))), ("year", year)):
                counts.setdefault(key, []).append(must.get((slot, role)) == name)
    found = []
    for (span, index), stands in counts.items():
        own = one.get(f"max_per_{span}")
        most = problem["rules"].get(f"max_per_{span}") if own is None else own
        if most is not None and len(stands) > most and not all(stands):
            found.append(f"{name}: {len(stands)} turns in {span} {index}, at most {most}")
    return found


def shares(problem: Json) -> dict[str, Fraction]:
    """The exact fair share of everybody, in turns."""
    result = {one["id"]: Fraction(0) for one in problem["people"]}
    for slot in range(len(problem["slots"])):
        there = [one for one in problem["people"] if employed(one, slot)]
        total = sum(one.get("weight", 100) for one in there)
        for one in there:
            result[one["id"]] += Fraction(one.get("weight", 100), total)
    return result


def objective(problem: Json, plan: Json) -> dict[str, float]:
    """Every level of the objective, computed from the documents alone."""
    rows, people = plan["assignments"], problem["people"]
    roles = problem.get("roles", ["primary"])
    share = shares(problem)
    deviations = {one["id"]: deviation(one, rows, share[one["id"]]) for one in people}
    chain = problem["rules"].get("chain", False) and len(roles) > 1
    return {
        "uncovered": sum(row.get(role) is None for row in rows for role in roles),
        "largest_deviation": float(max(map(abs, deviations.values()), default=0)),
        "squares": float(
            sum(
                deviations[one["id"]] ** 2 * Fraction(100, one.get("weight", 100)) for one in people
            )
        ),
        "holidays": float(sum(_holiday_cost(problem, rows, one) for one in people)),
        "repeated_seasons": sum(_repeats(problem, rows, one) for one in people),
        "chain_breaks": _breaks(rows) if chain else 0,
        "backup_squares": float(sum(_backup_cost(rows, one, share[one["id"]]) for one in people))
        if len(roles) > 1
        else 0,
        "wishes": sum(_wish_cost(rows, one) for one in people),
        "spacing": sum(_close_pairs(problem, rows, one, share[one["id"]]) for one in people),
    }


def primaries(rows: list[Json], name: str) -> list[int]:
    return [slot for slot, row in enumerate(rows) if row.get("primary") == name]


def deviation(one: Json, rows: list[Json], share: Fraction) -> Fraction:
    return len(primaries(rows, one["id"])) + Fraction(one.get("carry", 0), 1000) - share


def _kinds(problem: Json, kind: int) -> set[int]:
    balance = problem.get("holiday_balance", "all")
    if balance == "off" or (balance == "christmas" and kind == 1):
        return set()
    return {slot for slot, one in enumerate(problem["slots"]) if one.get("holiday", 0) == kind}


def _holiday_cost(problem: Json, rows: list[Json], one: Json) -> Fraction:
    mine = set(primaries(rows, one["id"]))
    majors = len(mine & _kinds(problem, 2)) + one.get("major_history", 0)
    others = len(mine & _kinds(problem, 1))
    return (3 * majors**2 + others**2) * Fraction(100, one.get("weight", 100))


def _season(slot: Json) -> int:
    return int(slot["year"]) - (1 if date.fromisoformat(slot["date"]).month <= 6 else 0)


def _repeats(problem: Json, rows: list[Json], one: Json) -> int:
    mine = set(primaries(rows, one["id"])) & _kinds(problem, 2)
    seasons = [_season(problem["slots"][slot]) for slot in mine]
    if one.get("last_major_year") is not None:
        seasons.append(one["last_major_year"])
    return sum(seasons.count(season) * seasons.count(season + 1) for season in set(seasons))


def _breaks(rows: list[Json]) -> int:
    return sum(
        now["backup"] is None or now["backup"] != after["primary"]
        for now, after in itertools.pairwise(rows)
    )


def _backup_cost(rows: list[Json], one: Json, share: Fraction) -> Fraction:
    count = sum(row.get("backup") == one["id"] for row in rows)
    return (count - share) ** 2 * Fraction(100, one.get("weight", 100))


def _wish_cost(rows: list[Json], one: Json) -> int:
    unwanted = set(one.get("unwanted", []))
    wanted = set(one.get("wanted", [])) - unwanted
    cost = 0
    for slot, role in duties(rows, one["id"]):
        cost += {"primary": 2, "backup": 1}[role] * (slot in unwanted)
        cost -= 2 * (role == "primary" and slot in wanted)
    return cost


def _close_pairs(problem: Json, rows: list[Json], one: Json, share: Fraction) -> int:
    if share == 0:
        return 0
    present = sum(employed(one, slot) for slot in range(len(rows)))
    least = ceil(Fraction(3, 5) * present / share)
    mine = primaries(rows, one["id"])
    if one.get("last_turn") is not None:
        mine = [one["last_turn"], *mine]
    return sum(after - before < least for before, after in itertools.pairwise(mine))


def main() -> int:
    problem, plan = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    found = violations(problem, plan)
    sys.stdout.write("\n".join(found) or "no rule is broken")
    sys.stdout.write(f"\n{json.dumps(objective(problem, plan), indent=1)}\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
