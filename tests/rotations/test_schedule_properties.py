"""What is true of every final schedule, whatever lies on whatever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.schedule import HOLDER, ROLES, Schedule
from tests.rotations.drawn_schedules import draw, schedule_of

MIDDLE = datetime(2026, 10, 25, 1, tzinfo=UTC)
START, END = MIDDLE - timedelta(days=6), MIDDLE + timedelta(days=80)
SCHEDULES = st.integers(0, 2**32).map(
    lambda seed: schedule_of(draw(Random(seed), ZoneInfo("Europe/Bucharest"), MIDDLE))
)
SOMETIMES = settings(max_examples=60, deadline=None)


@SOMETIMES
@given(SCHEDULES)
def test_one_person_holds_in_every_hour_to_be_held_and_nobody_outside(schedule: Schedule) -> None:
    nobodys = [(turn.start, turn.end) for turn in schedule.turns(START, END) if turn.holder is None]
    edges = _without(schedule.cover_between(START, END), nobodys)
    held = [
        (max(one.start, START), min(one.end, END))
        for one in schedule.final_schedule(START, END)
        if one.role == HOLDER
    ]

    assert _joined(_without(held, nobodys)) == _joined(edges)
    assert all(one[1] <= other[0] for one, other in pairwise(held))


@SOMETIMES
@given(SCHEDULES)
def test_a_shift_is_whole_and_lies_in_its_turn(schedule: Schedule) -> None:
    shifts = schedule.final_schedule(START, END)
    turns = {(turn.start, turn.end) for turn in schedule.turns(START, END)}

    assert {(one.turn_start, one.turn_end) for one in shifts} <= turns
    assert all(one.turn_start <= one.start < one.end <= one.turn_end for one in shifts)
    for role in ROLES:
        mine = [one for one in shifts if one.role == role]
        # Between two shifts something changes: time, turn, person, or by what right they hold.
        assert all(
            (one.end, one.turn_start, one.person, one.override, one.planned)
            != (other.start, other.turn_start, other.person, other.override, other.planned)
            for one, other in pairwise(mine)
        )


@SOMETIMES
@given(SCHEDULES)
def test_nobody_has_two_roles_at_once(schedule: Schedule) -> None:
    for shift in schedule.final_schedule(START, END):
        there = [schedule.holder_at(shift.start, role) for role in ROLES]
        people = [one.person for one in there if one is not None]
        assert len(people) == len(set(people))


@SOMETIMES
@given(SCHEDULES, st.integers(0, 80 * 24), st.integers(1, 30 * 24))
def test_a_part_of_the_time_shows_the_same_shifts_as_the_whole(
    schedule: Schedule, hour: int, hours: int
) -> None:
    start = START + timedelta(hours=hour)
    end = start + timedelta(hours=hours)
    whole = schedule.final_schedule(START, END + timedelta(days=40))

    assert schedule.final_schedule(start, end) == tuple(
        one for one in whole if one.start < end and one.end > start
    )


Stretches = list[tuple[datetime, datetime]]


def _without(stretches: Iterable[tuple[datetime, datetime]], taken: Stretches) -> Stretches:
    """Take every instant of `taken` out of `stretches`, one stretch after the other."""
    left = list(stretches)
    for begins, ends in taken:
        parts = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
        ]
        left = [(start, end) for start, end in parts if start < end]
    return left


def _joined(stretches: Stretches) -> Stretches:
    found: Stretches = []
    for start, end in sorted(stretches):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
