"""What is wrong in final schedules is found, with its interval, its cause and what would close it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rotations.gaps import Finding, Limits, Watched, findings
from rotations.hours import OpenHours, Stretch
from rotations.schedule import BACKUP, HOLDER, Override, Published, Schedule
from rotations.turns import Cadence, RoundRobin

CAST = ("ana", "bora", "maria")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
ZONE = ZoneInfo("UTC")
Leave = dict[str, list[Stretch]]


def week(number: float) -> datetime:
    return START + number * WEEK


def weekly(*order: str) -> RoundRobin:
    return RoundRobin(Cadence(ZONE, date(2026, 1, 5), time(9)), order or CAST)


def over(number: int, person: str, start: float, end: float, role: str = HOLDER) -> Override:
    return Override(number, role, person, week(start), week(end))


def found(
    *schedules: Schedule,
    leave: Leave | None = None,
    limits: Limits | None = None,
    until: float = 3,
    people: tuple[str, ...] = CAST,
) -> list[Finding]:
    watched = [Watched(one, people, limits or Limits()) for one in schedules]
    return list(findings(watched, leave or {}, (week(0), week(until)), ZONE))


def test_a_rota_that_is_held_as_planned_has_no_findings() -> None:
    assert found(Schedule("phone", weekly(), backup="next")) == []


def test_a_turn_published_without_a_holder_is_a_hole() -> None:
    schedule = Schedule("phone", weekly(), published=[Published(week(1), week(2), None)])

    (hole,) = found(schedule, leave={"bora": [(week(0), week(2))]})

    assert (hole.code, hole.rotation, hole.start, hole.end) == (
        "nobody-holds",
        "phone",
        week(1),
        week(2),
    )
    assert hole.remedies == (
        "ask ana, who is free",
        "ask maria, who is free",
        "ask bora, who is on leave",
    )


def test_a_hole_is_only_what_nobody_covers() -> None:
    schedule = Schedule(
        "phone",
        weekly(),
        published=[Published(week(1), week(2), None)],
        overrides=[over(1, "ana", 1.25, 1.5)],
    )

    assert [(one.start, one.end) for one in found(schedule)] == [
        (week(1), week(1.25)),
        (week(1.5), week(2)),
    ]


def test_hours_that_are_not_to_be_held_are_no_hole() -> None:
    nights = OpenHours(ZONE, (((0, 360),),) * 7)
    schedule = Schedule(
        "phone", weekly(), published=[Published(week(1), week(2), None)], cover=nights
    )

    assert len(found(schedule)) == 7
    assert sum((one.end - one.start for one in found(schedule)), timedelta()) == 42 * DAY / 24


def test_time_before_the_first_handoff_is_no_hole() -> None:
    watched = [Watched(Schedule("phone", weekly()), CAST)]

    assert findings(watched, {}, (week(-3), week(1)), ZONE) == ()


def test_somebody_in_two_rotations_at_once_is_booked_twice() -> None:
    days = RoundRobin(Cadence(ZONE, date(2026, 1, 5), time(9), 1), ("omar", "ana"))

    one, *_ = found(Schedule("phone", weekly()), Schedule("doors", days), until=1)

    assert (one.code, one.people, one.start, one.end) == (
        "double-booked",
        ("ana",),
        week(0) + DAY,
        week(0) + 2 * DAY,
    )
    assert one.text == "ana is holder of phone and holder of doors"


def test_the_holder_of_a_backup_rotation_is_not_booked_twice() -> None:
    doctors = Schedule("doctors", weekly("omar", "lea"))

    assert found(Schedule("phone", weekly(), backup=doctors), doctors) == []


def test_a_backup_who_covers_leaves_nobody_behind() -> None:
    schedule = Schedule("phone", weekly(), backup="omar", overrides=[over(1, "omar", 0.25, 0.5)])

    (one,) = found(schedule)

    assert (one.code, one.start, one.end) == ("no-backup", week(0.25), week(0.5))
    assert one.text == "omar would be holder and backup at once, so nobody is the backup"
    assert one.remedies[0] == "ask ana, who is free"


def test_a_backup_rotation_that_nobody_holds_is_named() -> None:
    doctors = Schedule(
        "doctors", weekly("omar", "lea"), published=[Published(week(1), week(2), None)]
    )

    (hole, behind) = found(Schedule("phone", weekly(), backup=doctors), doctors)

    assert (hole.rotation, hole.code) == ("doctors", "nobody-holds")
    assert behind.text == "nobody is the backup of bora: nobody holds doctors"


def test_without_a_backup_rule_nobody_misses_one() -> None:
    assert found(Schedule("phone", weekly("ana"), backup="none")) == []
    assert {one.code for one in found(Schedule("phone", weekly("ana"), backup="next"))} == {
        "no-backup"
    }


def test_a_holder_on_leave_is_found_for_the_hours_of_the_leave() -> None:
    (one,) = found(Schedule("phone", weekly()), leave={"bora": [(week(0.5), week(1.25))]})

    assert (one.code, one.people, one.start, one.end) == (
        "on-leave",
        ("bora",),
        week(1),
        week(1.25),
    )
    assert one.remedies == ("ask ana, who is free", "ask maria, who is free")


def test_a_backup_on_leave_is_found() -> None:
    schedule = Schedule("phone", weekly(), backup="next")

    (one,) = found(schedule, leave={"bora": [(week(0.5), week(0.75))]})

    assert one.text == "bora is backup and on leave"


def test_two_turns_with_too_little_between_them_are_a_short_rest() -> None:
    schedule = Schedule("phone", weekly(), overrides=[over(1, "ana", 1, 2)])

    rests = found(schedule, limits=Limits(rest=2 * WEEK))

    assert [one.text for one in rests] == [
        "ana holds again at once; the least is 14 d between",
        "ana holds again after 7 d; the least is 14 d between",
    ]
    assert rests[0].remedies[-1] == "a shorter rest for ana"


def test_hours_given_away_within_a_turn_are_no_rest() -> None:
    schedule = Schedule("phone", weekly(), overrides=[over(1, "omar", 0.25, 0.5)])

    assert found(schedule, limits=Limits(rest=WEEK)) == []


def test_more_than_the_limit_of_a_quarter_is_found() -> None:
    (one, *_) = found(Schedule("phone", weekly()), limits=Limits(per_quarter=4 * WEEK), until=14)

    assert (one.code, one.people) == ("over-limit", ("ana",))
    assert (one.start, one.end) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=UTC),
    )
    assert one.text == "ana holds for 35 d in the quarter; the most is 28 d"


def test_nights_of_a_week_count_as_a_week() -> None:
    nights = OpenHours(ZONE, (((0, 360),),) * 7)
    schedule = Schedule("nights", weekly(), cover=nights)

    assert found(schedule, limits=Limits(per_quarter=5 * WEEK)) == []
    assert len(found(schedule, limits=Limits(per_quarter=5 * WEEK - DAY))) == 1


def test_a_week_with_the_hour_that_comes_twice_is_one_week() -> None:
    autumn = Cadence(ZoneInfo("Europe/Bucharest"), date(2026, 10, 19), time(9))
    schedule = Schedule("phone", RoundRobin(autumn, ("ana",)))
    span = (datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    enough, less = Limits(per_quarter=11 * WEEK), Limits(per_quarter=10 * WEEK)

    assert findings([Watched(schedule, CAST, enough)], {}, span, ZONE) == ()
    assert len(findings([Watched(schedule, CAST, less)], {}, span, ZONE)) == 1


def test_a_swap_of_half_a_turn_counts_half() -> None:
    schedule = Schedule("phone", weekly(), overrides=[over(1, "bora", 0, 0.5)])

    assert found(schedule, limits=Limits(per_year=18 * WEEK)) == []
    assert [one.people for one in found(schedule, limits=Limits(per_year=17 * WEEK))] == [
        ("ana",),
        ("bora",),
    ]


def test_whoever_would_be_short_of_rest_is_offered_after_those_who_are_free() -> None:
    schedule = Schedule("phone", weekly(), overrides=[over(2, "omar", 2, 2.1, BACKUP)])

    (one,) = found(
        schedule,
        leave={"bora": [(week(1), week(2))]},
        limits=Limits(rest=DAY),
        people=("ana", "bora", "omar"),
    )

    assert one.remedies == ("ask omar, who is free", "a shorter rest for ana")
