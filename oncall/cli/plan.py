"""`oncall plan`: what the fair planner would do with a rotation, or with a bare problem. Publishes nothing."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from oncall.cli.options import config_option, format_option, improve_option
from oncall.errors import OncallError

if TYPE_CHECKING:
    from oncall.planning import Proposal
    from oncall.roster import Roster
    from rotations.fair.plan import Level, Plan
    from rotations.fair.problem import Problem


@click.command()
@click.argument("rotation", required=False)
@click.option(
    "--from", "begin", metavar="DAY", help="The first day, such as 2026-12-07; today when absent."
)
@click.option(
    "--weeks", type=click.IntRange(1, 260), help="How far; as the policy publishes when absent."
)
@click.option(
    "--what-if",
    "guesses",
    multiple=True,
    metavar="GUESS",
    help='"ana away 2026-12-20 2027-01-03", "bora leaves 2027-02-01", "dara joins 2027-03-01".',
)
@click.option(
    "--why", "why", metavar="DAY", help="Explain the turn of that day, and why it is nobody else's."
)
@click.option(
    "--problem",
    "problem_file",
    type=click.File(encoding="utf-8"),
    help="A bare rota problem in JSON instead of a rotation; - reads standard input.",
)
@improve_option
@config_option
@format_option
def plan(  # noqa: PLR0913 (every option is an argument)
    rotation: str | None,
    begin: str | None,
    weeks: int | None,
    guesses: tuple[str, ...],
    why: str | None,
    problem_file: TextIO | None,
    config: Path,
    format_: str,
    *,
    improve: bool,
) -> None:
    """Plan ROTATION (or a problem): who holds the phone when, what would move, how fair that is, and what is proved."""
    if problem_file is not None:
        if rotation or begin or weeks or guesses or why:
            raise click.UsageError("--problem stands alone: it holds everything there is to plan.")
        _plan_problem(problem_file, format_, improve=improve)
        return
    proposal, roster = _proposed(config, rotation, begin, weeks, guesses)
    if improve:
        from oncall import improving

        proposal = improving.improve_proposal(proposal)
    if why is not None:
        click.echo(_explained(proposal, roster, _start_of_day(why, roster, "--why")), nl=False)
        return
    if format_ == "json":
        click.echo(json.dumps(as_plain(proposal, roster), ensure_ascii=False, indent=1))
        return
    click.echo(as_words(proposal, roster), nl=False)


def _proposed(
    config: Path,
    rotation: str | None,
    begin: str | None,
    weeks: int | None,
    guesses: tuple[str, ...],
) -> tuple[Proposal, Roster]:
    from oncall import planning, supposing
    from oncall.cli.rosters import named_rotation, present_roster
    from oncall.clock import wall_clock

    roster = present_roster(config)
    name = named_rotation(roster, rotation)
    begins = _start_of_day(begin, roster, "--from") if begin else wall_clock()
    try:
        guessed = supposing.suppose(roster, *guesses)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--what-if") from None
    ahead = timedelta(weeks=weeks) if weeks else None
    try:
        return planning.propose(guessed, name, begins, ahead=ahead), guessed
    except ValueError as error:
        raise OncallError(f"{error}; choose another --from or --weeks") from None


def _start_of_day(text: str, roster: Roster, option: str) -> datetime:
    from rotations.wall import start_of

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f'"{text}" is not a day; write 2026-12-07.', param_hint=option
        ) from None
    return start_of(day, roster.policy.company.timezone)


def as_plain(proposal: Proposal, roster: Roster) -> dict[str, Any]:
    """Return a proposal for a program: turns, the final schedule, what moves, the plan with bounds and reasons."""
    from oncall.rota_findings import findings
    from rotations.fair import writing

    start, end = proposal.slots[0].start, proposal.slots[-1].end
    return {
        "rotation": proposal.rotation,
        "turns": [
            {
                "start": slot.start.isoformat(),
                "end": slot.end.isoformat(),
                "holder": slot.holder,
                "backup": slot.backup,
                "published": number < proposal.published,
            }
            for number, slot in enumerate(proposal.after(roster))
        ],
        "shifts": [
            {
                "role": shift.role,
                "person": shift.person,
                "start": shift.start.isoformat(),
                "end": shift.end.isoformat(),
                "turn": shift.turn_start.isoformat(),
                "planned": shift.planned,
            }
            for shift in roster.final_schedule(start, end, proposal.rotation)
        ],
        "moved": [_change_plain(change) for change in proposal.moved],
        "findings": [
            {
                "code": one.code,
                "rotation": one.rotation,
                "start": one.start.isoformat(),
                "end": one.end.isoformat(),
                "people": list(one.people),
                "text": one.text,
                "remedies": list(one.remedies),
            }
            for one in findings(roster, start, end)
        ],
        "plan": writing.plan_document(proposal.plan),
    }


def _change_plain(change: Any) -> dict[str, Any]:
    return {
        "start": change.start.isoformat(),
        "role": change.role,
        "before": change.before,
        "after": change.after,
        "kind": change.kind,
        "why": change.why,
    }


def as_words(proposal: Proposal, roster: Roster) -> str:
    """Return a proposal as people read it: turns with marks, what moves and why, balances, levels, findings."""
    parts = (
        _slots(proposal, roster),
        _moves(proposal),
        _balances(proposal.plan),
        _levels(proposal.plan),
        _findings(proposal.plan),
        _wrong_now(proposal, roster),
    )
    return "".join(f"{line}\n" for part in parts for line in part)


def _slots(proposal: Proposal, roster: Roster) -> list[str]:
    from oncall.roster import cadence_of

    zone = cadence_of(roster.policy, roster.policy.rotations[proposal.rotation]).zone
    moved = {change.start for change in proposal.moved}
    lines = [f"{proposal.rotation}: {proposal.plan.verdict()}", ""]
    for number, slot in enumerate(proposal.after(roster)):
        is_told = number < proposal.published
        mark = "moves    " if slot.start in moved else "published" if is_told else "new      "
        behind = f"  backup {slot.backup}" if slot.backup else ""
        starts = f"{slot.start.astimezone(zone):%a %d %b %Y %H:%M}"
        lines.append(f"{starts}  {mark}  {slot.holder or 'NOBODY'}{behind}")
    return lines


def _explained(proposal: Proposal, roster: Roster, day: datetime) -> str:
    """Return why one turn went to whom it went, and what speaks against everybody else."""
    from rotations.fair.engine import why_not_somebody_else
    from rotations.fair.problem import PRIMARY

    noon = day + timedelta(hours=12)
    found = [number for number, slot in enumerate(proposal.slots) if slot.start <= noon < slot.end]
    if not found:
        raise click.BadParameter("no turn of this plan runs that day.", param_hint="--why")
    slot = found[0]
    holder = proposal.plan.assignments[slot].primary
    lines = [
        one.text for one in proposal.plan.reasons if one.slot == slot and one.role == "primary"
    ]
    for person in dict.fromkeys(roster.policy.rotations[proposal.rotation].order):
        if person != holder:
            answer = why_not_somebody_else(proposal.problem, proposal.plan, slot, PRIMARY, person)
            lines.append(f"  why not {person}: {answer.text}")
    return "".join(f"{line}\n" for line in lines)


def _moves(proposal: Proposal) -> list[str]:
    lines = [f"moves: {change.why}" for change in proposal.moved]
    lines += [f"would be fairer: {offer.text}" for offer in proposal.plan.offers]
    return ["", *lines] if lines else []


def _wrong_now(proposal: Proposal, roster: Roster) -> list[str]:
    """Return what is wrong in the rota as it stands, before this plan is published."""
    from oncall.rota_findings import findings

    zone = roster.policy.company.timezone
    lines = []
    for one in findings(roster, proposal.slots[0].start, proposal.slots[-1].end):
        if one.rotation != proposal.rotation:
            continue
        start = f"{one.start.astimezone(zone):%a %d %b %Y %H:%M}"
        lines.append(f"as it stands: {start}: {one.code}: {one.text}")
        lines.extend(f"  could help: {remedy}" for remedy in one.remedies)
    return ["", *lines] if lines else []


def _plan_problem(problem_file: TextIO, format_: str, *, improve: bool) -> None:
    from rotations.fair import engine, reading, writing
    from rotations.fair.problem import ProblemError

    try:
        problem = reading.problem_from_json(problem_file.read())
    except ProblemError as error:
        raise OncallError(f"{problem_file.name}: {error}") from None
    except UnicodeDecodeError:
        raise OncallError(f"{problem_file.name}: document: is not UTF-8 text") from None
    found = engine.plan(problem)
    if improve:
        from oncall import improving

        found = improving.improve(problem, found)
    click.echo(
        writing.plan_to_json(found) if format_ == "json" else as_text(problem, found), nl=False
    )


def as_text(problem: Problem, found: Plan) -> str:
    """Return the plan of a bare problem as people read it: turns, balances, levels, findings."""
    moved = [f"moved: {move.text}" for move in found.moves]
    return "".join(
        f"{line}\n"
        for part in (
            _turns(problem, found),
            _balances(found),
            _levels(found),
            _findings(found),
            ["", *moved] if moved and not found.findings else moved,
        )
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
    return ["", *(_level(level) for level in found.levels), *_improvement(found)]


def _improvement(found: Plan) -> list[str]:
    """Return what came of asking a solver; nothing where none was asked for."""
    if found.improvement is None:
        return []
    took = "a better plan" if found.improvement.used else "the plan stays"
    return [f"improvement: {took}: {found.improvement.why}"]


def _level(level: Level) -> str:
    if level.proved:
        return f"{level.name}: {level.value:g} (proved: no plan can do better)"
    bound = "" if level.bound is None else f" (no plan can go below {level.bound:g})"
    return f"{level.name}: {level.value:g}{bound}"


def _findings(found: Plan) -> list[str]:
    lines = [""] if found.findings else []
    for finding in found.findings:
        lines.append(f"{finding.code}: {finding.text}")
        lines.extend(f"  could help: {remedy}" for remedy in finding.remedies)
    return lines
