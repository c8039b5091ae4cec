"""Who holds the phone and when the office is open, under one policy. Joins policy and rotations; stores nothing."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from oncall.closed_days import ClosedDays
from oncall.policy import times
from oncall.policy.model import Calendar, Person, Policy, Rotation
from rotations.hours import Minutes, OpenHours
from rotations.schedule import BACKUP, HOLDER, SHADOW, Override, Planned, Published, Schedule, Shift
from rotations.turns import Cadence, RoundRobin, first_day

Span = tuple[datetime, datetime]
"""A stretch of time, start <= instant < end, aware UTC."""

_NEXT_TURN_WITHIN = timedelta(days=366)
_NEXT_HOLDER_WITHIN = timedelta(days=32)
_NEVER = datetime(2101, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Laid:
    """What people laid over the plain turns, by rotation; leave by person. `version` goes up with every change."""

    version: int = 0
    published: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    overrides: Mapping[str, tuple[Override, ...]] = field(default_factory=dict)
    leave: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    long_leave: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    """Those parts of `leave` during which the fair share pauses."""


NOTHING = Laid()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who stands watch in one rotation at one instant: the holder's shift, `start` <= instant < `end`, aware UTC.

    `holder` is None where nobody has the turn, and outside the rotation's hours; `next_holder` holds from `end` on.
    """

    rotation: str
    holder: str | None
    backup: str | None
    start: datetime
    end: datetime
    next_holder: str | None
    shadow: str | None = None


class Roster:
    """Answers who and when for one policy; instants are aware, people are short names."""

    def __init__(self, policy: Policy, laid: Laid = NOTHING) -> None:
        self.policy = policy
        self.laid = laid
        self._schedules: dict[str, Schedule] = {}
        self._hours: dict[str, OpenHours] = {}

    def holder_at(self, rotation: str, instant: datetime, role: str = HOLDER) -> Shift | None:
        """Return the shift of whoever has `role` in `rotation` at `instant`; None when nobody has."""
        return self.schedule(rotation).holder_at(instant, role)

    def final_schedule(
        self, start: datetime, end: datetime, rotation: str | None = None
    ) -> tuple[Shift, ...]:
        """Return every shift that runs at some instant of [start, end), whole, of one rotation or of all."""
        if rotation is not None:
            return self.schedule(rotation).final_schedule(start, end)
        return tuple(
            shift
            for name in self.policy.rotations
            for shift in self.schedule(name).final_schedule(start, end)
        )

    def turns(self, rotation: str, start: datetime, end: datetime) -> tuple[Planned, ...]:
        """Return every planned turn of `rotation` that runs at some instant of [start, end), before overrides."""
        return self.schedule(rotation).turns(start, end)

    def crew(self, rotation: str) -> tuple[str, ...]:
        """Return who may hold the phone of `rotation`: its order, then the others of its team."""
        rules = self.policy.rotations[rotation]
        team = self.policy.teams.get(rules.team or "")
        return tuple(dict.fromkeys((*rules.order, *(team.members if team else ()))))

    def starts_at(self, rotation: str) -> datetime:
        """Return the first handoff of `rotation`; before it nobody holds the phone."""
        return self.schedule(rotation).starts_at

    def watch_at(self, rotation: str, instant: datetime) -> Watch | None:
        """Return who stands watch in `rotation` at `instant`; None before it starts."""
        schedule = self.schedule(rotation)
        if instant < schedule.starts_at:
            return None
        shift = schedule.holder_at(instant)
        end = shift.end if shift else self._nobody_until(schedule, instant)
        return Watch(
            rotation=rotation,
            holder=_person(shift),
            backup=_person(schedule.holder_at(instant, BACKUP)),
            start=shift.start if shift else instant,
            end=end,
            next_holder=_person(_after(schedule, end)),
            shadow=_person(schedule.holder_at(instant, SHADOW)),
        )

    def next_shift_of(self, person: str, after: datetime, role: str = HOLDER) -> Shift | None:
        """Return the first shift of `person` that starts after `after`, over all rotations; None within a year."""
        coming = (
            shift
            for rotation in self.policy.rotations
            for shift in self.final_schedule(after, after + _NEXT_TURN_WITHIN, rotation)
            if shift.person == person and shift.role == role and shift.start > after
        )
        return min(coming, key=lambda shift: shift.start, default=None)

    def is_away(self, person: str, instant: datetime) -> bool:
        """Say whether `person` is on leave at `instant`."""
        return any(start <= instant < end for start, end in self.laid.leave.get(person, ()))

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
        # The rota may name somebody this version of the policy does not have, or not yet: the next step is theirs.
        known = self.policy.people
        return tuple(name for name in found if name in known and is_employed(known[name], day))

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
        if backup:
            return _people(self.holder_at(rotation, instant, BACKUP))
        holder = self.holder_at(rotation, instant)
        if holder is not None and self.is_away(holder.person, instant):
            # Nobody repaired the rota yet: the holder still holds, and the backup is rung with them.
            return _people(holder, self.holder_at(rotation, instant, BACKUP))
        return _people(holder)

    def _nobody_until(self, schedule: Schedule, instant: datetime) -> datetime:
        coming = _after(schedule, instant)
        return coming.start if coming else instant + _NEXT_HOLDER_WITHIN

    def schedule(self, rotation: str) -> Schedule:
        """Return the schedule of `rotation`; raises KeyError for an unknown one."""
        known = self._schedules.get(rotation)
        if known is None:
            known = self._schedules[rotation] = self._build(rotation)
        return known

    def _build(self, name: str) -> Schedule:
        rotation = self.policy.rotations[name]
        zone = cadence_of(self.policy, rotation).zone
        return Schedule(
            name,
            RoundRobin(cadence_of(self.policy, rotation), rotation.order),
            backup=self.schedule(rotation.backup)
            if rotation.backup in self.policy.rotations
            else rotation.backup,
            published=self.laid.published.get(name, ()),
            overrides=self.laid.overrides.get(name, ()),
            cover=OpenHours(zone, weekly_of(rotation.hours)) if rotation.hours else None,
            learners=rotation.learners,
        )


