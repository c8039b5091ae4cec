"""What is wrong (or odd) in a policy file, as data: where, which code, what, and the fix. Decides nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

NUMBERS = {
    "layout": 1,
    "tab": 2,
    "unknown-name": 3,
    "unknown-key": 4,
    "duplicate": 5,
    "missing": 6,
    "phone": 7,
    "time": 8,
    "hours": 9,
    "timezone": 10,
    "duration": 11,
    "no-otherwise": 12,
    "unreachable": 13,
    "idle-person": 14,
    "same-person": 15,
    "impossible": 17,
    "template": 18,
    "secret": 19,
    "env": 19,
    "file": 21,
    "value": 22,
    "date": 23,
    "name-clash": 24,
    "no-pause": 25,
    "rule": 26,
    "turn": 27,
    "no-address": 28,
    "no-admin": 29,
    "leaver": 30,
    "mail-only": 31,
    "one-way": 32,
    "comp-days": 40,
    "no-decider": 41,
    "labour-law": 42,
}
"""The number of every finding, by its word; numbers are never used again for something else."""


_LITERAL_SECRET = re.compile(
    r"""(\b(?:account|token|user|password)["']?\s*:\s*["']?)(?!["']?\$\{)([^\s"',{}]+)"""
)
"""What looks like a secret written out, wherever a finding would show its line."""

Path = tuple[str | int, ...]
"""Names and list positions (from 0) that lead to a value."""


class Severity(StrEnum):
    """An error refuses the file; a warning does not (unless `--strict`)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, counted from 1; `width` characters are meant, or as many as the line has."""

    line: int
    column: int
    width: int = 1


START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule has to say, by path; the file's places are added later."""

    name: str
    """A word of `NUMBERS`."""
    path: Path
    text: str
    fix: str = ""
    hint: str = ""
    severity: Severity = Severity.ERROR
    at: Path | None = None
    """What to point at, when it is not what `path` names."""
    at_key: bool = False
    """Point at the setting's name instead of its value."""
    place: Place | None = None
    """Where it stands, when the path alone cannot say (a key written twice)."""
    is_secret: bool = False
    """The value must not be shown, in this finding or another on the same line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about the file. `line` and `column` count from 1."""

    source: str
    line: int
    column: int
    severity: Severity
    code: str
    """E03, W14: stable, for `oncall explain-error`."""
    name: str
    """The code's word: unknown-name."""
    path: str
    """Where in the file's structure: rotations.emergency-phone.order; empty for the file as a whole."""
    text: str
    fix: str = ""
    hint: str = ""
    """Said beside the caret: the nearest right word and the words to choose from."""
    snippet: str = ""
    """The source line, with secrets blotted out; empty when there is none to show."""
    width: int = 1
    """How many characters of the line are meant."""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}"
        path = f"{self.path}: " if self.path else ""
        return f"{where}: {self.severity} {self.code} {self.name}: {path}{self.text}"

    @property
    def is_error(self) -> bool:
        """Whether this finding refuses the file."""
        return self.severity is Severity.ERROR


def placed(note: Note, place: Place, source: str, line: str = "") -> Finding:
    """Return `note` as a finding at `place` of `source`, whose line there may be shown as `line`."""
    letter = "E" if note.severity is Severity.ERROR else "W"
    return Finding(
        source=source,
        line=place.line,
        column=place.column,
        severity=note.severity,
        code=f"{letter}{NUMBERS[note.name]:02}",
        name=note.name,
        path=path_text(note.path),
        text=note.text,
        fix=note.fix,
        hint=note.hint,
        snippet=_LITERAL_SECRET.sub(_blot, line.rstrip()),
        width=max(1, min(place.width, len(line.rstrip()) - place.column + 1)),
    )


def _blot(secret: re.Match[str]) -> str:
    return secret[1] + "*" * len(secret[2])


def path_text(path: Path) -> str:
    """Write a path as people read it: rotations.emergency-phone.order, urgency[2].when."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def as_text(findings: Iterable[Finding]) -> str:
    """Write findings for a terminal: each with its line of the file, a caret under the fault, and the fix."""
    return "\n".join(line for finding in findings for line in _lines(finding))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like `word`, or None when none comes near."""
    folded = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str], *, label: str = "", most: int = 16) -> str:
    """Return the hint for a wrong word: the nearest right one and, after `label`, all when they are few."""
    known = list(choices)
    near = nearest(word, known)
    parts = [f'did you mean "{near}"?'] if near else []
    if label and known and len(known) <= most:
        parts.append(f"{label}: {', '.join(known)}")
    return "   ".join(parts)


def _lines(finding: Finding) -> Iterable[str]:
    yield str(finding)
    if finding.snippet:
        # A tab before the caret keeps its own width on the terminal.
        lead = "".join(
            "\t" if letter == "\t" else " " for letter in finding.snippet[: finding.column - 1]
        )
        caret = lead.ljust(finding.column - 1) + "^" * max(1, finding.width)
        yield f"{finding.line:5} | {finding.snippet}"
        yield f"      | {caret} {finding.hint}".rstrip()
    elif finding.hint:
        yield f"   {finding.hint}"
    if finding.fix:
        yield f"   fix: {finding.fix}"
