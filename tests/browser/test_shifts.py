"""Shifts change hands in a real browser; afterwards routing, rota page, ledger and texts tell the same story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from oncall import chores, rota
from oncall.ledger import earning, posting
from oncall.ledger.coming import coming_to
from tests.served import DESK, Server, sign_in
from tests.site import link_in
from tests.world import World

PHONE = "emergency-phone"
HOUR = timedelta(hours=1)
LOOKS = {
    "phone, light": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "desk, dark": {"viewport": DESK, "color_scheme": "dark"},
}

Opener = Callable[[str], Page]


@pytest.fixture(params=LOOKS)
def opened(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Opener:
    """A browser of their own for each person, signed in."""

    def open_for(person: str) -> Page:
        context = chromium.new_context(base_url=server.url, locale="en-GB", **LOOKS[request.param])
        request.addfinalizer(context.close)
        page = context.new_page()
        sign_in(page, server, person)
        return page

    server.world.forward(minutes=9 * 60)
    return open_for


def holder(world: World, at: datetime) -> str:
    with world.app.sessions() as session:
        shift = rota.roster_at(session, world.app.shelf.current).holder_at(PHONE, at)
    assert shift is not None
    return shift.person


def turn_of(world: World, person: str) -> tuple[datetime, datetime]:
    with world.app.sessions() as session:
        shift = rota.roster_at(session, world.app.shelf.current).next_shift_of(
            person, world.clock()
        )
    assert shift is not None
    return (shift.start, shift.end)


def earned(world: World, start: datetime) -> dict[str, int]:
    """What the turn that runs at `start` would bring each person, in milli-days."""
    with world.app.sessions() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
        shifts = roster.final_schedule(start, start + HOUR, PHONE)
        turn = earning.turns_of(shifts)[0]
        counted = posting.count(session, world.app, turn, world.app.shelf.current_id())
    found: dict[str, int] = {}
    for credit in counted.credits:
        if credit.counts:
            found[credit.person] = found.get(credit.person, 0) + credit.amount
    return found


def settle(world: World) -> None:
    world.engine.run_until_quiet()


def ask_for_the_whole_week(page: Page, world: World) -> None:
    """Two taps: Find cover, Ask."""
    page.goto("/")
    page.get_by_role("link", name="Find cover", exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("You hold the phone until someone says yes").first.wait_for()
    settle(world)


def answer_by_link(
    chromium: Browser, server: Server, world: World, person: str, answer: str
) -> Page:
    page = chromium.new_context(base_url=server.url, java_script_enabled=False).new_page()
    page.goto(link_in(world.texts(person)[-1]))
    page.locator(f"button[value={answer}]").click()
    settle(world)
    return page


@pytest.mark.slow
def test_a_whole_week_in_two_taps_and_one_tap_after_the_link(
    chromium: Browser, server: Server, world: World, opened: Opener
) -> None:
    ana = opened("ana")
    start, end = turn_of(world, "ana")

    ask_for_the_whole_week(ana, world)
    helper = answer_by_link(chromium, server, world, "maria", "yes")

    assert helper.locator(".flash.good").is_visible()
    assert {holder(world, start), holder(world, end - HOUR)} == {"maria"}
    ana.goto("/rota")
    assert "Maria Ionescu" in ana.locator("li.week").nth(3).inner_text()
    assert earned(world, start)["maria"] >= 1000
    assert "ana" not in earned(world, start)
    assert any("You are off then" in text for text in world.texts("ana"))
    assert any("Solved" in text or "Maria" in text for text in world.texts("bora"))


@pytest.mark.slow
def test_one_evening_in_four_taps(
    chromium: Browser, server: Server, world: World, opened: Opener
) -> None:
    ana = opened("ana")
    start, _end = turn_of(world, "ana")

    ana.get_by_role("link", name="Find cover", exact=True).click()
    ana.get_by_text("One evening or night").click()
    ana.locator(".nights label").nth(2).click()
    ana.get_by_role("button", name="Ask", exact=True).click()
    settle(world)
    answer_by_link(chromium, server, world, "maria", "yes")

    shares = earned(world, start)
    assert shares["ana"] + shares["maria"] >= 1000
    assert 80 <= shares["maria"] <= 100
    held = [start + number * HOUR for number in range(168)]
    assert sum(holder(world, at) == "maria" for at in held) == 15


@pytest.mark.slow
def test_two_weeks_are_traded_and_undone(server: Server, world: World, opened: Opener) -> None:
    ana = opened("ana")
    mine = turn_of(world, "ana")

    ana.get_by_role("link", name="Trade weeks").last.click()
    wanted = ana.locator("input[name=want]").first.get_attribute("value")
    ana.get_by_role("button", name="Offer the trade").click()
    settle(world)
    assert wanted is not None
    other = datetime.fromisoformat(wanted)
    owner = holder(world, other)
    helper = opened(owner)
    helper.goto(ana.url)
    helper.locator("button[value='yes:1']").click()
    settle(world)
    assert (holder(world, mine[0]), holder(world, other)) == (owner, "ana")

    ana.reload()
    ana.get_by_role("button", name="Undo").click()
    settle(world)

    assert (holder(world, mine[0]), holder(world, other)) == ("ana", owner)
    assert earned(world, mine[0]).get("ana", 0) >= 1000


@pytest.mark.slow
def test_the_phone_is_taken_over_and_the_next_ticket_rings_there(
    server: Server, world: World, opened: Opener
) -> None:
    bora = opened("bora")

    bora.locator("a[href^='/rota/take-over']").click()
    bora.locator("button.huge").click()
    bora.wait_for_url(f"{server.url}/")
    settle(world)

    ticket = world.ticket()
    assert world.minutes_of_pages(ticket)[0] == (0, "bora", "sms")
    ana = opened("ana")
    ana.get_by_role("button", name="Keep my phone").click()
    ana.get_by_text("holds the phone again").wait_for()
    assert holder(world, world.clock()) == "ana"


@pytest.mark.slow
def test_a_lead_asks_for_somebody_ill_and_nobody_answers(
    server: Server, world: World, opened: Opener
) -> None:
    maria = opened("maria")
    start, _end = turn_of(world, "bora")
    maria.goto(f"/rota/cover/{PHONE}/{start.isoformat().replace('+', '%2B')}")
    maria.locator("#reason").fill("Bora e bolnav")
    maria.locator("button.huge").click()
    settle(world)
    assert maria.get_by_text("Bora e bolnav").is_visible()

    world.forward(minutes=72 * 60)
    chores.run(world.app)
    settle(world)

    maria.reload()
    assert maria.locator("button[value=yes]").count() == 0
    assert holder(world, start) == "bora"
    assert "elefon" in world.texts("bora")[-1]


def test_what_is_coming_follows_the_phone(world: World) -> None:
    with world.app.sessions() as session:
        coming = coming_to(session, world.app, "ana", world.clock())

    assert coming
    assert coming[0].amount >= 1000
