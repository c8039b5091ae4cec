"""What speaks against somebody taking hours of the phone, or is worth knowing before. Stores and tells nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from oncall.closed_days import holiday_names
from oncall.policy.model import Person, Rotation
from oncall.roster import Roster, Span, cadence_of, is_employed
from rotations.schedule import BACKUP, HOLDER, Override, Shift

_FIRST_ID = 2**40
"""Overrides that are only tried out come after all real ones."""
_AROUND = timedelta(days=60)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Take:
    """Hours that `person` would hold."""

    person: str
    hours: Span


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing against it: `blocks`, or is only worth knowing. `code` names it; the rest fills its sentence."""

    code: str
    person: str
    blocks: bool
    start: datetime | None = None
    end: datetime | None = None
    other: str = ""


def with_takes(roster: Roster, rotation: str, takes: tuple[Take, ...]) -> Roster:
    """Return the roster as it would be if `takes` came true."""
    tried = tuple(
        Override(_FIRST_ID + number, HOLDER, take.person, *take.hours)
        for number, take in enumerate(takes)
    )
    laid = roster.laid
    overrides = {**laid.overrides, rotation: (*laid.overrides.get(rotation, ()), *tried)}
    return Roster(roster.policy, replace(laid, overrides=overrides))


def concerns(
    roster: Roster, rotation: str, takes: tuple[Take, ...], now: datetime
) -> tuple[Concern, ...]:
    """Return what speaks against `takes` happening together: first what blocks, then what is worth knowing."""
    after = with_takes(roster, rotation, takes)
    found = [
        concern
        for take in takes
        for concern in _Trial(roster, after, rotation, take, now).concerns()
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda concern: not concern.blocks))


def blocks(found: tuple[Concern, ...]) -> tuple[Concern, ...]:
    """Return only what forbids it."""
    return tuple(concern for concern in found if concern.blocks)


class _Trial:
    """One person taking hours, seen in the rota before and after."""

    def __init__(
        self, before: Roster, after: Roster, rotation: str, take: Take, now: datetime
    ) -> None:
        self.before = before
        self.after = after
        self.name = rotation
        self.rules: Rotation = before.policy.rotations[rotation]
        self.person = take.person
        self.start, self.end = take.hours
        self.now = now

    def concerns(self) -> Iterator[Concern]:
        person = self.before.policy.people.get(self.person)
        if person is None:
            yield self._concern("unknown", blocks=True)
            return
        if self.end <= self.now:
            yield self._concern("past", blocks=True)
            return
        yield from self._about_the_person(person)
        yield from self._about_the_hours()
        yield from self._about_load(person)

    def _about_the_person(self, person: Person) -> Iterator[Concern]:
        if self.person not in self.before.crew(self.name):
            yield self._concern("not-on-rota", blocks=True)
        zone = cadence_of(self.before.policy, self.rules).zone
        days = (at.astimezone(zone).date() for at in (self.start, self.end - timedelta(seconds=1)))
        if not all(is_employed(person, day) for day in days):
            yield self._concern("not-here", blocks=True)
        if person.phone is None:
            yield self._concern("no-phone", blocks=True)

    def _about_the_hours(self) -> Iterator[Concern]:
        held = self._shifts(self.before, self.name)
        if held and all(shift.person == self.person for shift in held):
            yield self._concern("no-effect", blocks=True)
        if not held:
            yield self._concern("nobody-holds", blocks=True)
        for away in self.before.laid.leave.get(self.person, ()):
            if away[0] < self.end and self.start < away[1]:
                yield self._concern("away", blocks=True, start=away[0], end=away[1])
        for other in self.before.policy.rotations:
            if other != self.name and self._holds(other):
                yield self._concern("elsewhere", blocks=True, other=other)
        if self._loses_backup():
            yield self._concern("no-backup")

    def _holds(self, rotation: str) -> bool:
        return any(shift.person == self.person for shift in self._shifts(self.after, rotation))

    def _loses_backup(self) -> bool:
        """Say whether hours that had a backup would have none."""
        if self.rules.backup == "none":
            return False
        return self._seconds(self.after, BACKUP) < self._seconds(self.before, BACKUP)

    def _seconds(self, roster: Roster, role: str) -> float:
        return sum(
            (min(shift.end, self.end) - max(shift.start, self.start)).total_seconds()
            for shift in self._shifts(roster, self.name, role)
        )

    def _about_load(self, person: Person) -> Iterator[Concern]:
        mine = [
            shift
            for shift in self.after.final_schedule(
                self.start - _AROUND, self.end + _AROUND, self.name
            )
            if shift.role == HOLDER and shift.person == self.person
        ]
        yield from self._about_rest(mine)
        yield from self._about_holidays(person)
        yield from self._about_the_year()

    def _about_rest(self, mine: list[Shift]) -> Iterator[Concern]:
        rest = self.rules.limits.rest_between
        for shift in mine:
            apart = max(shift.start - self.end, self.start - shift.end)
            if apart < timedelta(0):
                continue
            if apart == timedelta(0) and shift.end - shift.start >= _DAY:
                yield self._concern("back-to-back", start=shift.start, end=shift.end)
            elif apart < rest:
                yield self._concern("short-rest", start=shift.start, end=shift.end)

    def _about_holidays(self, person: Person) -> Iterator[Concern]:
        if person.country is None:
            return
        zone = person.timezone or self.before.policy.company.timezone
        day: date = self.start.astimezone(zone).date()
        last = (self.end - timedelta(seconds=1)).astimezone(zone).date()
        while day <= last:
            name = holiday_names(person.country, None, day.year).get(day)
            if name:
                yield self._concern("own-holiday", other=f"{day.isoformat()} {name}")
            day += _DAY

    def _about_the_year(self) -> Iterator[Concern]:
        most = self.rules.limits.weeks_per_year
        if most is None:
            return
        zone = cadence_of(self.before.policy, self.rules).zone
        year = self.start.astimezone(zone).year
        begins = datetime(year, 1, 1, tzinfo=zone)
        ends = datetime(year + 1, 1, 1, tzinfo=zone)
        held = sum(
            ((shift.end - shift.start) for shift in self._of_year(begins, ends)), timedelta(0)
        )
        if held > most * _WEEK:
            yield self._concern("over-year", other=f"{held / _WEEK:.1f}/{most}")

    def _of_year(self, begins: datetime, ends: datetime) -> Iterator[Shift]:
        for shift in self.after.final_schedule(begins, ends, self.name):
            if shift.role == HOLDER and shift.person == self.person and shift.start >= begins:
                yield shift

    def _shifts(self, roster: Roster, rotation: str, role: str = HOLDER) -> list[Shift]:
        start = max(self.start, self.now)
        return [
            shift
            for shift in roster.final_schedule(start, self.end, rotation)
            if shift.role == role
        ]

    def _concern(
        self,
        code: str,
        *,
        blocks: bool = False,
        start: datetime | None = None,
        end: datetime | None = None,
        other: str = "",
    ) -> Concern:
        return Concern(code, self.person, blocks, start, end, other)
