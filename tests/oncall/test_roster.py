"""Who is behind a name at an instant, under one policy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from oncall.example import example_policy
from oncall.policy.load import parse
from oncall.policy.model import Policy
from oncall.roster import Roster, Watch, roster_of

PHONE = "emergency-phone"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def a_policy(*changes: tuple[str, str]) -> Policy:
    text = example_policy()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse(text).policy


@pytest.fixture
def roster() -> Roster:
    return Roster(a_policy())


def test_a_watch_names_holder_backup_and_who_is_next(roster: Roster) -> None:
    assert roster.watch_at(PHONE, utc(2026, 1, 10, 1)) == Watch(
        rotation=PHONE,
        holder="ana",
        backup="maria",
        start=utc(2026, 1, 5, 7),
        end=utc(2026, 1, 12, 7),
        next_holder="bora",
    )


def test_nobody_is_on_watch_before_the_rotation_starts(roster: Roster) -> None:
    assert roster.watch_at(PHONE, utc(2026, 1, 5, 6, 59)) is None
    assert roster.reach(PHONE, utc(2026, 1, 5, 6, 59)) == ()


def test_the_handoff_is_in_the_zone_of_the_calendar() -> None:
    roster = Roster(
        a_policy(("    timezone: Europe/Bucharest\n    open", "    timezone: UTC\n    open"))
    )

    assert roster.starts_at(PHONE) == utc(2026, 1, 5, 9)


def test_shifts_of_a_time_come_whole_and_in_order(roster: Roster) -> None:
    shifts = roster.final_schedule(utc(2026, 1, 10), utc(2026, 1, 20), PHONE)

    assert [shift.person for shift in shifts if shift.role == "holder"] == ["ana", "bora", "maria"]
    assert shifts[0].start == utc(2026, 1, 5, 7)


def test_the_next_watch_of_somebody_on_watch_is_the_one_after(roster: Roster) -> None:
    shift = roster.next_shift_of("ana", utc(2026, 1, 10))

    assert shift is not None
    assert shift.start == utc(2026, 1, 26, 7)


def test_somebody_in_no_rotation_has_no_next_watch(roster: Roster) -> None:
    assert roster.next_shift_of("omar", utc(2026, 1, 10)) is None


def test_a_step_to_a_person_reaches_that_person(roster: Roster) -> None:
    assert roster.reach("omar", utc(2026, 1, 10)) == ("omar",)


def test_a_step_to_a_team_reaches_every_member(roster: Roster) -> None:
    assert roster.reach("support", utc(2026, 1, 10)) == ("ana", "bora", "maria")


def test_a_step_to_a_rotation_reaches_its_holder(roster: Roster) -> None:
    assert roster.reach(PHONE, utc(2026, 1, 13)) == ("bora",)


def test_a_step_to_the_backup_reaches_who_held_it_before(roster: Roster) -> None:
    assert roster.reach(f"{PHONE}.backup", utc(2026, 1, 13)) == ("ana",)


def test_a_rotation_without_backup_has_nobody_behind_it() -> None:
    roster = Roster(
        a_policy(
            ("backup: previous", "backup: none"),
            ("      - { to: emergency-phone.backup, wait: 5m }\n", ""),
        )
    )

    assert roster.reach(f"{PHONE}.backup", utc(2026, 1, 13)) == ()


@pytest.mark.parametrize(
    ("at", "reached"),
    [
        (utc(2026, 2, 28, 21, 59), ()),
        (utc(2026, 2, 28, 22), ("omar",)),
        (utc(2026, 6, 30, 20, 59), ("omar",)),
        (utc(2026, 6, 30, 21), ()),
    ],
)
def test_only_people_who_work_here_that_day_are_reached(
    at: datetime, reached: tuple[str, ...]
) -> None:
    dates = '    role: admin\n    from: "2026-03-01"\n    until: "2026-06-30"\n'
    roster = Roster(a_policy(("    role: admin\n", dates)))

    assert roster.reach("omar", at) == reached


def test_the_office_is_closed_on_public_holidays_and_own_days(roster: Roster) -> None:
    assert not roster.is_open(utc(2026, 12, 25, 10))
    assert not roster.is_open(utc(2026, 12, 24, 10))
    assert roster.is_open(utc(2026, 12, 23, 10))


def test_a_removed_holiday_is_a_working_day(roster: Roster) -> None:
    assert roster.is_open(utc(2026, 1, 7, 10))
    assert not roster.is_open(utc(2026, 1, 6, 10))


def test_the_next_opening_jumps_over_a_long_weekend(roster: Roster) -> None:
    assert roster.next_opening(utc(2026, 12, 23, 17)) == utc(2026, 12, 28, 7)


def test_the_next_change_says_what_it_will_be(roster: Roster) -> None:
    assert roster.next_change(utc(2026, 1, 9, 10)) == (False, utc(2026, 1, 9, 14))
    assert roster.next_change(utc(2026, 1, 9, 14)) == (True, utc(2026, 1, 12, 7))


def test_the_same_policy_has_the_same_roster() -> None:
    policy = a_policy()

    assert roster_of(policy) is roster_of(policy)


def test_two_policies_have_two_rosters_even_when_they_say_the_same() -> None:
    assert roster_of(a_policy()) is not roster_of(a_policy())
