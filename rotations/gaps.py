"""What is wrong in final schedules: holes, double bookings, leave, short rest, limits. Finds and says; changes nothing.

The planner has findings of its own (too few people and the like); these are about who holds when all is laid over all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rotations.hours import Stretch
from rotations.layers import without
from rotations.remedies import Board, Limits, Watched
from rotations.shifts import BACKUP, HOLDER, Shift

__all__ = ["Finding", "Limits", "Watched", "findings"]

NOBODY_HOLDS, NO_BACKUP, DOUBLE_BOOKED = "nobody-holds", "no-backup", "double-booked"
ON_LEAVE, SHORT_REST, OVER_LIMIT = "on-leave", "short-rest", "over-limit"

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in `rotation`, `start` <= instant < `end`, aware UTC: about whom, why, and what would close it."""

    code: str
    rotation: str
    start: datetime
    end: datetime
    people: tuple[str, ...]
    text: str
    remedies: tuple[str, ...] = ()


def findings(
    watched: Sequence[Watched],
    leave: Mapping[str, Sequence[Stretch]],
    span: Stretch,
    zone: ZoneInfo,
) -> tuple[Finding, ...]:
    """Return everything that is wrong at some time of `span` (aware), ordered by start, rotation and code.

    `leave` holds stretches per person; quarters and years, which limits are about, are those of `zone`. Shadows are
    never counted: they hold nothing.
    """
    board = Board(watched, leave, span, zone)
    found = {
        finding
        for one in watched
        for rule in (_holes, _without_backup, _on_leave, _short_rests, _over_limits)
        for finding in rule(board, one)
        if finding.start < span[1] and finding.end > span[0]
    }
    found.update(_double_booked(board, span))
    return tuple(sorted(found, key=lambda one: (one.start, one.rotation, one.code, one.people)))


def _holes(board: Board, watched: Watched) -> Iterator[Finding]:
    name = watched.schedule.name
    held = [(shift.start, shift.end) for shift in board.shifts_of(name, HOLDER)]
    for stretch in without(watched.schedule.cover_between(*board.span), held):
        text = "nobody holds: the turn was published without a holder"
        remedies = board.remedies(watched, stretch, HOLDER)
        yield Finding(NOBODY_HOLDS, name, *stretch, (), text, remedies)


def _without_backup(board: Board, watched: Watched) -> Iterator[Finding]:
    """Where somebody should be behind the holder, and is not: whoever would be holds already, or is nobody."""
    schedule = watched.schedule
    backups = [(shift.start, shift.end) for shift in board.shifts_of(schedule.name, BACKUP)]
    for shift in board.shifts_of(schedule.name, HOLDER):
        turn = schedule.turn_at(shift.start)
        if not schedule.has_backup and (turn is None or turn.backup is None):
            continue
        for stretch in without([(shift.start, shift.end)], backups):
            if schedule.backed_by and board.holder_of(schedule.backed_by, stretch) is None:
                text = f"nobody is the backup of {shift.person}: nobody holds {schedule.backed_by}"
            else:
                text = f"nobody is the backup: {shift.person} holds, and there is nobody else"
            if turn is not None and turn.backup == shift.person:
                text = f"{shift.person} would be holder and backup at once, so nobody is the backup"
            remedies = board.remedies(watched, stretch, BACKUP)
            yield Finding(NO_BACKUP, schedule.name, *stretch, (shift.person,), text, remedies)


def _on_leave(board: Board, watched: Watched) -> Iterator[Finding]:
    name = watched.schedule.name
    for role in (HOLDER, BACKUP):
        for shift in board.shifts_of(name, role):
            for away in board.leave.get(shift.person, ()):
                start, end = max(shift.start, away[0]), min(shift.end, away[1])
                if start < end:
                    text = f"{shift.person} is {role} and on leave"
                    remedies = board.remedies(watched, (start, end), role)
                    yield Finding(ON_LEAVE, name, start, end, (shift.person,), text, remedies)


def _short_rests(board: Board, watched: Watched) -> Iterator[Finding]:
    """Two turns of one person as holder with too little between them; pieces of one turn are no two turns."""
    name, rest = watched.schedule.name, watched.limits.rest
    last: dict[str, Shift] = {}
    for shift in board.shifts_of(name, HOLDER):
        before = last.get(shift.person)
        last[shift.person] = shift
        if before is None or before.turn_start == shift.turn_start:
            continue
        free = shift.start - before.end
        if free < rest:
            when = f"after {_long(free)}" if free else "at once"
            text = f"{shift.person} holds again {when}; the least is {_long(rest)} between"
            remedies = (
                *board.remedies(watched, (shift.start, shift.end), HOLDER),
                f"a shorter rest for {shift.person}",
            )
            yield Finding(SHORT_REST, name, before.end, shift.end, (shift.person,), text, remedies)


def _over_limits(board: Board, watched: Watched) -> Iterator[Finding]:
    for what, most, periods in board.limits_of(watched):
        for period, held in periods.items():
            for person, time in sorted(held.items()):
                if time > most:
                    text = (
                        f"{person} holds for {_long(time)} in the {what}; the most is {_long(most)}"
                    )
                    remedies = (
                        f"hand a turn of {person} to somebody else",
                        f"a higher limit for {person}",
                    )
                    yield Finding(
                        OVER_LIMIT, watched.schedule.name, *period, (person,), text, remedies
                    )


def _double_booked(board: Board, span: Stretch) -> Iterator[Finding]:
    """One person in two rotations at once. Behind another rotation stands its holder by rule: that is one duty."""
    for person, shifts in board.by_person.items():
        for number, one in enumerate(shifts):
            for other in shifts[number + 1 :]:
                if other.start >= one.end:
                    break
                start, end = other.start, min(one.end, other.end)
                if board.is_one_duty(one, other) or start >= span[1] or end <= span[0]:
                    continue
                text = (
                    f"{person} is {one.role} of {one.rotation} and {other.role} of {other.rotation}"
                )
                remedies = board.remedies(board.watched[other.rotation], (start, end), other.role)
                yield Finding(DOUBLE_BOOKED, other.rotation, start, end, (person,), text, remedies)


def _long(time: timedelta) -> str:
    """Write a length of time in days and hours, or in minutes when it is short."""
    if time < _HOUR:
        return f"{time // _MINUTE} min"
    days, hours = time // _DAY, time % _DAY // _HOUR
    return " ".join(part for part in (f"{days} d" * (days > 0), f"{hours} h" * (hours > 0)) if part)
