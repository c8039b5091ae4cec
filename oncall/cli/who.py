"""`oncall who`: who holds each phone, until when, and who comes next. Asks the compiled roster first."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from oncall import compiled, rota_mark
from oncall.cli.options import config_option, format_option
from oncall.clock import wall_clock
from oncall.who import Moment, Standing, as_plain, in_words, moment


@click.command()
@click.option(
    "--at", "at", metavar="TIME", help='Another time: "2026-12-25 03:00", in the company\'s zone.'
)
@click.option("--rotation", metavar="NAME", help="Only this rotation.")
@config_option
@format_option
def who(at: str | None, rotation: str | None, config: Path, format_: str) -> None:
    """Say who holds each phone, until when, the backup and who is next."""
    now = wall_clock()
    asked, standing = _quickly(config, at, now) or _slowly(config, at, now)
    standing = standing if rotation is None else _only(standing, rotation)
    if format_ == "json":
        click.echo(json.dumps(as_plain(standing, asked.remark), ensure_ascii=False, indent=2))
        return
    click.echo(in_words(standing, asked.remark))


def _quickly(config: Path, at: str | None, now: datetime) -> tuple[Moment, Standing] | None:
    """Answer from the compiled roster; None when there is none to trust, or it does not reach that far."""
    known = compiled.fetch(config, rota_mark.mark_of(_database(config)), now)
    if known is None:
        return None
    asked = _moment(at, ZoneInfo(known.zone), now)
    try:
        standing = known.standing(asked.instant)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    return None if standing is None else (asked, standing)


def _slowly(config: Path, at: str | None, now: datetime) -> tuple[Moment, Standing]:
    """Answer from the policy and the database themselves, and leave a compiled roster for the next time."""
    from oncall import compiling
    from oncall.cli.rosters import roster_under
    from oncall.policy.load import load

    loaded = load(config)
    roster, mark = roster_under(loaded.policy, config)
    compiling.refresh(config, loaded, roster, mark, now)
    asked = _moment(at, loaded.policy.company.timezone, now)
    return asked, compiling.standing(roster, asked.instant)


def _database(config: Path) -> str:
    return rota_mark.database_url(config, os.environ)


def _moment(at: str | None, zone: ZoneInfo, now: datetime) -> Moment:
    if at is None:
        return Moment(now)
    try:
        return moment(at, zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def _only(standing: Standing, rotation: str) -> Standing:
    duties = tuple(duty for duty in standing.duties if duty.rotation == rotation)
    if not duties:
        known = ", ".join(duty.rotation for duty in standing.duties) or "none"
        text = f'there is no rotation called "{rotation}"; there is: {known}.'
        raise click.BadParameter(text, param_hint="--rotation")
    return Standing(standing.at, standing.zone, duties, standing.people)
