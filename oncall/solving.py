"""The child process of `oncall.improving`: a question on standard input, HiGHS's answer on standard output.

Needs the extra `optimal`. Judges nothing and reads no clock: limits are counts. The product itself never imports it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import highspy

MOST_NODES = 50
"""Branches tried for each goal; the same on every machine."""
_SLACK = 1e-6
"""A goal that was reached may get worse by this part of it, or of one, while the next is sought."""
_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_max_nodes": MOST_NODES,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-7,
}

Json = dict[str, Any]


def solve(question: Json) -> Json:
    """Return the choices that reach the goals in their order, as far as the limit allows.

    `chosen` is None when not even the first goal was settled; `stopped` names the goal at which the limit was reached.
    """
    highs = _model(question)
    values: list[float] | None = None
    stopped = ""
    for goal in question["goals"]:
        _seek(highs, goal)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            stopped = goal["name"]
            break
        values = list(highs.getSolution().col_value)
        _keep(highs, goal, values)
    return {
        "solver": f"highspy {highs.version()}",
        "chosen": None if values is None else _chosen(values, question["choices"]),
        "stopped": stopped,
    }


def _model(question: Json) -> highspy.Highs:
    highs = highspy.Highs()
    for name, value in _OPTIONS.items():
        highs.setOptionValue(name, value)
    choices = question["choices"]
    for column in range(choices):
        highs.addVar(0.0, 1.0)
        highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for top in question["tops"]:
        highs.addVar(0.0, highspy.kHighsInf if top is None else top)
    for row in question["rows"]:
        _add_row(highs, row["least"], row["most"], row["terms"])
    start = set(question["start"])
    standing = [1.0 if column in start else 0.0 for column in range(choices)]
    highs.setSolution(choices, list(range(choices)), standing)
    return highs


def _add_row(
    highs: highspy.Highs, least: float | None, most: float | None, terms: list[list[Any]]
) -> None:
    highs.addRow(
        -highspy.kHighsInf if least is None else least,
        highspy.kHighsInf if most is None else most,
        len(terms),
        [column for column, _ in terms],
        [factor for _, factor in terms],
    )


def _seek(highs: highspy.Highs, goal: Json) -> None:
    """Make one goal the only one, and tell what is known of it."""
    costs = dict(goal["terms"])
    for column in range(highs.getNumCol()):
        highs.changeColCost(column, costs.get(column, 0.0))
    if goal["floor"] is not None:
        _add_row(highs, goal["floor"], None, goal["terms"])


def _keep(highs: highspy.Highs, goal: Json, values: list[float]) -> None:
    """Let no later goal undo this one, and start from here."""
    reached = sum(factor * values[column] for column, factor in goal["terms"])
    _add_row(highs, None, reached + _SLACK * max(1.0, abs(reached)), goal["terms"])
    highs.setSolution(len(values), list(range(len(values))), values)


def _chosen(values: list[float], choices: int) -> list[int]:
    return [column for column in range(choices) if values[column] > 0.5]


if __name__ == "__main__":
    json.dump(solve(json.load(sys.stdin)), sys.stdout)
