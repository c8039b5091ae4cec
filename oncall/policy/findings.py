"""What is wrong (or odd) in a policy file, as data: where, which code, what, and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses the file; a warning does not (unless `--strict`)."""

    ERROR = "error"
    WARNING = "warning"


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
    """Where in the file's structure: rotations.emergency-phone.order."""
    text: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}:{self.column}"
        return f"{where}: {self.severity} {self.code} {self.name}: {self.path}: {self.text}"
