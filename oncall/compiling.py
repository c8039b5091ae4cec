"""Work the roster of about two years out and leave it beside the policy file, where `oncall.compiled` finds it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from oncall import __version__
from oncall.compiled import digest, path_of
from oncall.policy.load import Loaded
from oncall.roster import Roster
from oncall.who import Duty, Known, Standing

SPAN = timedelta(days=366)
"""How far it reaches, back and ahead of the day it was made."""


def refresh(config: Path, loaded: Loaded, roster: Roster, mark: str, now: datetime) -> None:
    """Write `roster` beside `config`; where that cannot be written, `who` simply stays slow.

    `mark` says which state of the rota it holds (`oncall.rota_mark`).
    """
    target = path_of(config)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    with suppress(OSError):
        # The file may have changed since it was read: a digest of other text would lend this roster to it.
        if config.read_bytes().decode() == loaded.text:
            draft.write_text(json.dumps(work_out(roster, loaded.text, mark, now)), encoding="utf-8")
            draft.replace(target)


def work_out(roster: Roster, text: str, mark: str, now: datetime) -> dict[str, Any]:
    """Return `roster` around `now` as plain values; instants are seconds since 1970."""
    policy = roster.policy
    start, end = now - SPAN, now + SPAN
    return {
        "program": __version__,
        "config": digest(text.encode()),
        "rota": mark,
        "made": now.timestamp(),
        "start": start.timestamp(),
        "end": end.timestamp(),
        "zone": str(policy.company.timezone),
        "people": {
            short: [person.name, _day_text(person.since), _day_text(person.until)]
            for short, person in policy.people.items()
        },
        "calendars": {name: _changes(roster, name, start, end) for name in policy.calendars},
        "rotations": {
            name: {
                "calendar": rotation.calendar,
                "starts": roster.starts_at(name).timestamp(),
                "watches": _watches(roster, name, start, end),
            }
            for name, rotation in policy.rotations.items()
        },
    }


def standing(roster: Roster, at: datetime) -> Standing:
    """Return who holds what at `at` from the roster itself."""
    policy = roster.policy
    people = {
        short: Known(person.name, person.since, person.until)
        for short, person in policy.people.items()
    }
    duties = tuple(_duty_of(roster, name, at) for name in policy.rotations)
    return Standing(at, str(policy.company.timezone), duties, people)


def _duty_of(roster: Roster, rotation: str, at: datetime) -> Duty:
    calendar = roster.policy.rotations[rotation].calendar
    change = roster.next_change(at, calendar)
    watch = roster.watch_at(rotation, at)
    return Duty(
        rotation=rotation,
        starts_at=roster.starts_at(rotation),
        holder=watch.holder if watch else None,
        backup=watch.backup if watch else None,
        until=watch.end if watch else None,
        next_holder=watch.next_holder if watch else None,
        is_open=roster.is_open(at, calendar),
        changes_at=change[1] if change else None,
        shadow=watch.shadow if watch else None,
    )


def _watches(roster: Roster, rotation: str, start: datetime, end: datetime) -> list[list[Any]]:
    """Return a row for every instant at which anything changes: since when, holder, backup, until, next, shadow."""
    shifts = roster.final_schedule(start, end, rotation)
    changes = {bound for shift in shifts for bound in (shift.start, shift.end)}
    rows: list[list[Any]] = []
    for at in sorted(changes | {start}):
        watch = roster.watch_at(rotation, at)
        if watch is not None:
            until = watch.end.timestamp()
            names = [watch.holder, watch.backup, until, watch.next_holder, watch.shadow]
            rows.append([at.timestamp(), *names])
    return rows


def _changes(roster: Roster, calendar: str, start: datetime, end: datetime) -> dict[str, Any]:
    """Return every opening and closing of the span and the first one after it."""
    changes: list[float] = []
    at = start
    while at < end:
        change = roster.next_change(at, calendar)
        if change is None:
            break
        at = change[1]
        changes.append(at.timestamp())
    return {
        "open": roster.is_open(start, calendar),
        "changes": changes,
        "never_again": at < end,
    }


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
