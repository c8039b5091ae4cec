"""The first screen says who holds the phone, when it is my turn and what waits for me."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from oncall import board
from oncall.board import HomeBoard
from oncall.store import reading
from oncall.tickets import Verb
from tests.world import EXAMPLE, THURSDAY_NOON, World, a_world

MONDAY_HANDOFF = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)


def home(world: World, person: str = "ana") -> HomeBoard:
    with reading(world.app.sessions) as session:
        return board.home(session, world.app, person, world.clock())


def test_at_night_the_holder_the_backup_and_the_handoff_are_named(world: World) -> None:
    (holding,) = home(world).holdings

    assert holding.on_duty
    assert holding.holder is not None
    assert holding.holder.name == "Ana Popescu"
    assert holding.holder.phone == "+12025550101"
    assert holding.backup is not None
    assert holding.backup.short == "maria"
    assert holding.until == MONDAY_HANDOFF


def test_while_the_office_is_open_nobody_is_on_duty_and_that_is_fine(database_url: str) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        found = home(world)

        assert found.is_open
        assert not found.holdings[0].on_duty
        assert found.changes_at == datetime(2026, 1, 8, 16, 0, tzinfo=UTC)


def test_a_rotation_that_has_not_started_is_held_by_nobody(database_url: str) -> None:
    before = datetime(2026, 1, 3, 1, 0, tzinfo=UTC)
    with a_world(database_url, at=before) as world:
        (holding,) = home(world).holdings

        assert holding.holder is None
        assert holding.on_duty


def test_a_holder_who_has_left_is_not_shown_as_holding(database_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        "    name: Ana Popescu\n", '    name: Ana Popescu\n    until: "2026-01-09"\n'
    )
    with a_world(database_url, text=text) as world:
        assert home(world).holdings[0].holder is None


def test_my_next_turn_is_the_one_after_this(world: World) -> None:
    ana, bora, omar = (home(world, person).my_turn for person in ("ana", "bora", "omar"))

    assert bora is not None
    assert ana is not None
    assert bora.start == MONDAY_HANDOFF
    assert ana.start == MONDAY_HANDOFF + timedelta(weeks=2)
    assert omar is None


def test_a_ticket_waits_for_whom_it_asked_and_not_for_the_others(world: World) -> None:
    world.ticket()

    assert [line.id for line in home(world, "ana").mine] == [1]
    assert [line.id for line in home(world, "bora").mine] == []
    assert [line.id for line in home(world, "bora").others] == [1]


def test_a_taken_ticket_waits_for_its_owner_alone(world: World) -> None:
    world.ticket()
    world.act("bora", Verb.TAKE, 1)

    assert home(world, "ana").mine == ()
    assert [line.id for line in home(world, "bora").mine] == [1]


def test_a_line_names_who_is_asked_next_and_when(world: World) -> None:
    world.ticket()

    line = home(world).mine[0]

    assert [someone.short for someone in line.next_people] == ["maria"]
    assert line.next_at == world.clock() + timedelta(minutes=7)


def test_a_normal_ticket_at_night_waits_for_the_office(world: World) -> None:
    world.ticket("Invoice question")

    (line,) = home(world).others

    assert line.waits_for_office
    assert line.next_at == MONDAY_HANDOFF


def test_open_urgent_tickets_come_first_and_solved_ones_last(world: World) -> None:
    normal = world.ticket("Invoice question")
    solved = world.ticket("Fire alarm one")
    taken = world.ticket("Fire alarm two")
    urgent = world.ticket("Fire alarm three")
    world.act("ana", Verb.RESOLVE, solved)
    world.act("ana", Verb.TAKE, taken)

    with reading(world.app.sessions) as session:
        lists = board.lists(session, world.app, world.clock())

    assert [line.id for line in lists.open] == [urgent, normal, taken]
    assert [line.id for line in lists.solved] == [solved]


def test_an_engine_that_stopped_is_noticed_after_thirty_seconds(world: World) -> None:
    world.engine.run_once()
    alive = home(world).engine_silent
    world.clock.forward(timedelta(seconds=31))

    assert not alive
    assert home(world).engine_silent


def test_an_engine_that_never_ran_is_silent(world: World) -> None:
    assert home(world).engine_silent
