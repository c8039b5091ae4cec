"""A solver in a child process may beat a plan; whatever goes wrong with it, the plan stays and says so."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from oncall.cli import main
from oncall.improving import Child, Highs
from rotations.fair import optimal
from rotations.fair.plan import Plan
from rotations.fair.writing import plan_to_json, problem_document
from tests.planning_checker import violations
from tests.planning_problems import team
from tests.unfair import all_to_ana, team_of_three

SOLVERS = Path(__file__).parent / "solvers"


def program(name: str, seconds: float = 20) -> Child:
    return Child((sys.executable, str(SOLVERS / f"{name}.py")), seconds)


def improved(backend: optimal.Backend) -> Plan:
    problem = team_of_three()
    return optimal.improve(problem, all_to_ana(problem), backend)


def test_a_better_plan_of_a_solver_is_taken_and_names_the_solver() -> None:
    found = improved(program("honest"))

    assert [one.held for one in found.accounts] == [3, 3, 3]
    assert found.engine == "fair/1+honest 1.0"
    assert found.improvement is not None
    assert found.improvement.why == (
        "honest 1.0 found a better plan: largest_deviation 0 instead of 6"
    )


def test_the_same_problem_gives_the_same_bytes_with_a_solver_too() -> None:
    first, second = (plan_to_json(improved(program("honest"))) for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        (Highs("no_such_solver"), "no_such_solver is not installed: pip install"),
        (Child(("/nowhere/solver",)), "the solver did not start: No such file or directory"),
        (program("killed"), "the solver was killed by signal 9"),
        (program("endless", 0.2), "the solver took more than 0.2 seconds"),
        (program("crashing"), "the solver failed with exit code 3"),
        (program("babbling"), "the solver's answer cannot be read"),
        (program("limited"), "limited 1.0 reached its limit at uncovered"),
        (program("lying"), "the solver's plan breaks a hard rule: bora as primary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_solver_that_fails_leaves_the_plan_and_says_why(
    backend: optimal.Backend, says: str
) -> None:
    found = improved(backend)

    assert found.assignments == all_to_ana(team_of_three()).assignments
    assert found.engine == "fair/1"
    assert found.improvement is not None
    assert (found.improvement.tried, found.improvement.used) == (True, False)
    assert found.improvement.why.startswith(says)


def asked(folder: Path, problem: dict[str, Any], *words: str) -> dict[str, Any]:
    path = folder / "problem.json"
    path.write_text(json.dumps(problem), encoding="utf-8")
    done = CliRunner().invoke(main, ["plan", "--problem", str(path), "--format", "json", *words])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_command_asks_no_solver_unless_told_to(tmp_path: Path) -> None:
    answer = asked(tmp_path, team(110, 8, 52, gap=6, leave_weeks=12))

    assert answer["improvement"] is None


def test_the_command_plans_with_and_without_the_solver_installed(tmp_path: Path) -> None:
    problem = team(110, 8, 52, gap=6, leave_weeks=12)
    answer = asked(tmp_path, problem, "--improve")

    assert answer["improvement"]["tried"]
    assert violations(problem, answer) == []


def test_the_command_says_what_came_of_it(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem_document(team_of_three())), encoding="utf-8")
    done = CliRunner().invoke(main, ["plan", "--problem", str(path), "--improve"])

    line = "improvement: the plan stays: proved already: no plan can be fairer"
    assert line in done.stdout.splitlines()
