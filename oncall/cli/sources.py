"""`oncall sources`: make, list and revoke the bearer tokens of ticket sources."""

from __future__ import annotations

import json
from pathlib import Path

import click

from oncall.cli.options import config_option, format_option


@click.group()
def sources() -> None:
    """Make, list and revoke the tokens of ticket sources."""


@sources.command()
@click.argument("name")
@config_option
def add(name: str, config: Path) -> None:
    """Make a token for the source NAME and print it once."""
    from oncall import sources as tokens
    from oncall.cli.open import opened

    with opened(config) as (session, now):
        token = tokens.add(session, name, by="command line", now=now)
    click.echo(token)
    click.echo("Keep it: it cannot be shown again.", err=True)


@sources.command("list")
@config_option
@format_option
def list_tokens(config: Path, format_: str) -> None:
    """List every token: its id, source and age, never the secret."""
    from oncall import sources as tokens
    from oncall.cli.open import opened

    with opened(config) as (session, _):
        found = tokens.every_token(session)
    if format_ == "json":
        rows = [
            {
                "id": token.id,
                "source": token.source,
                "created_at": token.created_at.isoformat(),
                "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
            }
            for token in found
        ]
        click.echo(json.dumps(rows))
        return
    for token in found:
        state = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else "live"
        click.echo(f"{token.id:>4}  {token.source:<24} made {token.created_at:%Y-%m-%d}  {state}")
    if not found:
        click.echo("No tokens yet. Make one: oncall sources add helpdesk")


@sources.command()
@click.argument("token_id", type=int)
@config_option
def revoke(token_id: int, config: Path) -> None:
    """Revoke the token TOKEN_ID at once."""
    from oncall import sources as tokens
    from oncall.cli.open import opened

    with opened(config) as (session, now):
        source = tokens.revoke(session, token_id, by="command line", now=now)
    click.echo(f"Token {token_id} of {source} is revoked.")
