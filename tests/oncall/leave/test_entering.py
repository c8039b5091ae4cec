"""Leave is entered and taken back: checked in words, and whoever it concerns is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from oncall import planning, publishing, rota
from oncall.errors import Conflict
from oncall.leave import board, entering
from oncall.leave.entering import Entered, Wish
from tests.world import World

TODAY = date(2026, 1, 10)
# Bora's week begins on Monday 12 January.
MONDAY = date(2026, 1, 12)


@pytest.fixture
def world(world: World) -> World:
    """The same Saturday at noon: nobody is asleep."""
    world.forward(minutes=9 * 60)
    return world


def enter(world: World, person: str, by: str | None = None, **wish: object) -> Entered:
    with world.app.sessions.begin() as session:
        found = entering.enter(
            session,
            world.app,
            Wish(person, **wish),  # type: ignore[arg-type]
            by=by or person,
            now=world.clock(),
        )
    world.engine.run_until_quiet()
    return found


def cancel(world: World, number: int, by: str, why: str = "") -> None:
    with world.app.sessions.begin() as session:
        entering.cancel(session, world.app, number, by=by, now=world.clock(), why=why)
    world.engine.run_until_quiet()


def leave_of(world: World, person: str) -> list[tuple[datetime, datetime]]:
    with world.app.sessions() as session:
        return [
            (one.start, one.end)
            for one in rota.leaves(
                session, world.clock(), world.clock() + timedelta(days=1500), person
            )
        ]


def test_whole_days_are_days_where_the_person_lives(world: World) -> None:
    enter(world, "bora", first=date(2026, 3, 2), last=date(2026, 3, 3))

    # Istanbul is three hours ahead of UTC.
    assert leave_of(world, "bora") == [
        (datetime(2026, 3, 1, 21, tzinfo=UTC), datetime(2026, 3, 3, 21, tzinfo=UTC))
    ]


def test_hours_that_repeat_keep_their_clock_time_across_the_change(world: World) -> None:
    enter(
        world,
        "ana",
        first=date(2026, 3, 25),
        last=date(2026, 3, 25),
        begins=time(18),
        ends=time(20),
        weekly_until=date(2026, 4, 1),
    )

    assert leave_of(world, "ana") == [
        (datetime(2026, 3, 25, 16, tzinfo=UTC), datetime(2026, 3, 25, 18, tzinfo=UTC)),
        (datetime(2026, 4, 1, 15, tzinfo=UTC), datetime(2026, 4, 1, 17, tzinfo=UTC)),
    ]


def test_leave_over_own_turns_names_them_and_the_lead_hears_of_it_at_once(world: World) -> None:
    found = enter(world, "bora", first=MONDAY, last=MONDAY + timedelta(days=9))

    assert [(clash.rotation, clash.start) for clash in found.clashes] == [
        ("emergency-phone", datetime(2026, 1, 12, 7, tzinfo=UTC))
    ]
    assert "Bora lipseste" in world.texts("maria")[-1]
    assert f"/leave/{found.leave_ids[0]}" in world.texts("maria")[-1]


def test_leave_beside_own_turns_tells_nobody(world: World) -> None:
    found = enter(world, "bora", first=date(2026, 1, 20), last=date(2026, 1, 21))

    assert found.clashes == ()
    assert world.texts("maria") == []


def test_a_lead_is_woken_only_where_the_night_would_be_too_long(world: World) -> None:
    world.forward(minutes=11 * 60)
    enter(world, "bora", first=MONDAY, last=MONDAY)
    assert world.texts("maria") == []

    world.forward(minutes=10 * 60)

    assert "Bora lipseste" in world.texts("maria")[-1]


def test_a_lead_enters_leave_for_somebody_who_then_reads_why(world: World) -> None:
    enter(world, "ana", by="maria", first=MONDAY, last=MONDAY, note="Flu, rang at noon.")

    text = world.texts("ana")[-1]
    assert text.startswith("Maria entered leave for you, Mon 12 Jan 00:00 to Tue 13 Jan 00:00")
    assert "Flu, rang at noon. Not right?" in text


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"first": TODAY, "last": TODAY - timedelta(days=1)}, "leave-backwards"),
        ({"first": MONDAY, "last": MONDAY, "begins": time(9), "ends": time(9)}, "leave-backwards"),
        ({"first": TODAY - timedelta(days=9), "last": TODAY - timedelta(days=8)}, "leave-over"),
        ({"first": TODAY, "last": TODAY + timedelta(days=740)}, "leave-long"),
        ({"first": date(2028, 6, 1), "last": date(2028, 6, 2)}, "leave-far"),
        (
            {"first": MONDAY, "last": MONDAY, "weekly_until": TODAY},
            "leave-backwards",
        ),
        (
            {
                "first": MONDAY,
                "last": MONDAY + timedelta(days=8),
                "weekly_until": date(2026, 3, 1),
            },
            "leave-weekly",
        ),
        ({"first": MONDAY, "last": MONDAY, "weekly_until": date(2029, 1, 1)}, "leave-far"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    world: World, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(Conflict) as refused:
        enter(world, "ana", **wish)

    assert refused.value.code == code
    assert leave_of(world, "ana") == []


def test_leave_over_other_leave_of_the_same_person_is_refused_with_its_hours(
    world: World,
) -> None:
    enter(world, "ana", first=MONDAY, last=MONDAY + timedelta(days=3))

    with pytest.raises(entering.Overlap) as refused:
        enter(world, "ana", first=MONDAY + timedelta(days=3), last=MONDAY + timedelta(days=5))

    assert refused.value.other.person == "ana"
    enter(world, "bora", first=MONDAY + timedelta(days=14), last=MONDAY + timedelta(days=15))


@pytest.mark.parametrize(
    ("by", "note", "code"), [("bora", "please", "leave-not-yours"), ("maria", " ", "leave-why")]
)
def test_only_a_lead_with_a_reason_enters_leave_for_others(
    world: World, by: str, note: str, code: str
) -> None:
    with pytest.raises(Conflict) as refused:
        enter(world, "ana", by=by, first=MONDAY, last=MONDAY, note=note)

    assert refused.value.code == code


def test_leave_that_was_taken_back_is_gone_and_cannot_be_taken_back_again(world: World) -> None:
    number = enter(world, "ana", first=MONDAY, last=MONDAY).leave_ids[0]
    cancel(world, number, "ana")

    assert leave_of(world, "ana") == []
    with pytest.raises(Conflict) as refused:
        cancel(world, number, "ana")
    assert refused.value.code == "leave-gone"


def test_leave_that_has_begun_ends_now_and_what_was_stays(world: World) -> None:
    number = enter(world, "ana", first=TODAY, last=MONDAY).leave_ids[0]
    world.forward(minutes=60)

    cancel(world, number, "ana")

    with world.app.sessions() as session:
        (away,) = rota.leaves(session, world.clock() - timedelta(days=2), world.clock(), "ana")
        assert away.end == world.clock()


def test_a_lead_takes_leave_back_with_a_reason_and_its_owner_reads_it(world: World) -> None:
    number = enter(world, "ana", first=MONDAY, last=MONDAY).leave_ids[0]
    with pytest.raises(Conflict):
        cancel(world, number, "maria")

    cancel(world, number, "maria", why="entered twice")

    assert "Maria took your leave" in world.texts("ana")[-1]
    assert "entered twice" in world.texts("ana")[-1]


def test_a_repair_is_ready_where_the_rota_is_published(world: World) -> None:
    with world.app.sessions.begin() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
        proposal = planning.propose(roster, "emergency-phone", world.clock())
        publishing.publish(session, world.app, proposal, actor="omar", now=world.clock())
    number = enter(world, "bora", first=MONDAY, last=MONDAY + timedelta(days=9)).leave_ids[0]

    with world.app.sessions() as session:
        page = board.page(session, world.app, number, reader="maria", now=world.clock())
        roster = rota.roster_at(session, world.app.shelf.current)
    repair = planning.propose(roster, "emergency-phone", world.clock())

    assert page.repairable == ("emergency-phone",)
    assert (repair.moved[0].before, repair.moved[0].kind) == ("bora", "repair")


def test_a_long_absence_pauses_the_fair_share(world: World) -> None:
    enter(world, "ana", first=date(2026, 3, 2), last=date(2026, 6, 1), long=True)

    with world.app.sessions() as session:
        laid = rota.laid(session)
    assert len(laid.long_leave["ana"]) == 1
