"""The roster for one command: the policy file and what the database lays over it. Prints nothing."""

from __future__ import annotations

import os
from pathlib import Path

import click

from oncall import rota_mark
from oncall.policy.load import load
from oncall.policy.model import Policy
from oncall.roster import Roster, roster_of


def present_roster(config: Path) -> Roster:
    """Return the roster of the policy file as it stands; raises `PolicyError`, `StoreError`."""
    return roster_under(load(config).policy, config)[0]


def roster_under(policy: Policy, config: Path) -> tuple[Roster, str]:
    """Return the roster of `policy` as it stands, and the mark of that state; makes no database where there is none."""
    url = rota_mark.database_url(config, os.environ)
    if rota_mark.is_missing(url):
        return roster_of(policy), rota_mark.mark(url, 0)
    from oncall import rota
    from oncall.cli.open import opened

    with opened(config) as (session, _):
        laid = rota.laid(session)
    return roster_of(policy, laid), rota_mark.mark(url, laid.version)


def named_rotation(roster: Roster, name: str | None) -> str:
    """Return the rotation called `name`, or the only one there is; raises `click.BadParameter`."""
    known = tuple(roster.policy.rotations)
    if name is None and len(known) == 1:
        return known[0]
    if name in known and name is not None:
        return name
    what = "name a rotation" if name is None else f'there is no rotation called "{name}"'
    raise click.BadParameter(
        f"{what}; there is: {', '.join(known) or 'none'}.", param_hint="ROTATION"
    )
