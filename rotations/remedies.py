"""Who could step in: final schedules, leave and limits side by side. Asks nobody and moves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rotations.hours import Stretch
from rotations.schedule import Schedule
from rotations.shifts import BACKUP, HOLDER, SHADOW, Shift
from rotations.wall import start_of

_NOTHING, _MOMENT = timedelta(0), timedelta.resolution
Held = Mapping[str, timedelta]
"""How long each person holds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be asked of one person as holder: the least time between two turns, and the most in a period.

    What is held of a turn counts as that part of the turn's whole length: seven nights of a week are a week.
    """

    rest: timedelta = _NOTHING
    per_quarter: timedelta | None = None
    per_year: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A rotation to look over: its schedule, the people who may be asked to step in, and its limits."""

    schedule: Schedule
    people: tuple[str, ...]
    limits: Limits = Limits()


class Board:
    """Shifts, leave and limits of several rotations; the shifts of whole years around `span` (aware)."""

    def __init__(
        self,
        watched: Sequence[Watched],
        leave: Mapping[str, Sequence[Stretch]],
        span: Stretch,
        zone: ZoneInfo,
    ) -> None:
        self.span = span
        self.leave = leave
        self.watched = {one.schedule.name: one for one in watched}
        self._zone = zone
        years = [at.astimezone(zone).year for at in span]
        whole = (start_of(date(years[0], 1, 1), zone), start_of(date(years[1] + 1, 1, 1), zone))
        rest = max((one.limits.rest for one in watched), default=_NOTHING)
        self._shifts = {
            one.schedule.name: one.schedule.final_schedule(
                min(whole[0], span[0] - rest), max(whole[1], span[1] + rest)
            )
            for one in watched
        }
        self.by_person = self._by_person()
        """The duties of each person in all rotations, by start."""
        self._held = {
            name: _held_in_turns(shifts, self.watched[name].schedule.zone)
            for name, shifts in self._shifts.items()
        }

    def shifts_of(self, rotation: str, role: str) -> list[Shift]:
        """Return the shifts of one role, by start."""
        return [shift for shift in self._shifts[rotation] if shift.role == role]

    def holder_of(self, rotation: str, stretch: Stretch) -> str | None:
        """Return who holds `rotation` at some time of `stretch`; None when nobody does, or nobody looks it over."""
        held = (one for one in self._shifts.get(rotation, ()) if one.role == HOLDER)
        return next((one.person for one in held if _meet((one.start, one.end), stretch)), None)

    def is_one_duty(self, one: Shift, other: Shift) -> bool:
        """Say whether two shifts of one person are the same duty: holding what stands behind another rotation."""
        return any(
            behind.role == BACKUP
            and holding.role == HOLDER
            and self.watched[behind.rotation].schedule.backed_by == holding.rotation
            for behind, holding in ((one, other), (other, one))
        )

    def limits_of(
        self, watched: Watched
    ) -> Iterator[tuple[str, timedelta, Mapping[Stretch, Held]]]:
        """Yield every limit in force: what period it is about, the most, and who holds how long in each period."""
        for what, most, months in (
            ("quarter", watched.limits.per_quarter, 3),
            ("year", watched.limits.per_year, 12),
        ):
            if most is not None:
                periods: dict[Stretch, dict[str, timedelta]] = defaultdict(
                    lambda: defaultdict(timedelta)
                )
                for start, person, time in self._held[watched.schedule.name]:
                    periods[self._period(start, months)][person] += time
                yield what, most, periods

    def remedies(self, watched: Watched, stretch: Stretch, role: str) -> tuple[str, ...]:
        """Return what would put somebody into `role` for `stretch`: who is free first, then what stands in the way."""
        ways: tuple[list[str], ...] = ([], [], [], [])
        for person in dict.fromkeys(watched.people):
            duties = [one for one in self.by_person.get(person, ()) if _meet(_ends(one), stretch)]
            if duties:
                continue
            if any(_meet(away, stretch) for away in self.leave.get(person, ())):
                ways[3].append(f"ask {person}, who is on leave")
            elif role == HOLDER and not self._is_rested(watched, person, stretch):
                ways[1].append(f"a shorter rest for {person}")
            elif role == HOLDER and self._is_at_limit(watched, person, stretch):
                ways[2].append(f"a higher limit for {person}")
            else:
                ways[0].append(f"ask {person}, who is free")
        return tuple(way for some in ways for way in some)

    def _is_rested(self, watched: Watched, person: str, stretch: Stretch) -> bool:
        rest = watched.limits.rest
        near = (stretch[0] - rest, stretch[1] + rest)
        name = watched.schedule.name
        return not any(
            one.role == HOLDER and one.rotation == name and _meet(_ends(one), near)
            for one in self.by_person.get(person, ())
        )

    def _is_at_limit(self, watched: Watched, person: str, stretch: Stretch) -> bool:
        return any(
            held.get(person, _NOTHING) + (stretch[1] - stretch[0]) > most
            for _, most, periods in self.limits_of(watched)
            for period, held in periods.items()
            if period[0] <= stretch[0] < period[1]
        )

    def _by_person(self) -> dict[str, list[Shift]]:
        found: dict[str, list[Shift]] = {}
        for shifts in self._shifts.values():
            for shift in shifts:
                if shift.role != SHADOW:
                    found.setdefault(shift.person, []).append(shift)
        for mine in found.values():
            mine.sort(key=lambda one: (one.start, one.rotation, one.role))
        return found

    def _period(self, instant: datetime, months: int) -> Stretch:
        """Return the quarter or year in which a turn that starts at `instant` counts."""
        day = instant.astimezone(self._zone).date()
        first = (day.month - 1) // months * months
        year, month = divmod(first + months, 12)
        start = start_of(date(day.year, first + 1, 1), self._zone)
        return (start, start_of(date(day.year + year, month + 1, 1), self._zone))


def _held_in_turns(
    shifts: Sequence[Shift], zone: ZoneInfo
) -> list[tuple[datetime, str, timedelta]]:
    """Return turn start, person and the part of the turn's length they hold, for all who hold some of it."""
    turns: dict[Stretch, dict[str, timedelta]] = {}
    for shift in shifts:
        if shift.role == HOLDER:
            held = turns.setdefault((shift.turn_start, shift.turn_end), {})
            held[shift.person] = held.get(shift.person, _NOTHING) + (shift.end - shift.start)
    return [
        (
            start,
            person,
            _part_of(_on_the_wall(start, end, zone), time, sum(held.values(), _NOTHING)),
        )
        for (start, end), held in turns.items()
        for person, time in held.items()
    ]


def _on_the_wall(start: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """Return how far the clocks of `zone` move: a week is a week, also when an hour comes twice in it."""
    walls = [at.astimezone(zone).replace(tzinfo=None) for at in (start, end)]
    return walls[1] - walls[0]


def _part_of(whole: timedelta, time: timedelta, among: timedelta) -> timedelta:
    """Return `whole` x `time` / `among`, to the microsecond below."""
    return (whole // _MOMENT) * (time // _MOMENT) // (among // _MOMENT) * _MOMENT


def _ends(shift: Shift) -> Stretch:
    return (shift.start, shift.end)


def _meet(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and one[1] > other[0]
