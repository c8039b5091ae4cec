"""Tries are counted and slowed down, never stopped for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oncall import attempts
from oncall.attempts import Limit
from oncall.tables import Attempt
from tests.world import SATURDAY_NIGHT, World

LIMIT = Limit(3, timedelta(minutes=15), timedelta(seconds=10), timedelta(minutes=1))


def tried(session: Session, times: int) -> None:
    for _ in range(times):
        attempts.count(session, "bucket", SATURDAY_NIGHT)
    session.flush()


@pytest.mark.parametrize(
    ("times", "seconds"), [(0, 0), (2, 0), (3, 10), (4, 20), (5, 40), (6, 60), (500, 60)]
)
def test_each_try_after_the_free_ones_doubles_the_pause_up_to_the_longest(
    world: World, times: int, seconds: int
) -> None:
    with world.app.sessions.begin() as session:
        tried(session, times)

        pause = attempts.pause(session, "bucket", LIMIT, SATURDAY_NIGHT)

        assert pause == timedelta(seconds=seconds)


def test_a_pause_runs_out(world: World) -> None:
    with world.app.sessions.begin() as session:
        tried(session, 500)

        later = SATURDAY_NIGHT + timedelta(minutes=1)

        assert attempts.pause(session, "bucket", LIMIT, later) == timedelta(0)


def test_old_tries_are_thrown_away(world: World) -> None:
    with world.app.sessions.begin() as session:
        tried(session, 5)
        attempts.count(session, "bucket", SATURDAY_NIGHT + timedelta(days=2))
        session.flush()

        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
