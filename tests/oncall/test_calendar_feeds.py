"""The rota as a calendar: the same instants in every program that reads it, stable events, a secret address."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from oncall import accounts, calendar_feeds, planning, rota
from oncall.cli.plan import as_plain
from oncall.errors import NotFound
from oncall.swaps import takeover
from rotations.schedule import HOLDER
from tests.site import Site
from tests.world import World, a_world

ROOT = Path(__file__).parents[2]
PHONE = "emergency-phone"
WEEK = timedelta(weeks=1)
Instants = tuple[datetime, datetime]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """The middle of March: both changes of the clock lie within the coming year."""
    with a_world(database_url, at=datetime(2026, 3, 14, 12, tzinfo=UTC)) as whole:
        yield whole


def renew(world: World, person: str, which: str) -> str:
    with world.app.sessions.begin() as session:
        return calendar_feeds.renew(session, person, which, world.clock())


def feed(world: World, path: str) -> calendar_feeds.Feed:
    letters = path.removeprefix("/calendar/").removesuffix(".ics")
    with world.app.sessions() as session:
        return calendar_feeds.feed(session, world.app, letters, world.clock())


def by_icalendar(body: bytes) -> dict[str, Instants]:
    calendar = Calendar.from_ical(body)
    events = calendar.walk("VEVENT")
    assert [event.errors for event in events if event.errors] == []
    return {str(event["UID"]): (event["DTSTART"].dt, event["DTEND"].dt) for event in events}


def by_ical_js(body: bytes) -> list[dict[str, object]]:
    done = subprocess.run(
        ["node", ROOT / "tests/oncall/parse_calendar.mjs", ROOT / "package.json"],
        input=body,
        capture_output=True,
        check=True,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def lay_a_cover(world: World, days: int) -> None:
    """Maria holds the phone for some hours of the turn that runs `days` from now."""
    start = world.clock() + timedelta(days=days)
    with world.app.sessions.begin() as session:
        change = rota.change(session, "cover", rotation=PHONE, actor="maria", now=world.clock())
        hours = (start, start + timedelta(hours=15))
        rota.lay(session, change, rotation=PHONE, person="maria", hours=hours)


def test_two_readers_and_the_plan_agree_on_every_instant_across_both_clock_changes(
    world: World,
) -> None:
    # Over the very nights in which the clocks change.
    lay_a_cover(world, 14)
    lay_a_cover(world, 224)
    body = feed(world, renew(world, "ana", "rota")).body
    with world.app.sessions() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
    plan = as_plain(
        planning.propose(roster, PHONE, world.clock(), ahead=timedelta(days=366)), roster
    )

    planned = {
        (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
        for one in plan["shifts"]
    }
    first, last = min(start for start, _ in planned), world.clock() + calendar_feeds.AHEAD
    wanted = {span for span in planned if span[0] < last}
    read = {span for span in by_icalendar(body).values() if span[0] >= first}
    in_javascript = {
        (datetime.fromisoformat(str(one["start"])), datetime.fromisoformat(str(one["end"])))
        for one in by_ical_js(body)
    }

    assert read == wanted
    assert {span for span in in_javascript if span[0] >= first} == wanted
    assert len(wanted) > 55
    lengths: dict[str, timedelta] = {}
    for one in plan["shifts"]:
        if one["role"] == HOLDER:
            held = datetime.fromisoformat(one["end"]) - datetime.fromisoformat(one["start"])
            lengths[one["turn"]] = lengths.get(one["turn"], timedelta(0)) + held
    assert {timedelta(hours=hours) for hours in (167, 168, 169)} == set(lengths.values())


def test_every_time_is_in_utc_and_nothing_repeats(world: World) -> None:
    body = feed(world, renew(world, "ana", "rota")).body.decode()

    starts = [line for line in body.splitlines() if line.startswith(("DTSTART", "DTEND"))]
    assert all(line.endswith("Z") for line in starts)
    assert "RRULE" not in body
    assert "VTIMEZONE" not in body


def test_mine_holds_my_shifts_alone_with_alarms_where_i_hold_the_phone(world: World) -> None:
    body = feed(world, renew(world, "ana", "mine")).body
    with world.app.sessions() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
    window = (world.clock() - calendar_feeds.BACK, world.clock() + calendar_feeds.AHEAD)
    mine = [one for one in roster.final_schedule(*window, PHONE) if one.person == "ana"]

    events = by_ical_js(body)

    assert len(events) == len(mine)
    assert sum(one["alarms"] == 2 for one in events) == sum(one.role == HOLDER for one in mine)
    assert {one["summary"] for one in events} == {
        "Emergency phone (Acme)",
        "Backup for the emergency phone (Acme)",
    }


def test_an_event_keeps_its_uid_and_its_sequence_goes_up_with_each_change(world: World) -> None:
    path = renew(world, "bora", "rota")
    before = {one["uid"]: one for one in by_ical_js(feed(world, path).body)}

    lay_a_cover(world, 30)
    after = {one["uid"]: one for one in by_ical_js(feed(world, path).body)}

    assert set(before) < set(after)
    changed = [
        uid
        for uid, one in before.items()
        if (one["start"], one["end"], one["summary"])
        != (after[uid]["start"], after[uid]["end"], after[uid]["summary"])
    ]
    assert changed
    assert all(
        int(str(after[uid]["sequence"])) > int(str(before[uid]["sequence"])) for uid in changed
    )
    untouched = [uid for uid in before if before[uid] == after[uid]]
    assert len(untouched) > 90


def test_what_was_taken_back_raises_the_sequence_too(world: World) -> None:
    path = renew(world, "bora", "rota")
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock(), until=None)
    taken = {one["uid"]: int(str(one["sequence"])) for one in by_ical_js(feed(world, path).body)}
    world.forward(minutes=5)
    with world.app.sessions.begin() as session:
        takeover.hand_back(session, world.app, PHONE, by="bora", now=world.clock())

    given = {one["uid"]: int(str(one["sequence"])) for one in by_ical_js(feed(world, path).body)}

    assert all(given[uid] >= number for uid, number in taken.items() if uid in given)
    assert max(given.values()) > max(taken.values())


def test_days_off_are_the_approved_ones(world: World) -> None:
    span = (world.clock() + WEEK, world.clock() + WEEK + timedelta(days=1))
    with world.app.sessions.begin() as session:
        rota.add_leave(session, "ana", span, actor="maria", now=world.clock(), kind="comp_day")
        rota.add_leave(session, "ana", span, actor="ana", now=world.clock())
        rota.add_leave(session, "bora", span, actor="maria", now=world.clock(), kind="comp_day")

    events = by_icalendar(feed(world, renew(world, "ana", "days")).body)

    assert list(events.values()) == [span]


def test_a_feed_says_as_of_when_it_is_and_that_google_is_slow(world: World) -> None:
    body = feed(world, renew(world, "ana", "mine")).body
    event = Calendar.from_ical(body).walk("VEVENT")[0]

    assert "As of Sat 14 Mar 14:00. Google shows changes after up to a day" in event["DESCRIPTION"]


def test_no_customer_is_in_any_feed(world: World) -> None:
    world.ticket(customer_name="Hotel Astoria", customer_phone="+12025550111")

    for which in calendar_feeds.KINDS:
        body = feed(world, renew(world, "ana", which)).body
        assert b"Astoria" not in body
        assert b"+1202" not in body


def test_what_lies_beyond_the_published_rota_is_tentative(world: World) -> None:
    body = feed(world, renew(world, "ana", "rota")).body

    assert {str(one["STATUS"]) for one in Calendar.from_ical(body).walk("VEVENT")} == {"TENTATIVE"}


def test_a_renewed_address_kills_the_old_one_and_a_withdrawn_one_is_dead(world: World) -> None:
    old = renew(world, "ana", "mine")
    new = renew(world, "ana", "mine")
    with pytest.raises(NotFound):
        feed(world, old)
    assert feed(world, new).body

    with world.app.sessions.begin() as session:
        calendar_feeds.withdraw(session, "ana", "mine", world.clock())
    with pytest.raises(NotFound):
        feed(world, new)


def test_the_calendars_of_somebody_kept_out_are_closed(world: World) -> None:
    path = renew(world, "ana", "rota")
    with world.app.sessions.begin() as session:
        accounts.disable(session, "ana", by="omar", now=world.clock())

    with pytest.raises(NotFound):
        feed(world, path)


def test_an_unchanged_calendar_is_not_sent_again(world: World) -> None:
    site, path = Site(world), renew(world, "ana", "mine")
    first = site.get(path)
    world.forward(minutes=30)

    again = site.get(path, headers={"If-None-Match": first.headers["ETag"]})
    lay_a_cover(world, 30)
    changed = site.get(
        renew(world, "ana", "rota"), headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (first.status_code, first.mimetype) == (200, "text/calendar")
    assert first.headers["Cache-Control"] == "private, max-age=300"
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_an_address_that_never_was_is_not_found(world: World) -> None:
    assert Site(world).get("/calendar/nothing.ics").status_code == 404
