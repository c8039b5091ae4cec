"""`oncall days`: balances, statements, files for payroll and auditors, and what other rules would have meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall.cli.options import config_option, format_option

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from oncall.app import App


@click.group()
def days() -> None:
    """Comp days: balances, statements, files, and what a change of the rules would mean."""


@days.command()
@config_option
@format_option
def balances(config: Path, format_: str) -> None:
    """List every book: balance, what is reserved, what can be taken."""
    from oncall.ledger import board
    from oncall.ledger.entries import days_text

    with _ledger(config) as (session, app):
        lines = board.admin(session, app, app.clock()).lines
    if format_ == "json":
        rows = [
            {
                "person": line.who.short,
                "name": line.who.name,
                "balance": days_text(line.balance),
                "reserved": days_text(line.reserved),
                "available": days_text(line.balance - line.reserved),
                "has_left": line.has_left,
            }
            for line in lines
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    click.echo(f"{'person':<16} {'balance':>8} {'reserved':>8} {'free':>8}  name")
    for line in lines:
        numbers = (line.balance, line.reserved, line.balance - line.reserved)
        columns = " ".join(f"{days_text(number):>8}" for number in numbers)
        left = "  (has left)" if line.has_left else ""
        click.echo(f"{line.who.short:<16} {columns}  {line.who.name}{left}")


@days.command()
@click.argument("person")
@click.option("--period", metavar="YEAR[-MONTH]", help="2026 or 2026-12; this month without it.")
@config_option
def statement(person: str, period: str | None, config: Path) -> None:
    """Print the statement of PERSON (a short name): opening, movements, closing."""
    from oncall.errors import NotFound
    from oncall.ledger import book, export
    from oncall.ledger import statement as statements
    from oncall.ledger.entries import days_text

    with _ledger(config) as (session, app):
        entries = book.entries_of(session, person)
        if not entries and person not in app.shelf.current.people:
            raise NotFound(f'there is no book of "{person}"; `oncall days balances` lists them')
        start, end = _span(period, app)
        found = statements.statement_of(person, entries, start, end)
    click.echo(f"{'opening':<12} {days_text(found.opening):>9}")
    for column, amount in found.sums:
        if amount:
            click.echo(f"{column:<12} {days_text(amount):>9}")
    click.echo(f"{'closing':<12} {days_text(found.closing):>9}")
    for entry in found.entries:
        click.echo(f"  {entry.at:%Y-%m-%d} {days_text(entry.amount):>8}  {export.reason_of(entry)}")


@days.command()
@click.option("--period", metavar="YEAR[-MONTH]", help="2026 or 2026-12; everything without it.")
@click.option(
    "--audit",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write ledger, final schedule, answered pages and rules into this folder instead.",
)
@config_option
def export(period: str | None, audit: Path | None, config: Path) -> None:
    """Print the ledger as CSV for payroll, or write all that an auditor needs."""
    from oncall.ledger import book
    from oncall.ledger import export as files

    with _ledger(config) as (session, app):
        if audit is not None:
            audit.mkdir(parents=True, exist_ok=True)
            for name, text in files.audit_files(session, app).items():
                (audit / name).write_text(text, encoding="utf-8")
                click.echo(audit / name)
            return
        start, end = _span(period, app) if period else (None, None)
        click.echo(files.as_csv(book.entries(session, start, end), app.shelf.current), nl=False)


@days.command()
@click.option(
    "--dry-run", is_flag=True, required=True, help="Must be given: posted entries never change."
)
@config_option
@format_option
def recompute(*, dry_run: bool, config: Path, format_: str) -> None:
    """Show what the rules of today's policy would have made of every turn posted so far."""
    from oncall.ledger.entries import days_text
    from oncall.ledger.recount import recount

    with _ledger(config) as (session, app):
        found = recount(session, app)
    if format_ == "json":
        rows = [
            {
                "rotation": one.turn.rotation,
                "turn_start": one.turn.start.isoformat(),
                "person": one.person,
                "written": days_text(one.written),
                "counted": days_text(one.counted),
            }
            for one in found
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for one in found:
        change = days_text(one.counted - one.written)
        click.echo(
            f"{one.turn.start:%Y-%m-%d} {one.turn.rotation:<20} {one.person:<16} "
            f"{days_text(one.written):>8} -> {days_text(one.counted):>8} ({change})"
        )
    click.echo(f"{len(found)} differences; nothing was changed")


@contextmanager
def _ledger(config: Path) -> Iterator[tuple[Session, App]]:
    """Yield a session and an app that count by the policy file as it is; whatever they write is forgotten."""
    from oncall.cli.open import opened_app
    from oncall.errors import SettingsError

    with opened_app(config) as app:
        if app.shelf.current.comp_days is None:
            raise SettingsError("the policy file has no comp_days: section, so nobody earns days")
        with app.sessions() as session, session.begin() as transaction:
            app.shelf.accept(session, author="command line", now=app.clock())
            yield session, app
            transaction.rollback()


def _span(period: str | None, app: App) -> tuple[datetime, datetime]:
    from rotations.wall import start_of

    zone = app.shelf.current.company.timezone
    year, _dash, month = (period or f"{app.clock().astimezone(zone):%Y-%m}").partition("-")
    try:
        first = date(int(year), int(month) if month else 1, 1)
        after = (
            date(first.year + first.month // 12, first.month % 12 + 1, 1)
            if month
            else date(first.year + 1, 1, 1)
        )
    except ValueError:
        raise click.BadParameter("write 2026 or 2026-12", param_hint="--period") from None
    return start_of(first, zone), start_of(after, zone)
