"""Somebody's own calendar is read: what counts as an absence, when exactly, and under which lasting name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.leave.reading import Absence, Unreadable, absences

BUCHAREST = ZoneInfo("Europe/Bucharest")
NOW = datetime(2026, 1, 10, tzinfo=UTC)
YEAR = NOW + timedelta(days=365)


def calendar(*events: str) -> bytes:
    """A calendar of events, each given as its lines without UID."""
    written = [
        "BEGIN:VEVENT\r\n"
        + ("" if "UID:" in lines else f"UID:event-{number}@example.com\r\n")
        + "DTSTAMP:20260101T000000Z\r\n"
        + lines.replace("\n", "\r\n")
        + "\r\nEND:VEVENT\r\n"
        for number, lines in enumerate(events)
    ]
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
        + "".join(written)
        + "END:VCALENDAR\r\n"
    ).encode()


def read(*events: str) -> list[tuple[datetime, datetime]]:
    return [(one.start, one.end) for one in found(*events)]


def found(*events: str) -> tuple[Absence, ...]:
    return absences(calendar(*events), BUCHAREST, NOW, YEAR)


def test_whole_days_are_days_where_the_person_is() -> None:
    assert read("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304") == [
        (datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 3, 22, tzinfo=UTC))
    ]


def test_a_day_without_an_end_lasts_that_day() -> None:
    assert read("DTSTART;VALUE=DATE:20260302") == [
        (datetime(2026, 3, 1, 22, tzinfo=UTC), datetime(2026, 3, 2, 22, tzinfo=UTC))
    ]


def test_times_keep_their_zone_and_those_without_one_are_meant_where_the_person_is() -> None:
    tokyo = "DTSTART;TZID=Asia/Tokyo:20260302T090000\nDTEND;TZID=Asia/Tokyo:20260302T170000"
    floating = "DTSTART:20260303T090000\nDTEND:20260303T170000"

    assert read(tokyo, floating) == [
        (datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC)),
        (datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 3, 15, tzinfo=UTC)),
    ]


def test_what_repeats_keeps_its_clock_time_across_the_change() -> None:
    weekly = (
        "DTSTART;TZID=Europe/Bucharest:20260323T080000\nDTEND;TZID=Europe/Bucharest:20260323T130000\n"
        "RRULE:FREQ=WEEKLY;COUNT=2"
    )

    assert [start for start, _ in read(weekly)] == [
        datetime(2026, 3, 23, 6, tzinfo=UTC),
        datetime(2026, 3, 30, 5, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("marks", "counts"),
    [
        ("TRANSP:OPAQUE", True),
        ("TRANSP:TRANSPARENT", False),
        ("STATUS:CANCELLED", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF\nTRANSP:TRANSPARENT", True),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", False),
        ("X-MICROSOFT-CDO-BUSYSTATUS:BUSY", True),
    ],
)
def test_only_what_is_marked_busy_or_out_of_office_counts(marks: str, counts: bool) -> None:
    days = f"DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304\n{marks}"

    assert bool(read(days)) is counts


@pytest.mark.parametrize(
    ("marks", "counts"), [("TRANSP:OPAQUE", False), ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", True)]
)
def test_a_meeting_keeps_nobody_from_the_phone(marks: str, counts: bool) -> None:
    hour = f"DTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n{marks}"

    assert bool(read(hour)) is counts


def test_an_entry_that_moves_keeps_its_name_and_one_of_a_series_has_its_own() -> None:
    series = "UID:s@x\nDTSTART;VALUE=DATE:20260302\nRRULE:FREQ=WEEKLY;COUNT=3"
    moved = "UID:s@x\nRECURRENCE-ID;VALUE=DATE:20260309\nDTSTART;VALUE=DATE:20260310"

    before, after = found(series), found(series, moved)

    assert [one.uid for one in before] == [one.uid for one in after]
    assert before[1].start + timedelta(days=1) == after[1].start
    (single,) = found("UID:a@x\nDTSTART;VALUE=DATE:20260302")
    (later,) = found("UID:a@x\nDTSTART;VALUE=DATE:20260402")
    assert single.uid == later.uid


def test_the_title_is_read_by_nobody() -> None:
    (one,) = found("UID:doctor@x\nSUMMARY:Doctor\nDTSTART;VALUE=DATE:20260302")

    assert "doctor" not in f"{one}".lower()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in</html>",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_calendar_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable, match="not-a-calendar"):
        absences(body, BUCHAREST, NOW, YEAR)


@pytest.mark.parametrize(
    "damage",
    [
        "DTSTART;VALUE=DATE:2026-03-02",
        "SUMMARY:no time",
        "DTSTART:20260302T000000Z\nRRULE:FREQ=SOMETIMES",
    ],
)
def test_a_time_nobody_understands_spoils_the_calendar_and_loses_no_leave(damage: str) -> None:
    with pytest.raises(Unreadable, match="not-a-calendar"):
        found("DTSTART;VALUE=DATE:20260302", damage)


EVERY_MINUTE = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={','.join(map(str, range(60)))}"


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY", "HOURLY", f"DAILY;{EVERY_MINUTE}"])
def test_a_calendar_that_would_keep_us_counting_is_refused(often: str) -> None:
    with pytest.raises(Unreadable, match="too-much"):
        found(f"DTSTART:20200101T000000Z\nDTEND:20200101T050000Z\nRRULE:FREQ={often}")


def test_more_absences_than_a_person_can_have_are_refused() -> None:
    daily = [
        f"DTSTART:20260110T0{hour}0000Z\nDTEND:20260110T1{hour}0000Z\nRRULE:FREQ=DAILY"
        for hour in range(5)
    ]

    with pytest.raises(Unreadable, match="too-much"):
        found(*daily)
