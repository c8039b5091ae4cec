"""`oncall plan --problem`: plan a bare rota problem from a JSON file. Reads no policy and no database."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click

from oncall.cli.options import format_option
from oncall.errors import OncallError

if TYPE_CHECKING:
    from rotations.fair.plan import Level, Plan
    from rotations.fair.problem import Problem


@click.command()
@click.option(
    "--problem",
    "problem_file",
    required=True,
    type=click.File(encoding="utf-8"),
    help="A rota problem in JSON; - reads standard input.",
)
@format_option
def plan(problem_file: TextIO, format_: str) -> None:
    """Plan a rota problem: who holds the phone when, how fair that is, and what is proved."""
    from rotations.fair import engine, reading, writing
    from rotations.fair.problem import ProblemError

    try:
        problem = reading.problem_from_json(problem_file.read())
    except ProblemError as error:
        raise OncallError(f"{problem_file.name}: {error}") from None
    except UnicodeDecodeError:
        raise OncallError(f"{problem_file.name}: document: is not UTF-8 text") from None
    found = engine.plan(problem)
    click.echo(
        writing.plan_to_json(found) if format_ == "json" else as_text(problem, found), nl=False
    )


def as_text(problem: Problem, found: Plan) -> str:
    """Return a plan as people read it: turns, balances, levels, findings."""
    return "".join(
        f"{line}\n"
        for part in (_turns(problem, found), _balances(found), _levels(found), _findings(found))
        for line in part
    )


def _turns(problem: Problem, found: Plan) -> list[str]:
    lines = [f"{found.name or 'plan'}: {found.verdict()}", ""]
    for slot, one in zip(problem.slots, found.assignments, strict=True):
        backup = f"  backup {one.backup or 'NOBODY'}" if problem.roles > 1 else ""
        lines.append(f"{slot.date}  {one.primary or 'NOBODY'}{backup}")
    return lines


def _balances(found: Plan) -> list[str]:
    lines = ["", "person  due  held  credit"]
    for one in found.accounts:
        lines.append(f"{one.person}  {one.due:.2f}  {one.held}  {one.credit:+.2f}")
    return lines


def _levels(found: Plan) -> list[str]:
    return ["", *(_level(level) for level in found.levels)]


def _level(level: Level) -> str:
    if level.proved:
        return f"{level.name}: {level.value:g} (proved: no plan can do better)"
    bound = "" if level.bound is None else f" (no plan can go below {level.bound:g})"
    return f"{level.name}: {level.value:g}{bound}"


def _findings(found: Plan) -> list[str]:
    lines = [""] if found.findings or found.moves else []
    for finding in found.findings:
        lines.append(f"{finding.code}: {finding.text}")
        lines.extend(f"  could help: {remedy}" for remedy in finding.remedies)
    lines.extend(f"moved: {move.text}" for move in found.moves)
    return lines
