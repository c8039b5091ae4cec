"""Answers from the roster that `oncall.compiling` left beside the policy file, for a quick `who`; works nothing out.

Only a shortcut: missing, stale, broken or asked outside its span, it says so and the roster itself is asked.
Imports nothing heavy, for the sake of that speed.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from oncall import __version__
from oncall.who import Duty, Known, Standing

FRESH = timedelta(days=14)
"""After that it is made again: zones and holidays are corrected now and then."""


class Compiled:
    """Answers from the file; raises KeyError, TypeError, ValueError or IndexError when the file is damaged."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self.zone: str = plain["zone"]
        self._plain = plain
        self._start, self._end = _instant(plain["start"]), _instant(plain["end"])

    def rotations(self) -> tuple[str, ...]:
        """Return the names of the rotations, in the order of the policy."""
        return tuple(self._plain["rotations"])

    def standing(self, at: datetime) -> Standing | None:
        """Return who holds what at `at`; None outside the file's span."""
        if not self._start <= at < self._end:
            return None
        duties = (self._duty(name, entry, at) for name, entry in self._plain["rotations"].items())
        people = {
            short: Known(name, _day(since), _day(until))
            for short, (name, since, until) in self._plain["people"].items()
        }
        return Standing(at, self.zone, tuple(duties), people)

    def _duty(self, name: str, entry: dict[str, Any], at: datetime) -> Duty:
        is_open, changes_at = self._hours(entry["calendar"], at)
        passed = bisect_right(entry["watches"], at.timestamp(), key=lambda row: row[0])
        holder = backup = until = after = shadow = None
        if passed:
            _, holder, backup, ends, after, shadow = entry["watches"][passed - 1]
            until = _instant(ends)
        starts_at = _instant(entry["starts"])
        return Duty(name, starts_at, holder, backup, until, after, is_open, changes_at, shadow)

    def _hours(self, calendar: str, at: datetime) -> tuple[bool, datetime | None]:
        entry = self._plain["calendars"][calendar]
        passed = bisect_right(entry["changes"], at.timestamp())
        is_open = bool(entry["open"]) ^ (passed % 2 == 1)
        if passed == len(entry["changes"]) and entry["never_again"]:
            return is_open, None
        return is_open, _instant(entry["changes"][passed])


def path_of(config: Path) -> Path:
    """Return where the compiled roster of a policy file lies."""
    return config.with_name(f"{config.name}.roster")


def fetch(config: Path, mark: str | None, now: datetime) -> Compiled | None:
    """Return the compiled roster of `config`, or None when there is none that may be trusted at `now`.

    `mark` is the state the rota is in now; a roster of another state is stale.
    """
    try:
        plain = json.loads(path_of(config).read_bytes())
        is_fresh = abs(now - _instant(plain["made"])) <= FRESH
        is_ours = plain["program"] == __version__ and plain["rota"] == mark
        fits = is_ours and plain["config"] == digest(config.read_bytes())
        return Compiled(plain) if is_fresh and fits else None
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def digest(raw: bytes) -> str:
    """Return what tells one text of a policy file from another."""
    return hashlib.sha256(raw).hexdigest()


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
