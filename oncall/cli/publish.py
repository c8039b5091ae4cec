"""`oncall publish`: show what a new plan would change, ask, and make it the rota people are told. Plans nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall.cli.options import config_option, improve_option
from oncall.errors import OncallError

if TYPE_CHECKING:
    from oncall.policy.model import Person


@click.command()
@click.argument("rotation", required=False)
@click.option(
    "--by",
    metavar="NAME",
    required=True,
    help="Whose act this is: a lead or admin of the policy file.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@improve_option
@config_option
def publish(rotation: str | None, by: str, config: Path, *, yes: bool, improve: bool) -> None:
    """Publish ROTATION as far ahead as the policy says; whoever's published turn moves is told."""
    from oncall import improving, planning, publishing, rota
    from oncall.cli.open import opened_app
    from oncall.cli.plan import as_words
    from oncall.cli.rosters import named_rotation

    with opened_app(config) as app:
        _demand_lead(app.shelf.current.people, by)
        with app.sessions() as session:
            roster = rota.roster_at(session, app.shelf.current)
        name = named_rotation(roster, rotation)
        now = app.clock()
        proposal = planning.propose(roster, name, now)
        if improve:
            proposal = improving.improve_proposal(proposal)
        click.echo(as_words(proposal, roster), nl=False)
        if proposal.is_empty:
            click.echo("\nNothing to publish: everything is as it was published.")
            return
        click.echo(f"\n{len(proposal.fresh)} turns are new, {len(proposal.moved)} move.")
        if not yes:
            click.confirm("Publish?", abort=True)
        with app.sessions.begin() as session:
            publishing.publish(session, app, proposal, actor=by, now=now)
        click.echo("Published.")


def _demand_lead(people: Mapping[str, Person], name: str) -> None:
    from oncall.policy.model import Role

    known = people.get(name)
    if known is None or known.role is Role.STAFF:
        able = ", ".join(short for short, one in people.items() if one.role is not Role.STAFF)
        why = "may not publish" if known else "is nobody in the policy file"
        raise OncallError(f"{name} {why}; --by names a lead or admin: {able or 'there is none'}")
