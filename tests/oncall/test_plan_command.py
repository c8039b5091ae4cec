"""`oncall plan --problem` plans a bare problem from a file, in words or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from oncall.cli import main
from tests.planning_checker import violations
from tests.planning_problems import document, person, weeks


@pytest.fixture
def problem() -> dict[str, Any]:
    people = [person("ana"), person("bora", unavailable=[1]), person("maria", weight=50)]
    return document(weeks(10), people, roles=["primary", "backup"], chain=True)


def planned(folder: Path, problem: dict[str, Any] | str, *words: str) -> Result:
    path = folder / "problem.json"
    text = problem if isinstance(problem, str) else json.dumps(problem)
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["plan", "--problem", str(path), *words])


def test_json_is_the_whole_plan(tmp_path: Path, problem: dict[str, Any]) -> None:
    result = planned(tmp_path, problem, "--format", "json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["format"] == "rota-plan/1"
    assert violations(problem, answer) == []


def test_text_names_every_turn_every_balance_and_the_verdict(
    tmp_path: Path, problem: dict[str, Any]
) -> None:
    result = planned(tmp_path, problem)

    lines = result.stdout.splitlines()
    assert lines[0] == "team: proved: no plan can be fairer"
    assert sum(line.startswith(("2027-01", "2027-02", "2027-03")) for line in lines) == 10
    assert any(line.startswith("maria  2.00  2") for line in lines)


def test_a_hole_is_told_with_what_could_help(tmp_path: Path, problem: dict[str, Any]) -> None:
    problem["people"] = problem["people"][:2]
    result = planned(tmp_path, problem)

    assert "NOBODY" in result.stdout
    assert "could help: ask bora, who is on leave" in result.stdout


def test_the_problem_may_come_from_standard_input(problem: dict[str, Any]) -> None:
    result = CliRunner().invoke(main, ["plan", "--problem", "-"], input=json.dumps(problem))

    assert result.exit_code == 0


def test_a_malformed_problem_is_refused_in_one_line(
    tmp_path: Path, problem: dict[str, Any]
) -> None:
    problem["people"][1]["weight"] = "half"
    result = planned(tmp_path, problem)

    assert result.exit_code == 1
    assert result.stderr.endswith("problem.json: people[1].weight: must be a whole number\n")
    assert result.stdout == ""


def test_text_that_is_no_json_is_refused_in_one_line(tmp_path: Path) -> None:
    result = planned(tmp_path, "people: [ana]")

    assert result.exit_code == 1
    assert "document: is not JSON" in result.stderr
