"""The demo served to a real browser, and how a person signs in with it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from playwright.sync_api import Page

from oncall import accounts
from oncall.app import App
from tests.serving import serving
from tests.world import World

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 860}


class Server:
    """The demo of one world, on a loopback port."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app: App = replace(world.app, demo_clock=world.clock)
        self._serving = ExitStack()
        self.url = self._serving.enter_context(serving(self.app))

    def stop(self) -> None:
        self._serving.close()

    def invite(self, person: str) -> str:
        with self.app.sessions.begin() as session:
            return self.url + accounts.invite(session, self.app, person, accounts.now_for(self.app))


def sign_in(page: Page, server: Server, person: str) -> None:
    """Follow a one-time link as a person would."""
    page.goto(server.invite(person))
    page.locator("button[name=skip]").click()
    page.wait_for_url(f"{server.url}/")
