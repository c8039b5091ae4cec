"""Comp days as people meet them: earn, see what comes, ask, get a yes, cancel, read the statement, take the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessible import LOOKS, STANDARDS
from tests.ledger_world import Books, local
from tests.served import DESK, PHONE, Server, sign_in
from tests.world import a_world

PAGES = (
    "/days", "/days/statement?period=2026-01", "/days/statement?period=2026", "/days/team", "/days/fairness",
    "/days/admin",
)  # fmt: skip


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    """Ana's first week has just begun, and Bora has taken a night of it."""
    with a_world(database_url, at=local("2026-01-05 12:00")) as world:
        books = Books(world)
        books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
        books.world.forward(minutes=1)
        yield books


@pytest.fixture
def served(books: Books) -> Iterator[Server]:
    running = Server(books.world)
    yield running
    running.stop()


def page_of(chromium: Browser, served: Server, person: str, **look: object) -> Page:
    look = {"viewport": PHONE, "locale": "en-GB", **look}
    page = chromium.new_context(base_url=served.url, **look).new_page()  # type: ignore[arg-type]
    sign_in(page, served, person)
    return page


@pytest.mark.parametrize("has_scripts", [True, False])
def test_from_a_week_held_to_a_day_off_and_back(
    chromium: Browser, served: Server, books: Books, tmp_path: Path, has_scripts: bool
) -> None:
    ana = page_of(chromium, served, "ana", java_script_enabled=has_scripts)
    ana.get_by_role("link", name="Days", exact=True).click()
    expect(ana.get_by_role("main")).to_contain_text("0.911 for 153 h of 168 h")
    expect(ana.locator(".balance")).to_have_text("0 days")

    books.go_to("2026-01-12 10:00")
    ana.reload()
    expect(ana.locator(".balance")).to_have_text("1.411 days")
    expect(ana.get_by_role("main")).to_contain_text("Held the phone for 153 h of the 168 h")

    ana.get_by_label("First day").fill("2026-01-26")
    ana.get_by_role("button", name="Ask for these days").click()
    expect(ana.get_by_role("alert")).to_contain_text("Find cover first")
    ana.get_by_label("First day").fill("2026-01-21")
    ana.get_by_label("How long").select_option(label="1 day")
    ana.get_by_role("button", name="Ask for these days").click()
    expect(ana.get_by_role("status")).to_contain_text("Asked.")
    expect(ana.locator(".balance")).to_have_text("0.411 days")

    omar = page_of(chromium, served, "omar", java_script_enabled=has_scripts)
    omar.goto("/days/team")
    expect(omar.get_by_role("main")).to_contain_text("Ana Popescu: Wed 21 Jan")
    omar.get_by_role("button", name="Yes Ana Popescu").click()
    expect(omar.get_by_role("status")).to_contain_text("Saved: approved.")

    ana.reload()
    expect(ana.get_by_role("main")).to_contain_text("approved")
    ana.get_by_role("button", name="Cancel").click()
    expect(ana.locator(".balance")).to_have_text("1.411 days")

    ana.get_by_role("link", name="Statement").click()
    expect(ana.get_by_role("main")).to_contain_text("It adds up")
    ana.goto("/days")
    with ana.expect_download() as download:
        ana.get_by_role("link", name="As a file (CSV)").click()
    download.value.save_as(tmp_path / "days.csv")
    assert "ana,Ana Popescu,2026-01-12,earned,0.911" in (tmp_path / "days.csv").read_text("utf-8")
    omar.context.close()
    ana.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_about_days_has_an_accessibility_fault_or_scrolls_sideways(
    chromium: Browser, served: Server, books: Books, look: str
) -> None:
    books.go_to("2026-01-12 10:00")
    books.ask("ana", "2026-01-21")
    books.go_to("2026-07-13 10:00")
    books.ask("bora", "2026-07-28", 500, "morning")
    page = page_of(chromium, served, "omar", **LOOKS[look])
    found = []
    for path in PAGES:
        page.goto(path)
        faults = Axe().run(page, options=STANDARDS).response["violations"]
        found += [f"{path}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in faults]
        for width in (320, DESK["width"]):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            ):
                found.append(f"{path}: scrolls sideways at {width}")
    page.context.close()

    assert found == []
