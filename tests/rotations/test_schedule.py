"""Turns with overrides laid over them: who holds, who stands behind, who listens in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rotations.hours import OpenHours
from rotations.schedule import BACKUP, HOLDER, SHADOW, Override, Published, Schedule, Shift
from rotations.turns import Cadence, RoundRobin

CAST = ("ana", "bora", "maria")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)


def weekly(*order: str) -> RoundRobin:
    return RoundRobin(Cadence(ZoneInfo("UTC"), date(2026, 1, 5), time(9)), order or CAST)


def week(number: float) -> datetime:
    return START + number * WEEK


def cover(number: int, person: str, start: float, end: float, role: str = HOLDER) -> Override:
    return Override(number, role, person, week(start), week(end))


def held(
    schedule: Schedule, start: float, end: float, role: str = HOLDER
) -> list[tuple[str, float, float]]:
    return [
        (shift.person, (shift.start - START) / WEEK, (shift.end - START) / WEEK)
        for shift in schedule.final_schedule(week(start), week(end))
        if shift.role == role
    ]


def person_at(schedule: Schedule, at: float, role: str = HOLDER) -> str | None:
    shift = schedule.holder_at(week(at), role)
    return shift and shift.person


def test_without_overrides_everybody_holds_their_own_turn() -> None:
    assert Schedule("phone", weekly()).final_schedule(week(0), week(1)) == (
        Shift("phone", HOLDER, "ana", week(0), week(1), week(0), week(1), "ana"),
    )


def test_a_cover_takes_hours_out_of_a_turn() -> None:
    schedule = Schedule("phone", weekly(), overrides=[cover(7, "maria", 0.25, 0.5)])

    assert held(schedule, 0, 1) == [("ana", 0, 0.25), ("maria", 0.25, 0.5), ("ana", 0.5, 1)]
    assert schedule.holder_at(week(0.3)) == Shift(
        "phone", HOLDER, "maria", week(0.25), week(0.5), week(0), week(1), "ana", 7
    )


def test_the_last_override_counts_where_two_lie_on_one_another() -> None:
    overrides = [cover(2, "bora", 0.4, 0.6), cover(1, "maria", 0.25, 0.75)]
    schedule = Schedule("phone", weekly(), overrides=overrides)

    assert held(schedule, 0, 1) == [
        ("ana", 0, 0.25),
        ("maria", 0.25, 0.4),
        ("bora", 0.4, 0.6),
        ("maria", 0.6, 0.75),
        ("ana", 0.75, 1),
    ]


def test_a_cover_over_a_handoff_is_a_shift_in_each_turn() -> None:
    schedule = Schedule("phone", weekly(), overrides=[cover(1, "maria", 0.5, 1.5)])

    assert [
        (shift.start, shift.end, shift.planned)
        for shift in schedule.final_schedule(week(0.6), week(1.2))
    ] == [(week(0.5), week(1), "ana"), (week(1), week(1.5), "bora")]


def test_shifts_are_whole_however_little_of_them_is_asked_for() -> None:
    schedule = Schedule("phone", weekly())

    assert held(schedule, 0.999, 1.001) == [("ana", 0, 1), ("bora", 1, 2)]


def test_nobody_holds_before_the_first_handoff() -> None:
    schedule = Schedule("phone", weekly())

    assert schedule.holder_at(START - HOUR) is None
    assert schedule.turn_at(START - HOUR) is None
    assert schedule.final_schedule(START - WEEK, START) == ()


def test_published_turns_stay_and_the_plain_rotation_fills_in_around_them() -> None:
    published = [Published(week(1.5), week(2), "maria"), Published(week(3), week(4), "omar")]
    schedule = Schedule("phone", weekly(), published=published)

    assert held(schedule, 0, 5) == [
        ("ana", 0, 1),
        ("bora", 1, 1.5),
        ("maria", 1.5, 2),
        ("maria", 2, 3),
        ("omar", 3, 4),
        ("bora", 4, 5),
    ]
    assert [turn.is_published for turn in schedule.turns(week(1), week(3))] == [False, True, False]


def test_a_published_turn_of_nobody_is_held_by_nobody() -> None:
    schedule = Schedule("phone", weekly(), published=[Published(week(1), week(2), None)])

    assert person_at(schedule, 1.5) is None
    assert held(schedule, 0, 3) == [("ana", 0, 1), ("maria", 2, 3)]


def test_a_rotation_that_has_begun_does_not_stop_when_its_rules_start_later() -> None:
    schedule = Schedule("phone", weekly(), published=[Published(week(-5), week(-4), "bora")])

    assert schedule.starts_at == week(-5)
    assert held(schedule, -5, 0) == [
        ("bora", -5, -4),
        ("maria", -4, -3),
        ("ana", -3, -2),
        ("bora", -2, -1),
        ("maria", -1, 0),
    ]


def test_of_two_published_turns_that_overlap_the_later_one_counts() -> None:
    published = [Published(week(0), week(1.2), "bora"), Published(week(1), week(2), "ana")]

    assert held(Schedule("phone", weekly(), published=published), 0, 2) == [
        ("bora", 0, 1),
        ("ana", 1, 2),
    ]


@pytest.mark.parametrize(
    ("rule", "behind"),
    [("previous", "maria"), ("next", "bora"), ("none", None), ("omar", "omar"), ("ana", None)],
)
def test_the_backup_follows_the_rule_and_is_never_the_holder(rule: str, behind: str | None) -> None:
    assert person_at(Schedule("phone", weekly(), backup=rule), 0, BACKUP) == behind


def test_somebody_with_two_turns_in_a_row_is_not_their_own_backup() -> None:
    rota = weekly("ana", "ana", "bora")

    assert held(Schedule("phone", rota, backup="previous"), 0, 3, BACKUP) == [
        ("bora", 0, 1),
        ("bora", 1, 2),
        ("ana", 2, 3),
    ]


def test_somebody_alone_has_no_backup() -> None:
    assert person_at(Schedule("phone", weekly("ana"), backup="next"), 0, BACKUP) is None


def test_the_previous_of_a_turn_is_who_was_published_before_it() -> None:
    published = [Published(week(1), week(2), "omar")]
    schedule = Schedule("phone", weekly(), backup="previous", published=published)

    assert person_at(schedule, 2.5, BACKUP) == "omar"


def test_a_published_backup_comes_before_the_rule() -> None:
    published = [Published(week(1), week(2), "bora", "omar")]
    schedule = Schedule("phone", weekly(), backup="next", published=published)

    assert held(schedule, 0, 2, BACKUP) == [("bora", 0, 1), ("omar", 1, 2)]


def test_when_the_backup_covers_the_rule_looks_one_further() -> None:
    schedule = Schedule(
        "phone",
        weekly(*CAST, "omar"),
        backup="previous",
        overrides=[cover(1, "ana", 1.25, 1.5)],
    )

    assert held(schedule, 1, 2, BACKUP) == [("ana", 1, 1.25), ("omar", 1.25, 1.5), ("ana", 1.5, 2)]


def test_of_two_people_the_one_who_gave_hours_away_stands_behind_them() -> None:
    overrides = [cover(1, "bora", 0.25, 0.5)]
    schedule = Schedule("phone", weekly("ana", "bora"), backup="next", overrides=overrides)

    assert held(schedule, 0, 1, BACKUP) == [("bora", 0, 0.25), ("ana", 0.25, 0.5), ("bora", 0.5, 1)]


def test_nobody_is_behind_a_named_backup_who_covers() -> None:
    overrides = [cover(1, "omar", 0.25, 0.5)]
    schedule = Schedule("phone", weekly(), backup="omar", overrides=overrides)

    assert held(schedule, 0, 1, BACKUP) == [("omar", 0, 0.25), ("omar", 0.5, 1)]


def test_a_backup_who_hands_the_role_over_is_replaced_for_those_hours() -> None:
    overrides = [cover(1, "omar", 0.25, 0.5, BACKUP)]
    schedule = Schedule("phone", weekly(), backup="next", overrides=overrides)

    assert held(schedule, 0, 1, BACKUP) == [
        ("bora", 0, 0.25),
        ("omar", 0.25, 0.5),
        ("bora", 0.5, 1),
    ]


def test_a_rotation_of_its_own_may_be_the_backup() -> None:
    doctors = RoundRobin(
        Cadence(ZoneInfo("UTC"), date(2026, 1, 6), time(9), 2), ("omar", "ana", "lea")
    )
    schedule = Schedule("phone", weekly(), backup=Schedule("doctors", doctors))

    assert [
        (shift.person, shift.start.day, shift.end.day)
        for shift in schedule.final_schedule(week(0), week(1))
        if shift.role == BACKUP
    ] == [("omar", 6, 8), ("lea", 10, 12)]


def test_with_hours_of_its_own_a_rotation_holds_only_then() -> None:
    nights = OpenHours(ZoneInfo("UTC"), (((0, 360), (1320, 1440)),) * 7)
    schedule = Schedule("nights", weekly(), cover=nights)

    first, second, *_ = schedule.final_schedule(week(0), week(1))

    assert (first.start.hour, first.end - first.start) == (22, 8 * HOUR)
    assert (second.start - first.start, second.turn_start) == (24 * HOUR, week(0))
    assert schedule.holder_at(week(0)) is None


def test_hours_that_never_end_are_one_shift_a_turn() -> None:
    always = OpenHours(ZoneInfo("UTC"), (((0, 1440),),) * 7)
    long_turns = RoundRobin(Cadence(ZoneInfo("UTC"), date(2026, 1, 5), time(9), 2000), CAST)

    assert len(Schedule("phone", long_turns, cover=always).final_schedule(week(0), week(400))) == 2


def test_learners_listen_one_per_turn_and_never_beside_themselves() -> None:
    schedule = Schedule("phone", weekly(), backup="next", learners=("lea", "bora"))

    assert held(schedule, 0, 4, SHADOW) == [
        ("lea", 0, 1),
        ("lea", 1, 2),
        ("lea", 2, 3),
        ("lea", 3, 4),
    ]
    assert [turn.shadow for turn in schedule.turns(week(2), week(4))] == ["lea", "lea"]


def test_a_learner_who_covers_does_not_listen_meanwhile() -> None:
    schedule = Schedule(
        "phone", weekly(), learners=("lea",), overrides=[cover(1, "lea", 0.25, 0.5)]
    )

    assert held(schedule, 0, 1, SHADOW) == [("lea", 0, 0.25), ("lea", 0.5, 1)]