def _after(schedule: Schedule, instant: datetime) -> Shift | None:
    """Return the shift that holds the phone at `instant`, or else the next one."""
    found = schedule.holder_at(instant)
    if found is not None:
        return found
    coming = schedule.final_schedule(instant, instant + _NEXT_HOLDER_WITHIN)
    return next((shift for shift in coming if shift.role == HOLDER), None)


def _people(*shifts: Shift | None) -> tuple[str, ...]:
    return tuple(shift.person for shift in shifts if shift is not None)


def _person(shift: Shift | None) -> str | None:
    return shift.person if shift else None


def cadence_of(policy: Policy, rotation: Rotation) -> Cadence:
    """Return when the turns of `rotation` start: in its calendar's zone, at the first handoff on or after `starts`."""
    first, *further = rotation.handoff
    return Cadence(
        zone=policy.calendars[rotation.calendar].timezone or policy.company.timezone,
        first_day=first_day(rotation.starts, first.weekday),
        at=first.at,
        days=rotation.turn.days,
        further=tuple((one.days_after(first), one.at) for one in further),
    )


def open_hours(calendar: Calendar, company_zone: ZoneInfo) -> OpenHours:
    """Return a calendar's hours as plain values; raises NotImplementedError for an unknown country."""
    closed: Container[date] = ClosedDays(calendar.holidays) if calendar.holidays else frozenset()
    return OpenHours(calendar.timezone or company_zone, weekly_of(calendar.open), closed)


def weekly_of(
    written: Mapping[tuple[int, ...], tuple[times.Span, ...]],
) -> tuple[tuple[Minutes, ...], ...]:
    """Return weekly hours as the file writes them as seven tuples of minutes, Monday first."""
    return tuple(
        tuple(
            (span.start, span.end)
            for days, spans in written.items()
            if weekday in days
            for span in spans
        )
        for weekday in range(7)
    )


def is_employed(person: Person, day: date) -> bool:
    """Say whether `person` works here on `day`: from the first day to the last, both included."""
    if person.since is not None and day < person.since:
        return False
    return person.until is None or day <= person.until


class _Same:
    """A policy and what is laid over it as a cache key: the very objects, not their content."""

    def __init__(self, policy: Policy, laid: Laid) -> None:
        self.policy = policy
        self.laid = laid

    def __hash__(self) -> int:
        return hash((id(self.policy), id(self.laid)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.policy is self.policy and other.laid is self.laid


def roster_of(policy: Policy, laid: Laid = NOTHING) -> Roster:
    """Return the roster of `policy`: the file alone, or with `laid` over it; made once for the same two objects."""
    return _roster(_Same(policy, laid))


@lru_cache(maxsize=32)
def _roster(same: _Same) -> Roster:
    return Roster(same.policy, same.laid)
