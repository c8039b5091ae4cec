"""Schedules and a walk from instant to instant agree: in every minute, and at every clock change there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.schedule import BACKUP, HOLDER, ROLES, SHADOW, Schedule, Shift
from tests.rotations.drawn_schedules import QUARTER, draw, schedule_of
from tests.rotations.schedule_oracle import Has, Over, Rules, Seen, Turn, walk

MINUTE, STEP = timedelta(minutes=1), timedelta(minutes=5)
REACH = timedelta(hours=3)
MIDDLES = {
    "Europe/Bucharest": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 1, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),
    "Africa/Casablanca": datetime(2026, 2, 15, 2, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 6, 1, tzinfo=UTC),
}
Line = tuple[str, str, datetime, datetime, str | None, int | None]


@lru_cache(maxsize=4)
def around(middle: datetime, step: timedelta, reach: timedelta) -> tuple[datetime, ...]:
    """Instants from `middle` - `reach` to + `reach` a `step` apart, and fewer and fewer of them further away.

    Published turns end on quarters of an hour within six days, and no turn of the plain rotation is under four hours.
    """
    near = {number * step for number in range(-(reach // step), reach // step + 1)}
    quarters = {number * QUARTER for number in range(-96 * 6, 96 * 6)}
    hours = {number * timedelta(hours=3) for number in range(-8 * 40, 8 * 40)}
    wide = {offset for offset in quarters | hours if abs(offset) > reach}
    return tuple(middle + offset for offset in sorted(near | wide))


def roles_of(seen: Seen | None) -> tuple[Has | None, ...]:
    """Who has the three roles at an instant; None where nobody has one."""
    if seen is None:
        return (None, None, None)
    return tuple(has if has.person is not None else None for has in seen[1:])


def shifts_of(instants: tuple[datetime, ...], seen: list[Seen | None]) -> list[Line]:
    """Join what a walk saw into shifts."""
    found: list[Line] = []
    for number, role in enumerate(ROLES):
        key, start = None, instants[0]
        for instant, now in zip([*instants, instants[-1] + MINUTE], [*seen, None], strict=True):
            has = roles_of(now)[number]
            here = (now.turn, *has) if now and has else None
            if here != key:
                if key is not None:
                    _, person, planned, override = key
                    found.append((role, str(person), start, instant, planned, override))
                key, start = here, instant
    return sorted(found, key=lambda line: (line[2], ROLES.index(line[0])))


def line_of(shift: Shift) -> Line:
    return (shift.role, shift.person, shift.start, shift.end, shift.planned, shift.override)


def answers(schedule: Schedule, instant: datetime) -> tuple[Has | None, ...]:
    """Who has the three roles, asked one by one."""
    return tuple(has(schedule.holder_at(instant, role)) for role in (HOLDER, BACKUP, SHADOW))


def has(shift: Shift | None) -> Has | None:
    return Has(shift.person, shift.planned, shift.override) if shift else None


@cache
def changes() -> dict[str, list[datetime]]:
    """Every instant from 2025 to 2031 at which some zone changes its offset, by zone."""
    found = {zone: offset_changes(ZoneInfo(zone)) for zone in sorted(available_timezones())}
    return {zone: instants for zone, instants in found.items() if instants}


def offset_changes(zone: ZoneInfo) -> list[datetime]:
    """Look at the offset every two days, and halve the time between two that differ down to the second."""
    at, found = datetime(2025, 1, 1, tzinfo=UTC), []
    while at.year < 2032:
        low, high = at, at + timedelta(days=2)
        at = high
        before = low.astimezone(zone).utcoffset()
        if high.astimezone(zone).utcoffset() == before:
            continue
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
            is_before = middle.astimezone(zone).utcoffset() == before
            low, high = (middle, high) if is_before else (low, middle)
        found.append(high)
    return found


def crowded(zone: str, found: list[datetime]) -> list[Rules]:
    """Rules for the weekdays on which `zone` changes its clocks: handoffs crowd around the hours that are changed."""
    there = ZoneInfo(zone)
    walls: dict[int, set[time]] = {}
    for at in found:
        for wall in (at.astimezone(there), (at - MINUTE).astimezone(there)):
            for minutes in (-30, 0, 15, 30, 60):
                # Arithmetic within a zone moves the hands of the clock, which is what is wanted here.
                reading = wall + timedelta(minutes=minutes)
                walls.setdefault(reading.weekday(), set()).add(reading.time().replace(fold=0))
    return [_crowded_on(there, weekday, sorted(times), found) for weekday, times in walls.items()]


def _crowded_on(zone: ZoneInfo, weekday: int, times: list[time], found: list[datetime]) -> Rules:
    return Rules(
        ("ana", "bora", "maria"),
        zone,
        date(2024, 12, 2) + timedelta(days=weekday),
        tuple((0, at) for at in times),
        published=tuple(Turn(at + QUARTER * 5, at + QUARTER * 7, "lea", None) for at in found[::2]),
        overrides=tuple(
            Over(number, HOLDER, "omar", at - QUARTER * 3, at + QUARTER * (number % 4))
            for number, at in enumerate(found, 1)
        ),
    )


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(MIDDLES)), st.integers(0, 2**32))
def test_shifts_are_what_a_walk_from_minute_to_minute_sees(zone: str, seed: int) -> None:
    middle = MIDDLES[zone]
    rules = draw(Random(seed), ZoneInfo(zone), middle)
    # A turn that touches these five days lies within the minutes; the hours beyond tell who comes before and after.
    start, end = middle - timedelta(days=2), middle + timedelta(days=3)
    instants = around(middle, MINUTE, timedelta(days=10))
    schedule = schedule_of(rules)
    seen = walk(rules, instants)

    expected = [line for line in shifts_of(instants, seen) if line[2] < end and line[3] > start]
    assert [line_of(shift) for shift in schedule.final_schedule(start, end)] == expected
    assert [
        instant
        for instant, now in zip(instants, seen, strict=True)
        if start <= instant < end and answers(schedule, instant) != roles_of(now)
    ] == []


def test_two_thousand_random_policies_are_right_around_a_clock_change() -> None:
    random = Random(2026)
    places = [(zone, at) for zone, found in changes().items() for at in found]
    wrong = []

    for zone, middle in random.sample(places, 200):
        instants = around(middle, STEP, REACH)
        asked = (middle - REACH, middle + REACH)
        for _ in range(10):
            rules = draw(random, ZoneInfo(zone), middle)
            schedule = schedule_of(rules)
            wrong += [
                (zone, instant, rules)
                for instant, seen in zip(instants, walk(rules, instants, asked), strict=True)
                if asked[0] <= instant <= asked[1] and answers(schedule, instant) != roles_of(seen)
            ]

    assert wrong == []


@pytest.mark.slow
def test_the_holder_is_right_at_every_clock_change_of_every_zone() -> None:
    wrong = []
    for zone, found in changes().items():
        # The last minute before the change counts: what is set for it happens then, not when it comes again.
        steps = sorted([*(step * STEP for step in range(-36, 37)), -MINUTE])
        instants = tuple(at + step for at in found for step in steps)
        for rules in crowded(zone, found):
            schedule = schedule_of(rules)
            wrong += [
                (zone, instant)
                for instant, now in zip(instants, walk(rules, instants), strict=True)
                if has(schedule.holder_at(instant)) != roles_of(now)[0]
            ]

    assert len(changes()) > 150
    assert wrong == []
