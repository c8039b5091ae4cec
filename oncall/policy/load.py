"""From YAML text to a checked `Policy`, or to all findings at once. Reads one file, never the environment."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from oncall.errors import PolicyError
from oncall.policy import shape
from oncall.policy.document import MAX_BYTES, Document, read, refusal
from oncall.policy.draft import draft_of
from oncall.policy.findings import Finding, Note
from oncall.policy.model import Policy
from oncall.policy.rules import RULES


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that may be used, with the warnings it earned."""

    policy: Policy
    text: str
    warnings: tuple[Finding, ...]
    document: Document
    """Where everything stands, for findings made later."""


def load(path: pathlib.Path) -> Loaded:
    """Return the policy in the file at `path`; raises `PolicyError` with every finding, also when it cannot read it."""
    source = str(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        fix = "oncall init writes an example; --config or ONCALL_CONFIG names another file."
        raise refusal(source, f"{reason}.", fix=fix) from None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise refusal(
            source, f"byte {error.start + 1} is not UTF-8.", fix="save the file as UTF-8."
        ) from None
    return parse(text, source=source)


def parse(text: str, *, source: str = "config.yaml") -> Loaded:
    """Return the policy in `text`; raises `PolicyError` with every finding when there is an error among them."""
    document = read(text, source)
    policy, notes = _validate(document)
    draft = draft_of(document)
    for rule in RULES:
        notes.extend(rule(draft))
    hidden = {note.at or note.path for note in (*document.notes, *notes) if note.is_secret}
    findings = sorted(
        (document.finding(note, hidden=hidden) for note in _without_echoes(notes, document)),
        key=lambda finding: (finding.line, finding.column, finding.code),
    )
    if policy is None or any(finding.is_error for finding in findings):
        raise PolicyError(findings)
    return Loaded(policy, text, tuple(findings), document)


def _validate(document: Document) -> tuple[Policy | None, list[Note]]:
    try:
        return Policy.model_validate(document.plain), []
    except ValidationError as error:
        return None, shape.notes(error, document)


def _without_echoes(notes: list[Note], document: Document) -> Iterator[Note]:
    """Yield the notes; of an empty value only that it is empty, not what else follows from that."""
    yield from document.notes
    empty = {path for path in document.values if document.at(path) is None}
    for note in notes:
        path = note.at or note.path
        if not any(path[: len(place)] == place for place in empty):
            yield note
