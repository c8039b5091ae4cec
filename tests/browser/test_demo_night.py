"""The demo as a newcomer plays it: the real command, its clock, its phones, from the curl to the key press."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.processes import free_port

ROOT = Path(__file__).parent.parent.parent
LADDER = ("holder", "backup", "team", "admin")


@dataclass
class Demo:
    """A running `oncall demo`: its address, its folder and the sign-in links it printed."""

    url: str
    folder: Path
    links: dict[str, str]

    def post(self, subject: str) -> int:
        """Send what the README's curl sends."""
        token = (self.folder / "token").read_text(encoding="ascii")
        request = urllib.request.Request(  # noqa: S310 (our own port)
            f"{self.url}/api/v1/tickets",
            data=json.dumps({"subject": subject}).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            number: int = json.load(answer)["id"]
            return number


@contextmanager
def playing(folder: Path) -> Iterator[Demo]:
    """Run the command until it listens; end it as Ctrl+C's harsher brother would."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-u",
            "-m",
            "oncall",
            "demo",
            "--directory",
            str(folder),
            "--port",
            str(port),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    links = {}
    for line in process.stdout:
        if found := re.search(r"^ +(\w+) .*(http\S+/welcome/\S+)", line):
            links[found[1].lower()] = found[2]
        if "Ctrl+C" in line:
            break
    try:
        yield Demo(f"http://127.0.0.1:{port}", folder, links)
    finally:
        process.kill()
        process.stdout.close()
        process.wait(timeout=20)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with playing(tmp_path / "demo") as running:
        yield running


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    context = chromium.new_context(base_url=demo.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def phone_with(page: Page, chip: str) -> Locator:
    return page.get_by_role("article").filter(has=page.locator(".chip", has_text=chip))


def phone_of(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=f"Phone of {name}")


def test_one_curl_wakes_the_holder_and_unanswered_it_climbs_until_a_key_stops_it(
    page: Page, demo: Demo
) -> None:
    page.goto("/simulator")
    page.get_by_role("button", name="Saturday 03:00").click()
    expect(page.locator("#clock")).to_contain_text("03:00")
    ticket = demo.post("Door system down, guests locked out")

    holder, backup = phone_with(page, "holds"), phone_with(page, "backup")
    expect(holder).to_contain_text(f"#{ticket} Door system down")
    page.get_by_role("button", name="+1 min").click()
    expect(holder.get_by_role("button", name="Answer")).to_be_visible()

    page.get_by_role("button", name="+5 min").click()
    page.get_by_role("button", name="+1 min").click()
    expect(backup).to_contain_text(f"#{ticket}")

    page.get_by_role("button", name="+5 min").click()
    everybody = page.get_by_role("article").filter(has_text=f"#{ticket}")
    expect(everybody).to_have_count(3)

    page.get_by_role("button", name="+1 min").click()
    for _ in range(2):
        page.get_by_role("button", name="+1 min").click()
    omar = phone_of(page, "Omar Aziz")
    expect(omar).to_contain_text(f"#{ticket}")
    page.get_by_role("button", name="+1 min").click()
    omar.get_by_role("button", name="Answer").click()
    expect(omar).to_contain_text("Press 1 to take it.")
    omar.get_by_role("button", name="1 take").click()

    expect(omar).to_contain_text(f"You have #{ticket}")
    expect(holder).to_contain_text(re.compile(f"#{ticket}.*Omar"))
    expect(page.get_by_role("button", name="Answer")).to_have_count(0)

    page.goto(demo.links["omar"])
    page.locator("button[name=skip]").click()
    page.goto(f"/tickets/{ticket}")
    story = page.get_by_role("main")
    for words in ("SMS", "call", "Omar Aziz", "03:00", "03:07", "03:12", "03:15"):
        expect(story).to_contain_text(words)


def test_the_demo_goes_on_where_it_stood_after_its_plug_was_pulled(
    chromium: Browser, tmp_path: Path
) -> None:
    with playing(tmp_path / "demo") as before:
        page = chromium.new_page(base_url=before.url)
        page.goto("/simulator")
        page.get_by_role("button", name="Saturday 03:00").click()
        expect(page.locator("#clock")).to_contain_text("03:00")
        ticket = before.post("Door system down, guests locked out")
        page.close()

    with playing(tmp_path / "demo") as after:
        page = chromium.new_page(base_url=after.url)
        page.goto("/simulator")

        expect(page.locator("#clock")).to_contain_text("03:0")
        expect(page.locator("#play")).to_contain_text(f"#{ticket}")
        page.get_by_role("button", name="+1 min").click()
        expect(page.get_by_role("button", name="Answer")).to_have_count(1)
        page.close()
