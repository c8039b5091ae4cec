"""Leave on the page: entered, shown over one's turns, repaired with one tap, taken back."""

from __future__ import annotations

import re

import pytest

from oncall import planning, publishing, rota
from tests.site import Site, csrf_token
from tests.world import World


def publish(world: World) -> None:
    with world.app.sessions.begin() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
        proposal = planning.propose(roster, "emergency-phone", world.clock())
        publishing.publish(session, world.app, proposal, actor="omar", now=world.clock())


def holders(world: World) -> list[str]:
    with world.app.sessions() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
    turns = roster.turns("emergency-phone", world.clock(), world.clock().replace(month=3))
    return [turn.holder or "" for turn in turns]


def test_leave_over_a_turn_leads_to_finding_cover_for_it(site: Site) -> None:
    bora = site.sign_in("bora")

    answer = bora.send("/leave", first="2026-01-14", last="2026-01-16")

    assert answer.headers["Location"] == "/leave/1"
    page = bora.read("/leave/1")
    assert "/rota/cover/emergency-phone/2026-01-12T07:00:00+00:00" in page.replace("%2B", "+")


def test_a_lead_confirms_the_ready_repair_with_one_tap(site: Site, world: World) -> None:
    publish(world)
    bora = site.sign_in("bora")
    bora.send("/leave", first="2026-01-12", last="2026-01-21")
    omar = site.another_browser().sign_in("omar")
    page = omar.read("/leave/1")
    seal = re.search(r'name="seal" value="([^"]+)"', page)
    assert seal

    answer = omar.client.post(
        "/leave/1/repair/emergency-phone",
        data={"csrf_token": csrf_token(page), "seal": seal[1]},
    )

    assert answer.status_code == 303
    assert "bora" not in holders(world)[1:3]
    assert "Repaired. Everybody whose week moved was told." in omar.read("/leave/1")
    assert "A repair is ready" not in omar.read("/leave/1")
    assert bora.get("/leave/1").status_code == 200


def test_a_repair_that_nobody_looked_at_is_shown_again(site: Site, world: World) -> None:
    publish(world)
    site.sign_in("bora").send("/leave", first="2026-01-12", last="2026-01-21")
    omar = site.another_browser().sign_in("omar")

    omar.send("/leave/1/repair/emergency-phone", "/leave/1", seal="1:old")

    assert "Something changed since you looked" in omar.read("/leave/1")
    assert holders(world)[1] == "bora"


def test_staff_sees_no_repair_and_no_leave_of_others(site: Site, world: World) -> None:
    publish(world)
    bora = site.sign_in("bora")
    bora.send("/leave", first="2026-01-12", last="2026-01-21", note="hospital")
    ana = site.another_browser().sign_in("ana")

    assert "A repair is ready" not in bora.read("/leave/1")
    assert ana.get("/leave/1").status_code == 404
    assert "hospital" not in ana.read("/leave")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": "2026-02-03", "last": "2026-02-01"}, "It ends before it begins"),
        ({"first": "2025-02-01", "last": "2025-02-03"}, "That time is over already"),
        ({"first": "2026-02-01", "last": "2029-02-03"}, "two years at most"),
        ({"first": "2026-02-01", "person": "bora"}, "Only a lead may do that"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ana: Site, fields: dict[str, str], words: str) -> None:
    ana.send("/leave", **fields)

    assert words in ana.read("/leave")


@pytest.mark.parametrize(
    "fields",
    [{}, {"first": "tomorrow"}, {"first": "2026-02-30"}, {"first": "2026-02-01", "begins": "noon"},
     {"first": "2026-02-01", "person": "nobody"}, {"first": "9999-12-31"}],
)  # fmt: skip
def test_a_form_that_no_browser_sends_is_refused(ana: Site, fields: dict[str, str]) -> None:
    assert ana.send("/leave", **fields).status_code == 400


def test_overlapping_leave_is_refused_with_the_hours_in_the_way(ana: Site) -> None:
    ana.send("/leave", first="2026-02-01", last="2026-02-03")
    ana.send("/leave", first="2026-02-03", last="2026-02-05")

    page = ana.read("/leave")
    assert "There is other leave then" in page
    assert "Take that back first." in page


def test_leave_is_taken_back_with_one_button(ana: Site) -> None:
    ana.send("/leave", first="2026-02-01", last="2026-02-03")

    ana.send("/leave/1/cancel", "/leave/1")

    assert "No leave is entered." in ana.read("/leave")
    assert "taken back" in ana.read("/leave/1")


def test_a_followed_calendar_is_shown_shortened(ana: Site) -> None:
    ana.send(
        "/leave/calendar", "/leave", url="https://calendar.example.com/ana/private-12345/basic.ics"
    )

    page = ana.read("/leave")
    assert "calendar.example.com/....ics" in page
    assert "private-12345" not in page
    ana.send("/leave/calendar", "/leave", deed="forget")
    assert "calendar.example.com" not in ana.read("/leave")


def test_an_address_that_is_no_calendar_is_refused_in_words(ana: Site) -> None:
    ana.send("/leave/calendar", "/leave", url="http://example.com/a.ics")

    assert "https address" in ana.read("/leave")
