"""An office opens and closes by the wall clock, and says when it will."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotations.hours import OpenHours

BUCHAREST = ZoneInfo("Europe/Bucharest")
WORKDAY = ((540, 1080),)
OFFICE = OpenHours(BUCHAREST, (*(WORKDAY,) * 5, (), ()), frozenset({date(2026, 1, 6)}))
ALWAYS = OpenHours(BUCHAREST, (((0, 1440),),) * 7)
NEVER = OpenHours(BUCHAREST, ((),) * 7)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(pairs)


OFFICES = st.builds(
    OpenHours,
    zone=st.sampled_from(
        [
            "Europe/Bucharest",
            "Australia/Lord_Howe",
            "America/Havana",
            "America/St_Johns",
            "Pacific/Apia",
        ]
    ).map(ZoneInfo),
    weekly=st.tuples(*[spans()] * 7),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=10),
)
INSTANTS = st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_it_is_open_from_the_first_minute_to_before_the_last() -> None:
    minutes = [
        utc(2026, 1, 5, 6, 59),
        utc(2026, 1, 5, 7),
        utc(2026, 1, 5, 15, 59),
        utc(2026, 1, 5, 16),
    ]

    assert [OFFICE.is_open(minute) for minute in minutes] == [False, True, True, False]


def test_a_closed_date_is_closed_all_day() -> None:
    assert not OFFICE.is_open(utc(2026, 1, 6, 10))


def test_the_next_opening_jumps_over_a_closed_date() -> None:
    assert OFFICE.next_opening(utc(2026, 1, 5, 16)) == utc(2026, 1, 7, 7)


def test_the_next_opening_of_an_open_office_is_now() -> None:
    assert OFFICE.next_opening(utc(2026, 1, 5, 9, 30)) == utc(2026, 1, 5, 9, 30)


def test_the_next_change_of_an_open_office_is_its_closing() -> None:
    assert OFFICE.next_change(utc(2026, 1, 5, 7)) == (False, utc(2026, 1, 5, 16))


def test_the_next_change_at_closing_time_is_the_opening() -> None:
    assert OFFICE.next_change(utc(2026, 1, 5, 16)) == (True, utc(2026, 1, 7, 7))


def test_midnight_is_no_closing_when_the_next_day_opens_with_it() -> None:
    nights = OpenHours(BUCHAREST, (((0, 360), (1320, 1440)),) * 7)

    assert nights.next_change(utc(2026, 1, 5, 21)) == (False, utc(2026, 1, 6, 4))


def test_an_office_that_is_always_open_never_changes() -> None:
    assert ALWAYS.next_change(utc(2026, 1, 5)) is None
    assert ALWAYS.is_open(utc(2026, 3, 29, 1))


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    assert NEVER.next_opening(utc(2026, 1, 5)) is None
    assert NEVER.next_change(utc(2026, 1, 5)) is None


def test_hours_inside_a_gap_are_no_hours_that_day() -> None:
    odd = OpenHours(BUCHAREST, (*((),) * 6, ((190, 220),)))

    assert list(odd.stretches(utc(2026, 3, 28, 12), utc(2026, 3, 30))) == []


def test_a_week_of_six_days_is_refused() -> None:
    with pytest.raises(ValueError, match="seven"):
        OpenHours(BUCHAREST, ((),) * 6)


@given(OFFICES, INSTANTS)
def test_nothing_changes_before_the_next_change(office: OpenHours, instant: datetime) -> None:
    change = office.next_change(instant)

    if change is not None:
        will_be_open, at = change
        middle = instant + (at - instant) / 2
        assert instant < at
        assert office.is_open(instant) is office.is_open(middle) is not will_be_open
        assert office.is_open(at) is will_be_open


@given(OFFICES, INSTANTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    office: OpenHours, instant: datetime
) -> None:
    opening = office.next_opening(instant)

    if opening is not None and opening > instant:
        assert office.is_open(opening)
        assert not office.is_open(opening - timedelta(microseconds=1))
        assert not office.is_open(instant)


@given(OFFICES, INSTANTS)
def test_stretches_are_in_order_and_apart(office: OpenHours, start: datetime) -> None:
    edges = [edge for pair in office.stretches(start, start + timedelta(days=40)) for edge in pair]

    assert edges == sorted(set(edges))
