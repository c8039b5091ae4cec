"""Waits are measured by a clock nobody can set; on PostgreSQL it is the server's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from oncall import pulse, store
from oncall.clock import SteadyClock
from tests.postgres import Cluster
from tests.world import SATURDAY_NIGHT, a_world


class Machine:
    """A machine whose wall clock people move, and which may sleep."""

    def __init__(self, now: datetime = SATURDAY_NIGHT) -> None:
        self.wall = now
        self.up = 1000.0

    def passes(self, **span: float) -> None:
        """Time passes, awake or suspended."""
        self.wall += timedelta(**span)
        self.up += timedelta(**span).total_seconds()

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.up)


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(seconds=-5)])
def test_a_wall_clock_that_is_moved_moves_no_wait(step: timedelta) -> None:
    machine = Machine()
    clock = machine.clock()

    machine.wall += step
    machine.passes(minutes=7)

    assert clock() == SATURDAY_NIGHT + timedelta(minutes=7)
    assert clock.drift() == step


def test_an_hour_asleep_is_an_hour() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.passes(hours=1)

    assert clock() == SATURDAY_NIGHT + timedelta(hours=1)
    assert clock.drift() == timedelta(0)


def test_a_better_clock_replaces_the_machines_own() -> None:
    clock = Machine(datetime(1970, 1, 1, tzinfo=UTC)).clock()

    clock.set_to(SATURDAY_NIGHT)

    assert clock() == SATURDAY_NIGHT


def test_on_postgresql_every_machine_goes_by_the_server(postgres: Cluster) -> None:
    database: Engine = store.open_engine(postgres.new_database())
    wrong, other = Machine(datetime(2001, 1, 1, tzinfo=UTC)), Machine(SATURDAY_NIGHT)
    clocks = [wrong.clock(), other.clock()]

    for clock in clocks:
        store.set_clock(clock, database)

    assert abs(clocks[0]() - clocks[1]()) < timedelta(seconds=5)
    database.dispose()


def test_after_an_hour_asleep_what_is_due_goes_out_once(database_url: str) -> None:
    with a_world(database_url) as world:
        ticket = world.ticket()

        # A jump, not the minute by minute of `forward`: nothing ran meanwhile.
        world.clock.forward(timedelta(hours=1))
        world.engine.run_until_quiet()

        late = [page for page in world.minutes_of_pages(ticket) if page[0] == 60]
        assert sorted(late) == [(60, "ana", "call"), (60, "maria", "sms")]


def test_a_moved_wall_clock_is_seen_from_outside(database_url: str) -> None:
    machine = Machine()
    with a_world(database_url, clock=machine.clock()) as world:
        world.engine.run_once()
        assert [c.name for c in pulse.checks(world.app, world.app.clock()) if not c.ok] == []

        machine.wall += timedelta(hours=1)

        checks = pulse.checks(world.app, world.app.clock())
        assert [check.name for check in checks if not check.ok] == ["clock"]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)])
def test_pages_keep_their_minutes_while_the_wall_clock_jumps(
    database_url: str, step: timedelta
) -> None:
    machine = Machine()
    with a_world(database_url, clock=machine.clock()) as world:
        ticket = world.ticket()
        machine.wall += step
        for _ in range(16):
            machine.passes(seconds=30)
            world.engine.run_until_quiet()

        assert world.minutes_of_pages(ticket) == [
            (0, "ana", "sms"),
            (1, "ana", "call"),
            (3, "ana", "call"),
            (7, "maria", "sms"),
            (8, "maria", "call"),
        ]
