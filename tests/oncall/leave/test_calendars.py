"""A person's own calendar is followed: its absences come, move and go; a fault never takes leave away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall import chores, rota
from oncall.errors import Conflict
from oncall.leave import calendars
from oncall.leave.calendars import Followed
from oncall.tables import LeaveCalendar
from tests.calendar_server import CalendarServer, a_calendar_server
from tests.oncall.leave.test_reading import calendar
from tests.world import World

HALF_HOUR = 30
# Bora's week begins on Monday 12 January.
OVER_THE_TURN = "UID:holiday@x\nDTSTART;VALUE=DATE:20260114\nDTEND;VALUE=DATE:20260116"
LATER = "UID:holiday@x\nDTSTART;VALUE=DATE:20260204\nDTEND;VALUE=DATE:20260206"
SPRING = "UID:spring@x\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260411"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with a_calendar_server(tmp_path) as running:
        yield running


@pytest.fixture
def world(world: World, server: CalendarServer) -> World:
    """Saturday noon; Bora has his calendar followed."""
    world.forward(minutes=9 * 60)
    world.app = replace(world.app, calendars=server.fetcher)
    with world.app.sessions.begin() as session:
        calendars.follow(session, "bora", server.url, world.clock())
    return world


def later(world: World, minutes: float = HALF_HOUR) -> None:
    world.forward(minutes=minutes)
    chores.run(world.app)
    world.engine.run_until_quiet()


def leave(world: World) -> list[tuple[int, int]]:
    """The days of Bora's leave that are still to come, as (month, day) it begins on in Istanbul."""
    with world.app.sessions() as session:
        found = rota.leaves(session, world.clock(), world.clock() + timedelta(days=400), "bora")
    starts = [one.start + timedelta(hours=3) for one in found]
    return [(start.month, start.day) for start in starts]


def shown(world: World) -> Followed:
    with world.app.sessions() as session:
        found = calendars.followed(session, "bora")
    assert found is not None
    return found


def test_absences_of_the_calendar_become_leave_and_follow_it(
    world: World, server: CalendarServer
) -> None:
    server.body = calendar(OVER_THE_TURN, SPRING)
    later(world, 1)
    assert leave(world) == [(1, 14), (4, 1)]

    server.body = calendar(LATER, SPRING)
    later(world)
    assert leave(world) == [(2, 4), (4, 1)]

    server.body = calendar(SPRING)
    later(world)
    assert leave(world) == [(4, 1)]


def test_an_absence_over_a_turn_is_told_to_its_owner_and_the_lead_once(
    world: World, server: CalendarServer
) -> None:
    server.body = calendar(OVER_THE_TURN)
    for _ in range(3):
        later(world)

    assert sum("Takviminize göre" in text for text in world.texts("bora")) == 1
    assert sum("Bora lipseste" in text for text in world.texts("maria")) == 1


@pytest.mark.parametrize("body", [b"", b"<html>please sign in</html>", b"BEGIN:VCALENDAR\r\n"])
def test_a_broken_calendar_takes_no_leave_away(
    world: World, server: CalendarServer, body: bytes
) -> None:
    server.body = calendar(SPRING)
    later(world)

    server.body = body
    later(world)

    assert leave(world) == [(4, 1)]
    assert shown(world).fault == "not-a-calendar"


def test_a_calendar_that_fails_for_a_day_is_told_to_its_owner_once(
    world: World, server: CalendarServer
) -> None:
    server.status = 404
    for _ in range(30):
        later(world, 60)

    assert sum("Takviminiz bir gündür okunamiyor" in text for text in world.texts("bora")) == 1
    server.status, server.body = 200, calendar(SPRING)
    later(world)
    assert (shown(world).fault, shown(world).failing_since) == ("", None)


def test_it_is_fetched_every_half_hour_and_an_unchanged_one_is_not_sent_again(
    world: World, server: CalendarServer
) -> None:
    server.body, server.etag = calendar(SPRING), '"1"'
    for _ in range(6):
        later(world, 15)

    assert len(server.asked) == 4 - 1
    assert [asked.get("If-None-Match", "") for asked in server.asked] == ["", '"1"', '"1"']


def test_leave_that_runs_ends_now_when_it_goes_and_what_was_stays(
    world: World, server: CalendarServer
) -> None:
    server.body = calendar(
        "UID:now@x\nDTSTART;VALUE=DATE:20260110\nDTEND;VALUE=DATE:20260112", SPRING
    )
    later(world)
    server.body = calendar(SPRING)
    later(world)

    with world.app.sessions() as session:
        first = rota.leaves(session, datetime(2026, 1, 1, tzinfo=UTC), world.clock(), "bora")[0]
    assert first.end == world.clock()


def test_a_calendar_that_is_followed_no_more_takes_its_coming_leave_along(
    world: World, server: CalendarServer
) -> None:
    server.body = calendar(SPRING)
    later(world)
    with world.app.sessions.begin() as session:
        calendars.forget(session, "bora", world.clock())

    later(world)

    assert leave(world) == []
    assert len(server.asked) == 1


def test_the_address_is_shown_shortened_and_logged_nowhere(
    world: World, server: CalendarServer, capfd: pytest.CaptureFixture[str]
) -> None:
    server.status = 500
    later(world)

    assert shown(world).address == "127.0.0.1/....ics"
    said = "".join(capfd.readouterr())
    assert "leave_calendar.failed" in said
    assert "secret-letters" not in said
    with world.app.sessions() as session:
        assert session.get_one(LeaveCalendar, "bora").url == server.url


@pytest.mark.parametrize(
    "url", ["http://example.com/a.ics", "nonsense", "https://a:b@example.com/"]
)
def test_an_address_that_is_none_is_refused_in_words(world: World, url: str) -> None:
    with pytest.raises(Conflict) as refused, world.app.sessions.begin() as session:
        calendars.follow(session, "bora", url, world.clock())

    assert refused.value.code == "calendar-address"


def test_a_webcal_address_is_fetched_over_https(world: World, server: CalendarServer) -> None:
    server.body = calendar(SPRING)
    with world.app.sessions.begin() as session:
        calendars.follow(session, "bora", server.url.replace("https", "webcal"), world.clock())

    later(world)

    assert leave(world) == [(4, 1)]
