"""What a wall clock shows is one instant, even on the two odd days of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rotations.wall import instant_of, is_repeated, is_skipped, start_of

BUCHAREST = ZoneInfo("Europe/Bucharest")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def test_an_ordinary_time_is_simply_converted() -> None:
    assert instant_of(date(2026, 1, 5), time(9), BUCHAREST) == datetime(2026, 1, 5, 7, tzinfo=UTC)


def test_a_skipped_time_is_reached_when_the_clocks_jump() -> None:
    assert instant_of(SPRING, time(3, 30), BUCHAREST) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_the_first_skipped_minute_is_the_jump_itself() -> None:
    assert instant_of(SPRING, time(3), BUCHAREST) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_repeated_time_counts_at_its_first_time() -> None:
    assert instant_of(AUTUMN, time(3, 30), BUCHAREST) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_half_an_hour_is_skipped_on_lord_howe() -> None:
    assert instant_of(date(2026, 10, 4), time(2, 15), LORD_HOWE) == datetime(
        2026, 10, 3, 15, 30, tzinfo=UTC
    )


def test_a_day_that_never_was_begins_with_the_next_one() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011

    assert start_of(date(2011, 12, 30), apia) == start_of(date(2011, 12, 31), apia)


def test_a_day_without_midnight_begins_when_the_clocks_jump() -> None:
    havana = ZoneInfo("America/Havana")

    assert start_of(date(2026, 3, 8), havana) == datetime(2026, 3, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (SPRING, time(2, 59), (False, False)),
        (SPRING, time(3), (True, False)),
        (SPRING, time(3, 59), (True, False)),
        (SPRING, time(4), (False, False)),
        (AUTUMN, time(2, 59), (False, False)),
        (AUTUMN, time(3), (False, True)),
        (AUTUMN, time(3, 59), (False, True)),
        (AUTUMN, time(4), (False, False)),
    ],
)
def test_skipped_and_repeated_times_are_known_as_such(
    day: date, at: time, expected: tuple[bool, bool]
) -> None:
    assert (is_skipped(day, at, BUCHAREST), is_repeated(day, at, BUCHAREST)) == expected
