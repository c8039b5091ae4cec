"""Every page, light and dark and right to left: no fault an accessibility checker can find, no sideways scroll."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from oncall import handoff, phone_tests, rota
from oncall.handoff import Words
from oncall.leave import entering
from oncall.leave.entering import Wish
from oncall.swaps import asking
from oncall.swaps.asking import Question
from tests.served import DESK, PHONE, Server, sign_in
from tests.site import link_in
from tests.world import World

STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
HANDOFF = datetime(2026, 1, 12, 7, tzinfo=UTC)
LOOKS = {
    "light": {"viewport": PHONE, "color_scheme": "light"},
    "dark": {"viewport": PHONE, "color_scheme": "dark"},
    "right to left": {"viewport": PHONE, "color_scheme": "light", "locale": "fa-IR"},
    "right to left, dark, wide": {"viewport": DESK, "color_scheme": "dark", "locale": "fa-IR"},
}


def story(world: World) -> None:
    """A night with something of everything: waiting, ringing, taken, solved, told."""
    world.ticket("Invoice question", customer_name="Café Luna")
    world.ticket("Fire alarm one", customer_name="Hotel Astoria", customer_phone="+12025550111")
    world.forward(minutes=1)
    world.press("ana", "1")
    world.reply("ana", "what?")
    world.ticket(
        "Door system down, guests locked out", customer_name="Hotel Astoria", body="Room 12"
    )
    world.forward(minutes=8, seconds=5)
    with world.app.sessions.begin() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
        shift = roster.next_shift_of("bora", world.clock())
        assert shift is not None
        question = Question("emergency-phone", "bora", ((shift.start, shift.end),))
        asking.ask(session, world.app, question, by="bora", now=world.clock())
        away = Wish("bora", date(2026, 1, 14), date(2026, 1, 16), note="holiday")
        entering.enter(session, world.app, away, by="bora", now=world.clock())
        words = Words(feel=2, line="Two bad nights", tickets="#3 waits for parts")
        handoff.write(
            session, world.app, "emergency-phone", HANDOFF, words, by="ana", now=world.clock()
        )
        phone_tests.ask_for(session, world.app, "ana", world.clock())
    world.engine.run_until_quiet()


def pages(world: World) -> tuple[str, ...]:
    return (
        "/",
        "/tickets",
        "/tickets/1",
        "/tickets/2",
        "/tickets/3",
        "/rota",
        "/rota?view=year",
        "/rota?view=month",
        "/rota/print",
        "/rota/week/emergency-phone/2026-01-10T01:00:00Z",
        "/rota/cover/emergency-phone/2026-01-12T07:00:00Z",
        "/rota/trade/emergency-phone/2026-01-12T07:00:00Z",
        "/rota/take-over/emergency-phone",
        "/rota/publish/emergency-phone",
        "/rota/requests/1",
        "/log",
        "/people",
        "/me",
        "/leave",
        "/leave/1",
        "/readiness",
        "/handoff",
        "/handoff/emergency-phone/2026-01-12T07:00:00Z",
        link_in(world.texts("ana")[-1]),
        "/simulator",
        "/nope",
        link_in(world.texts("maria")[-1]),
    )


def faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    found = Axe().run(page, options=STANDARDS).response["violations"]
    wide = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return [f"{path}: {fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found] + (
        [f"{path}: scrolls sideways"] if wide else []
    )


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_an_accessibility_fault(
    chromium: Browser, server: Server, world: World, look: str
) -> None:
    story(world)
    context = chromium.new_context(base_url=server.url, **LOOKS[look])
    page = context.new_page()
    found = faults(page, "/sign-in") + faults(page, server.invite("omar"))
    sign_in(page, server, "omar")

    for path in pages(world):
        found += faults(page, path)
    context.close()

    assert found == []


@pytest.mark.parametrize("width", [320, 360])
def test_no_page_scrolls_sideways_on_a_small_phone(
    chromium: Browser, server: Server, world: World, width: int
) -> None:
    story(world)
    context = chromium.new_context(base_url=server.url, viewport={"width": width, "height": 700})
    page = context.new_page()
    sign_in(page, server, "omar")
    wide = []
    for path in pages(world):
        page.goto(path)
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            wide.append(path)
    context.close()

    assert wide == []


def test_everything_to_press_is_at_least_44_pixels_high(
    page: Page, server: Server, world: World
) -> None:
    story(world)
    sign_in(page, server, "omar")
    small = []
    for path in pages(world):
        page.goto(path)
        small += page.evaluate(
            """path => [...document.querySelectorAll('button, .button, nav a, .row a')]
                .filter(thing => thing.offsetParent && thing.getBoundingClientRect().height < 44)
                .map(thing => `${path}: ${thing.outerHTML.slice(0, 120)}`)""",
            path,
        )

    assert small == []
