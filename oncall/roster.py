"""Who holds the phone and when the office is open, under one policy. Joins policy and rotations; stores nothing."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from oncall.closed_days import ClosedDays
from oncall.policy.model import Calendar, Person, Policy, Rotation
from rotations.hours import OpenHours
from rotations.turns import Cadence, RoundRobin, backup_of, first_day

_NEXT_TURN_WITHIN = timedelta(days=366)
_NEVER = datetime(2101, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watch:
    """One turn of one rotation with its backup: `start` <= instant < `end`, aware UTC; people by short name."""

    rotation: str
    holder: str
    backup: str | None
    start: datetime
    end: datetime
    next_holder: str


class Roster:
    """Answers who and when for one policy; instants are aware, people are short names."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._rotas = {
            name: RoundRobin(cadence_of(policy, rotation), rotation.order)
            for name, rotation in policy.rotations.items()
        }
        self._watches: dict[tuple[str, int], Watch] = {}
        self._hours: dict[str, OpenHours] = {}

    def watch_at(self, rotation: str, instant: datetime) -> Watch | None:
        """Return the watch of `rotation` at `instant`; None before the rotation starts."""
        number = self._rotas[rotation].number_at(instant)
        return self._watch(rotation, number) if number >= 0 else None

    def starts_at(self, rotation: str) -> datetime:
        """Return the first handoff of `rotation`; before it nobody holds the phone."""
        return self._rotas[rotation].starts_at

    def watches(self, rotation: str, start: datetime, end: datetime) -> tuple[Watch, ...]:
        """Return every watch of `rotation` that runs at some instant of [start, end), whole, in order."""
        turns = self._rotas[rotation].turns(start, end)
        return tuple(self._watch(rotation, turn.number) for turn in turns)

    def next_watch_of(self, person: str, after: datetime) -> Watch | None:
        """Return the first watch of `person` that starts after `after`, over all rotations; None within a year."""
        coming = (
            watch
            for rotation in self._rotas
            for watch in self.watches(rotation, after, after + _NEXT_TURN_WITHIN)
            if watch.holder == person and watch.start > after
        )
        return min(coming, key=lambda watch: watch.start, default=None)

    def is_open(self, instant: datetime, calendar: str | None = None) -> bool:
        """Say whether `calendar` (the company's office when None) is open at `instant`."""
        return self.hours(calendar).is_open(instant)

    def next_opening(self, instant: datetime, calendar: str | None = None) -> datetime:
        """Return the first open instant at or after `instant` (itself when open).

        A calendar that never opens is an error finding; should one slip through, the year 2101 stands for never.
        """
        return self.hours(calendar).next_opening(instant) or _NEVER

    def next_change(
        self, instant: datetime, calendar: str | None = None
    ) -> tuple[bool, datetime] | None:
        """Return (open from then on?, when) of the next change after `instant`; None when it is open day and night."""
        return self.hours(calendar).next_change(instant)

    def reach(self, target: str, instant: datetime) -> tuple[str, ...]:
        """Return the people behind a step's `to:` at `instant`, only those employed then; empty when nobody."""
        day = instant.astimezone(self.policy.company.timezone).date()
        found = dict.fromkeys(self._behind(target, instant))
        return tuple(name for name in found if is_employed(self.policy.people[name], day))

    def hours(self, calendar: str | None = None) -> OpenHours:
        """Return the open hours of `calendar` (the company's office when None)."""
        name = calendar or self.policy.office
        known = self._hours.get(name)
        if known is None:
            known = self._hours[name] = open_hours(
                self.policy.calendars[name], self.policy.company.timezone
            )
        return known

    def _behind(self, target: str, instant: datetime) -> tuple[str, ...]:
        if target in self.policy.people:
            return (target,)
        if target in self.policy.teams:
            return self.policy.teams[target].members
        rotation, _, backup = target.partition(".")
        watch = self.watch_at(rotation, instant)
        if watch is None:
            return ()
        if not backup:
            return (watch.holder,)
        return () if watch.backup is None else (watch.backup,)

    def _watch(self, rotation: str, number: int) -> Watch:
        known = self._watches.get((rotation, number))
        if known is None:
            rota = self._rotas[rotation]
            turn = rota.turn(number)
            known = self._watches[rotation, number] = Watch(
                rotation=rotation,
                holder=turn.person,
                backup=backup_of(rota, number, self.policy.rotations[rotation].backup),
                start=turn.start,
                end=turn.end,
                next_holder=rota.person(number + 1),
            )
        return known


def cadence_of(policy: Policy, rotation: Rotation) -> Cadence:
    """Return when the turns of `rotation` start: in its calendar's zone, at the first handoff on or after `starts`."""
    return Cadence(
        zone=policy.calendars[rotation.calendar].timezone or policy.company.timezone,
        first_day=first_day(rotation.starts, rotation.handoff.weekday),
        at=rotation.handoff.at,
        days=rotation.turn.days,
    )


def open_hours(calendar: Calendar, company_zone: ZoneInfo) -> OpenHours:
    """Return a calendar's hours as plain values; raises NotImplementedError for an unknown country."""
    closed: Container[date] = ClosedDays(calendar.holidays) if calendar.holidays else frozenset()
    weekly = tuple(
        tuple(
            (span.start, span.end)
            for days, spans in calendar.open.items()
            if weekday in days
            for span in spans
        )
        for weekday in range(7)
    )
    return OpenHours(calendar.timezone or company_zone, weekly, closed)


def is_employed(person: Person, day: date) -> bool:
    """Say whether `person` works here on `day`: from the first day to the last, both included."""
    if person.since is not None and day < person.since:
        return False
    return person.until is None or day <= person.until


class _Same:
    """A policy as a cache key: the very object, not its content."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.policy is self.policy


def roster_of(policy: Policy) -> Roster:
    """Return the roster of `policy`; the same object again for the same policy object."""
    return _roster(_Same(policy))


@lru_cache(maxsize=32)
def _roster(same: _Same) -> Roster:
    return Roster(same.policy)
