"""`oncall check`: every finding about the policy file, for people, programs and pull requests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall.cli.options import config_option

if TYPE_CHECKING:
    from oncall.policy.findings import Finding


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@config_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print the findings; github marks the lines of a pull request.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--env", "env", is_flag=True, help="A secret that is not set here is an error.")
@click.pass_context
def check(
    ctx: click.Context, file: Path | None, config: Path, format_: str, *, strict: bool, env: bool
) -> None:
    """Check the policy in FILE (else --config): shape, names, hours, ladders, secrets."""
    path = file or config
    findings = _findings(path, os.environ, secrets_are_demanded=env)
    click.echo(_WRITERS[format_](path, findings))
    if format_ == "text":
        _echo_edits(path)
    if any(finding.is_error or strict for finding in findings):
        ctx.exit(1)


def _findings(
    path: Path, environ: Mapping[str, str], *, secrets_are_demanded: bool
) -> tuple[Finding, ...]:
    from oncall.clock import wall_clock
    from oncall.errors import PolicyError
    from oncall.policy import ahead, secrets
    from oncall.policy.findings import Severity
    from oncall.policy.load import load

    try:
        loaded = load(path)
    except PolicyError as error:
        return error.findings
    now = wall_clock()
    severity = Severity.ERROR if secrets_are_demanded else Severity.WARNING
    unset = secrets.unset_findings(loaded.policy, loaded.document, environ, severity)
    unstarted = ahead.unstarted_findings(loaded.policy, loaded.document, now)
    found = (*loaded.warnings, *unstarted, *unset)
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.code)))


def _echo_edits(path: Path) -> None:
    """Name the settings of people that the file no longer decides; changes no database and makes none."""
    from oncall import contacts, migrate, rota_mark, store
    from oncall.errors import PolicyError, StoreError
    from oncall.policy import edits
    from oncall.policy.load import load
    from oncall.wakeup import Wakeup

    url = rota_mark.database_url(path, os.environ)
    if rota_mark.is_missing(url):
        return
    try:
        policy = load(path).policy
        database = store.open_engine(url)
    except (PolicyError, StoreError):
        return
    try:
        with database.connect() as connection:
            if not migrate.is_current(connection):
                return
        with store.reading(store.open_sessions(database, Wakeup())) as session:
            edited = contacts.edited_settings(policy, edits.read(session))
    finally:
        database.dispose()
    for person, settings in edited.items():
        click.echo(f"note: {person} changed {', '.join(settings)} on their own page; that wins.")


def _text(path: Path, findings: Sequence[Finding]) -> str:
    from oncall.policy.findings import as_text

    errors = sum(finding.is_error for finding in findings)
    counts = f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}"
    summary = f"{path}: {counts if findings else 'no findings'}"
    return f"{as_text(findings)}\n{summary}" if findings else summary


def _json(path: Path, findings: Sequence[Finding]) -> str:
    import json
    from dataclasses import asdict

    report = {
        "file": str(path),
        "ok": not any(finding.is_error for finding in findings),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


def _github(_path: Path, findings: Iterable[Finding]) -> str:
    """Return workflow commands; see GitHub's "Workflow commands", setting a warning message."""
    return "\n".join(
        f"::{finding.severity} file={_property(finding.source)},line={finding.line},col={finding.column},"
        f"title={_property(f'{finding.code} {finding.name}')}::{_data(_message(finding))}"
        for finding in findings
    )


def _message(finding: Finding) -> str:
    path = f"{finding.path}: " if finding.path else ""
    fix = f"\nfix: {finding.fix}" if finding.fix else ""
    return f"{path}{finding.text} {finding.hint}".rstrip() + fix


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


_WRITERS = {"text": _text, "json": _json, "github": _github}
