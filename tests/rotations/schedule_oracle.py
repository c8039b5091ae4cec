"""A slow second opinion on the final schedule: it looks at one instant after the other and asks what the rules say.

It reads the wall clock the way `oracle` does, passes the phone on from hand to hand, and shares no code with what it
judges. The instants it looks at must lie closely enough that no turn is overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.rotations.oracle import Door


class Turn(NamedTuple):
    """A published turn."""

    start: datetime
    end: datetime
    holder: str | None
    backup: str | None


class Over(NamedTuple):
    """An override."""

    id: int
    role: str
    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Rules:
    """One rotation, as its rules say it."""

    order: tuple[str, ...]
    zone: ZoneInfo
    first_day: date
    handoffs: tuple[tuple[int, time], ...] = ((0, time(9)),)
    days: int = 7
    backup: str | Rules = "none"
    published: tuple[Turn, ...] = ()
    overrides: tuple[Over, ...] = ()
    weekly: tuple[tuple[tuple[int, int], ...], ...] | None = None
    learners: tuple[str, ...] = ()


class Has(NamedTuple):
    """Who has a role at an instant, whose it was planned to be, by which override."""

    person: str | None
    planned: str | None
    override: int | None


class Seen(NamedTuple):
    """What an instant shows: the turn (by its place in the walk) and the three roles."""

    turn: int
    holder: Has
    backup: Has
    shadow: Has


NOBODY = Has(None, None, None)


@dataclass
class Run:
    """A turn as the walk meets it."""

    key: tuple[str, int]
    number: int
    holder: str | None
    backup: str | None


@lru_cache(maxsize=8)
def wall_readings(zone: ZoneInfo, instants: tuple[datetime, ...]) -> list[datetime]:
    """Return the latest reading of the wall up to each instant."""
    latest = datetime.min  # noqa: DTZ901 (a reading of the wall carries no zone)
    found = []
    for instant in instants:
        latest = max(latest, instant.astimezone(zone).replace(tzinfo=None))
        found.append(latest)
    return found


def places(people: int, parts: int) -> Iterator[int]:
    """Yield who is next, for ever: one after the other; when all stand at the parts where they began, one is passed by.

    Where everybody comes to every part anyway nobody is passed by.
    """
    count = hand = 0
    while True:
        yield hand % people
        count, hand = count + 1, hand + 1
        all_back = count % people == 0 and count % parts == 0
        comes_by_itself = any(people * step % parts == 1 % parts for step in range(1, parts + 1))
        if all_back and not comes_by_itself:
            hand += 1


@lru_cache(maxsize=256)
def taking_turns(people: tuple[str, ...], parts: int, turns: int) -> dict[int, str]:
    """Return who has which turn, by number, for so many `turns` before and after the first."""
    whole = len(people) ** 2 * parts
    back = whole * -(-turns // whole)
    hands = places(len(people), parts)
    return {number: people[next(hands)] for number in range(-back, turns)}


def turns_within(rules: Rules, instants: tuple[datetime, ...]) -> int:
    """Return how many turns before and after the first the walk may meet at most."""
    first = datetime.combine(rules.first_day, time(), tzinfo=UTC)
    days = max(abs(first - instants[0]), abs(instants[-1] - first)).days
    return (days // rules.days + 3) * len(rules.handoffs)


def runs_of(rules: Rules, instants: tuple[datetime, ...]) -> tuple[list[Run], list[int | None]]:
    """Return the turns that the walk meets, and for each instant its turn; None before the rotation has begun."""
    parts = len(rules.handoffs)
    known = turns_within(rules, instants)
    hands = taking_turns(rules.order, parts, known)
    walls = [
        datetime.combine(rules.first_day, at)
        + timedelta(days=offset + (number // parts) * rules.days)
        for number in range(-known, known)
        for offset, at in [rules.handoffs[number % parts]]
    ]
    readings = wall_readings(rules.zone, instants)
    starts = sorted(rules.published, key=lambda one: (one.start, one.end))
    runs: list[Run] = []
    turns: list[int | None] = []
    passed, has_begun = 0, False
    for instant, reading in zip(instants, readings, strict=True):
        while walls[passed] <= reading:
            passed += 1
        number = passed - 1 - known
        begun = [one for one in starts if one.start <= instant]
        has_begun = has_begun or bool(begun) or number >= 0
        run = Run(("plain", number), number, hands[number], None)
        if begun and instant < begun[-1].end:
            index = len(begun) - 1
            run = Run(("published", index), number, begun[-1].holder, begun[-1].backup)
        if not runs or runs[-1].key != run.key:
            runs.append(run)
        turns.append(len(runs) - 1 if has_begun else None)
    return runs, turns


def walk(
    rules: Rules, instants: tuple[datetime, ...], asked: tuple[datetime, datetime] | None = None
) -> list[Seen | None]:
    """Return what every instant shows; None where the rotation does not hold, and outside what is `asked` for."""
    runs, turns = runs_of(rules, instants)
    own, own_planned = behind(rules, instants, turns, asked)
    known = turns_within(rules, instants)
    learner = taking_turns(rules.learners, len(rules.handoffs), known) if rules.learners else {}
    door = Door(rules.weekly, ()) if rules.weekly else None
    found: list[Seen | None] = []
    backups = cache(partial(planned_backup, rules, runs))
    first, last = asked or (instants[0], instants[-1])
    readings = wall_readings(rules.zone, instants)
    for position, (instant, turn) in enumerate(zip(instants, turns, strict=True)):
        if turn is None or not first <= instant <= last or not is_held(door, readings[position]):
            found.append(None)
            continue
        run = runs[turn]
        holder = laid(rules, "holder", instant, Has(run.holder, run.holder, None))
        base = Has(backups(turn), backups(turn), None)
        busy = {run.holder, backups(turn)}
        if own is not None and run.backup is None:
            there = own[position]
            base = there.holder if there else NOBODY
            busy = {run.holder} | own_planned.get(turn, set())
        backup = laid(rules, "backup", instant, base)
        if backup.person is not None and backup.person == holder.person:
            backup = backup._replace(person=instead(rules, runs, turn, holder, backup))
        listens = listener(rules, learner, run.number, busy)
        shadow = laid(rules, "shadow", instant, Has(listens, listens, None))
        if shadow.person in (holder.person, backup.person):
            shadow = shadow._replace(person=None)
        found.append(Seen(turn, holder, backup, shadow))
    return found


def is_held(door: Door | None, reading: datetime) -> bool:
    """Say whether the rotation holds when the wall reads so."""
    return door is None or door.read(reading)


def behind(
    rules: Rules,
    instants: tuple[datetime, ...],
    turns: list[int | None],
    asked: tuple[datetime, datetime] | None,
) -> tuple[list[Seen | None] | None, dict[int, set[str | None]]]:
    """Return what a backup rotation shows at each instant, and who is planned there in each of the turns."""
    if isinstance(rules.backup, str):
        return None, {}
    planned: dict[int, set[str | None]] = {}
    runs, there = runs_of(rules.backup, instants)
    for mine, other in zip(turns, there, strict=True):
        if mine is not None and other is not None:
            planned.setdefault(mine, set()).add(runs[other].holder)
    return walk(rules.backup, instants, asked), planned


def laid(rules: Rules, role: str, instant: datetime, base: Has) -> Has:
    """Return what the last override makes of `base`."""
    for over in sorted(rules.overrides, reverse=True):
        if over.role == role and over.start <= instant < over.end:
            return Has(over.person, base.planned, over.id)
    return base


def planned_backup(rules: Rules, runs: list[Run], turn: int) -> str | None:
    """Return who is behind a turn before overrides, where it is not a rotation of its own."""
    run = runs[turn]
    if run.backup is not None:
        return None if run.backup == run.holder else run.backup
    if isinstance(rules.backup, Rules) or rules.backup == "none":
        return None
    if rules.backup in ("previous", "next"):
        return somebody_near(rules, runs, turn, {run.holder})
    return None if rules.backup == run.holder else rules.backup


def somebody_near(
    rules: Rules, runs: list[Run], turn: int, others_than: set[str | None]
) -> str | None:
    """Return the first holder in the direction of the rule who is somebody else."""
    coming = runs[turn + 1 :] if rules.backup == "next" else runs[:turn][::-1]
    names = [run.holder for run in coming]
    return next((name for name in names if name is not None and name not in others_than), None)


def instead(rules: Rules, runs: list[Run], turn: int, holder: Has, backup: Has) -> str | None:
    """Return who is behind `holder` when the one who would be holds."""
    run = runs[turn]
    if backup.override or run.backup is not None or rules.backup not in ("previous", "next"):
        return None
    return somebody_near(rules, runs, turn, {run.holder, holder.person}) or run.holder


def listener(
    rules: Rules, learner: dict[int, str], number: int, busy: set[str | None]
) -> str | None:
    """Return who listens in on a turn: the next learner who is not busy."""
    if not learner:
        return None
    first = rules.learners.index(learner[number])
    line = rules.learners[first:] + rules.learners[:first]
    return next((name for name in line if name not in busy), None)
