"""`oncall people`: who can be reached and who can sign in; makes one-time sign-in links."""

from __future__ import annotations

import json
from pathlib import Path

import click

from oncall.cli.options import config_option, format_option


@click.group()
def people() -> None:
    """List the people of the policy file, invite one to sign in."""


@people.command("list")
@config_option
@format_option
def list_people(config: Path, format_: str) -> None:
    """List everyone in the policy file: short name, role, how they are reached."""
    from oncall.policy.load import load

    policy = load(config).policy
    if format_ == "json":
        rows = [
            {
                "person": key,
                "name": who.name,
                "role": who.role.value,
                "phone": who.phone,
                "email": who.email,
            }
            for key, who in policy.people.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for key, who in policy.people.items():
        click.echo(
            f"{key:<16} {who.role.value:<6} {who.phone or '-':<16} {who.email or '-':<28} {who.name}"
        )


@people.command()
@click.argument("name")
@config_option
def invite(name: str, config: Path) -> None:
    """Print a one-time sign-in link for NAME (a short name of the policy file); it lives for three days."""
    from oncall import accounts
    from oncall.cli.open import opened_app
    from oncall.errors import NotFound
    from oncall.policy.findings import nearest

    with opened_app(config) as app, app.sessions.begin() as session:
        try:
            path = accounts.invite(session, app, name, app.clock())
        except NotFound:
            meant = nearest(name, app.shelf.current.people)
            hint = f' Did you mean "{meant}"?' if meant else " Add them to the policy file first."
            raise NotFound(f'the policy file has nobody called "{name}".{hint}') from None
    click.echo(f"{app.shelf.current.company.url}{path}")
