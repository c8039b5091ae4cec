"""Turns follow one another without a hole, in order, through both clock changes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotations.turns import Cadence, RoundRobin, first_day, handoff, place

BUCHAREST = ZoneInfo("Europe/Bucharest")
MONDAY = date(2026, 1, 5)
WEEKLY = Cadence(BUCHAREST, MONDAY, time(9))
CAST = ("ana", "bora", "maria")
ZONES = st.sampled_from(
    [
        "Europe/Bucharest",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Havana",
        "Pacific/Apia",
        "UTC",
    ]
).map(ZoneInfo)
CADENCES = st.builds(
    Cadence,
    zone=ZONES,
    first_day=st.dates(date(2008, 1, 1), date(2030, 1, 1)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    days=st.integers(1, 30),
    further=st.sampled_from(
        [(), ((0, time(23, 59, 30)),), ((0, time(23, 59, 20)), (0, time(23, 59, 30)))]
    ),
)
INSTANTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_the_first_turn_starts_on_the_first_handoff_weekday_on_or_after_the_start() -> None:
    assert first_day(date(2026, 1, 1), 0) == MONDAY
    assert first_day(MONDAY, 0) == MONDAY
    assert first_day(date(2026, 1, 6), 0) == date(2026, 1, 12)


def test_without_a_weekday_the_first_turn_starts_on_the_start() -> None:
    assert first_day(date(2026, 1, 1), None) == date(2026, 1, 1)


def test_the_handoff_stays_at_nine_on_the_wall_through_the_clock_change() -> None:
    assert handoff(WEEKLY, 11) == utc(2026, 3, 23, 7)
    assert handoff(WEEKLY, 12) == utc(2026, 3, 30, 6)


def test_people_take_turns_in_order() -> None:
    rota = RoundRobin(WEEKLY, CAST)

    assert [rota.turn(number).person for number in range(4)] == ["ana", "bora", "maria", "ana"]


def test_nobody_holds_the_phone_before_the_first_handoff() -> None:
    rota = RoundRobin(WEEKLY, CAST)

    assert rota.turn_at(utc(2026, 1, 5, 6, 59)) is None
    assert rota.turn_at(utc(2026, 1, 5, 7)) == rota.turn(0)


def test_an_order_without_people_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        RoundRobin(WEEKLY, ())


def test_a_turn_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="one day"):
        Cadence(BUCHAREST, MONDAY, time(9), 0)


def test_turns_of_a_time_are_those_that_touch_it() -> None:
    turns = RoundRobin(WEEKLY, CAST).turns(utc(2026, 1, 1), utc(2026, 1, 12, 7))

    assert [turn.number for turn in turns] == [0]


def test_a_time_without_length_has_no_turns() -> None:
    assert RoundRobin(WEEKLY, CAST).turns(utc(2026, 2, 1), utc(2026, 2, 1)) == ()


def test_a_handoff_on_a_day_that_never_was_leaves_no_empty_turn() -> None:
    daily = Cadence(ZoneInfo("Pacific/Apia"), date(2011, 12, 28), time(0), 1)
    turns = RoundRobin(daily, CAST).turns(utc(2011, 12, 28), utc(2012, 1, 3))

    assert all(turn.start < turn.end for turn in turns)
    assert all(one.end == other.start for one, other in pairwise(turns))


def test_handoffs_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        Cadence(BUCHAREST, MONDAY, time(9), 7, ((4, time(17)), (4, time(17))))
    with pytest.raises(ValueError, match="before the next period"):
        Cadence(BUCHAREST, MONDAY, time(9), 7, ((7, time(9)),))


def test_a_week_may_be_split_into_working_days_and_weekend() -> None:
    split = Cadence(BUCHAREST, MONDAY, time(9), 7, ((4, time(17)),))
    turns = RoundRobin(split, CAST).turns(utc(2026, 1, 5, 7), utc(2026, 1, 19, 7))

    assert [(turn.person, turn.start) for turn in turns] == [
        ("ana", utc(2026, 1, 5, 7)),
        ("bora", utc(2026, 1, 9, 15)),
        ("maria", utc(2026, 1, 12, 7)),
        ("ana", utc(2026, 1, 16, 15)),
    ]


def test_four_people_do_not_leave_every_weekend_to_the_same_two() -> None:
    split = Cadence(BUCHAREST, MONDAY, time(9), 7, ((4, time(17)),))
    rota = RoundRobin(split, ("ana", "bora", "maria", "omar"))

    assert [rota.person(number) for number in range(1, 9, 2)] == ["bora", "omar", "maria", "ana"]


@given(st.integers(1, 12), st.integers(1, 6), st.integers(-500, 500))
def test_everybody_has_every_part_equally_often(people: int, parts: int, rounds: int) -> None:
    first = rounds * people * parts
    had = Counter(
        (place(number, people, parts), number % parts)
        for number in range(first, first + people * parts)
    )

    assert len(had) == people * parts


@given(st.integers(2, 12), st.integers(1, 6), st.integers(-500, 500))
def test_nobody_waits_longer_than_almost_two_rounds(people: int, parts: int, number: int) -> None:
    coming = {place(number + step, people, parts) for step in range(2 * people - 1)}

    assert coming == set(range(people))


@given(CADENCES, INSTANTS)
def test_the_turn_at_an_instant_holds_that_instant(cadence: Cadence, instant: datetime) -> None:
    turn = RoundRobin(cadence, CAST).turn_at(instant)

    if turn is None:
        assert instant < handoff(cadence, 0)
    else:
        assert turn.start <= instant < turn.end


@given(CADENCES, INSTANTS, st.integers(1, 200))
def test_turns_follow_one_another_without_a_hole(
    cadence: Cadence, start: datetime, days: int
) -> None:
    turns = RoundRobin(cadence, CAST).turns(start, start + timedelta(days=days))

    assert all(one.end == other.start for one, other in pairwise(turns))
