"""The planner beside plain rotations and the proved bounds, on thirty generated teams; the checker judges all.

Run alone: `python -m tests.bench.planning`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any, NamedTuple

from rotations.fair.engine import plan
from rotations.fair.reading import problem_from
from rotations.fair.writing import plan_document
from tests.planning_checker import available, objective, violations
from tests.planning_problems import team

Json = dict[str, Any]
Row = dict[str, str | None]

_LEAVE = (3.0, 5.5, 8.5)
"""Weeks a year."""
# (people, weeks, gap, two roles)
_SHAPES = (
    (4, 26, 2, False), (5, 52, 3, False), (6, 52, 4, False), (6, 104, 2, True), (8, 52, 3, False),
    (8, 104, 3, True), (10, 52, 4, False), (10, 156, 3, True), (12, 52, 5, False), (12, 104, 3, True),
    (13, 156, 6, False), (15, 52, 4, True), (16, 104, 8, False), (18, 156, 5, True), (20, 52, 8, False),
    (24, 52, 6, False), (24, 52, 6, True), (26, 156, 10, False), (30, 104, 8, True), (36, 52, 12, False),
    (40, 156, 10, True), (48, 104, 14, False), (60, 156, 12, True), (72, 52, 16, False), (80, 104, 14, True),
    (100, 156, 16, False), (120, 52, 12, True), (150, 104, 16, False), (180, 156, 16, True), (200, 156, 16, True),
)  # fmt: skip


class Result(NamedTuple):
    """What one planner made of one problem."""

    seconds: float
    levels: dict[str, float]
    broken: int


def problems() -> list[Json]:
    """Thirty teams of 4 to 200 people, half a year to three years, little to much leave."""
    return [
        team(number, people, count, gap=gap, two_roles=two_roles, leave_weeks=_LEAVE[number % 3])
        for number, (people, count, gap, two_roles) in enumerate(_SHAPES)
    ]


def fair(problem: Json) -> list[Row]:
    """The planner."""
    rows: list[Row] = plan_document(plan(problem_from(problem)))["assignments"]
    return rows


def skipping(problem: Json) -> list[Row]:
    """Round robin: the next in the list who can."""
    order = [one["id"] for one in problem["people"]]
    rows: list[Row] = []
    turn = 0
    for slot in range(len(problem["slots"])):
        rows.append({"primary": None, "backup": None})
        for step in range(len(order)):
            if _put(problem, rows, slot, "primary", order[(turn + step) % len(order)]):
                turn += step + 1
                break
        _fill_backup(problem, rows, slot, order[turn % len(order) :] + order[: turn % len(order)])
    return rows


def longest_off(problem: Json) -> list[Row]:
    """Whoever had the phone longest ago and can; who never had it comes first."""
    last = {
        one["id"]: -999 if one["last_turn"] is None else one["last_turn"]
        for one in problem["people"]
    }
    rows: list[Row] = []
    for slot in range(len(problem["slots"])):
        rows.append({"primary": None, "backup": None})
        order = sorted(last, key=lambda name: (last[name], name))
        holder = next((name for name in order if _put(problem, rows, slot, "primary", name)), None)
        if holder is not None:
            last[holder] = slot
        _fill_backup(problem, rows, slot, order)
    return rows


def _fill_backup(problem: Json, rows: list[Row], slot: int, order: list[str]) -> None:
    if "backup" in problem["roles"]:
        next((name for name in order if _put(problem, rows, slot, "backup", name)), None)


def _put(problem: Json, rows: list[Row], slot: int, role: str, name: str) -> bool:
    """Give the turn if no rule the checker knows stands against it."""
    one = next(person for person in problem["people"] if person["id"] == name)
    if not available(one, slot):
        return False
    rows[slot][role] = name
    gap = problem["rules"]["min_gap"]
    near = {**problem, "people": [one], "fixed": [], "slots": problem["slots"][: slot + 1]}
    recent: list[Row] = [{"primary": None, "backup": None} for _ in range(max(0, slot - 60 - gap))]
    recent += [
        {each: who if who == name or number == slot else None for each, who in row.items()}
        for number, row in enumerate(rows)
        if number >= len(recent)
    ]
    # Others are not in the narrowed problem: only what concerns this person counts.
    faults = [fault for fault in violations(near, {"assignments": recent}) if name in fault]
    if faults:
        rows[slot][role] = None
    return not faults


def judge(problem: Json, make: Callable[[Json], list[Row]]) -> Result:
    """Time one planner on one problem and let the checker judge the plan."""
    start = time.perf_counter()
    answer = {"assignments": make(problem)}
    seconds = time.perf_counter() - start
    return Result(seconds, objective(problem, answer), len(violations(problem, answer)))


def main() -> None:
    """Print the table and the figures it comes down to; exits with words if a plan breaks a rule."""
    say(
        "team  people weeks roles   empty     off / bound    round robin  longest off  squares      s"
    )
    above: list[float] = []
    ratios: list[float] = []
    for problem in problems():
        mine = judge(problem, fair)
        bounds = plan_document(plan(problem_from(problem)))["bounds"]
        above.append(mine.levels["largest_deviation"] - bounds["largest_deviation"])
        ratios.append(mine.levels["squares"] / bounds["squares"] if bounds["squares"] else 1.0)
        others = [judge(problem, one) for one in (skipping, longest_off)]
        say(
            f"{_shape(problem)}  {_figures(mine, bounds)}  {_beside(others)}  {ratios[-1]:7.3f} {mine.seconds:6.2f}"
        )
        if mine.broken:
            raise SystemExit(f"{problem['name']}: {mine.broken} rules broken")
    worst = f"p90 {quantiles(above, n=10)[-1]:.3f}, worst {max(above):.3f}"
    say(f"\nlargest deviation above the bound: median {median(above):.3f}, {worst}")
    say(f"squares over the bound: median {median(ratios):.3f}, worst {max(ratios):.3f}")
    say(f"memory {memory_alone():.0f} MB in a process of its own (goal 64)")
    say(f"import {_import_time():.3f} s (goal 0.1)")


def _shape(problem: Json) -> str:
    people, slots, roles = (len(problem[key]) for key in ("people", "slots", "roles"))
    return f"{problem['name']:5} {people:6} {slots:5} {roles:5}"


def _figures(mine: Result, bounds: Json) -> str:
    levels = mine.levels
    empty = f"{levels['uncovered']:.0f} ({bounds['uncovered']:.0f})"
    return f"{empty:>8}  {levels['largest_deviation']:.3f} / {bounds['largest_deviation']:.3f}"


def _beside(others: list[Result]) -> str:
    """Largest deviation, and empty places after the plus sign."""
    cells = [(one.levels["largest_deviation"], one.levels["uncovered"]) for one in others]
    return "  ".join(f"{off:7.2f} +{empty:<3.0f}" for off, empty in cells)


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def memory_alone() -> float:
    """Return the most memory, in MB, of a process that plans the largest team and does nothing else."""
    code = (
        "import json, resource, sys\n"
        "from rotations.fair.engine import plan\n"
        "from rotations.fair.reading import problem_from\n"
        "from rotations.fair.writing import plan_document\n"
        "plan_document(plan(problem_from(json.load(sys.stdin))))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return _answer_of(code, json.dumps(problems()[-1]))


def _import_time() -> float:
    """Return the seconds, as the median of five processes."""
    code = "import time; t = time.perf_counter(); import rotations.fair.engine; print(time.perf_counter() - t)"
    return median(_answer_of(code) for _ in range(5))


def _answer_of(code: str, given: str = "") -> float:
    done = subprocess.run(
        [sys.executable, "-c", code], input=given, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


if __name__ == "__main__":
    main()
