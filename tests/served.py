"""The demo served to a real browser, and how a person signs in with it."""

from __future__ import annotations

import threading
from dataclasses import replace

import waitress
from playwright.sync_api import Page

from oncall import accounts
from oncall.app import App
from tests.world import World
from web import create_app

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 860}


class Server:
    """The demo of one world, on a loopback port."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app: App = replace(world.app, demo_clock=world.clock)
        self._server = waitress.create_server(
            create_app(self.app), host="127.0.0.1", port=0, threads=4
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.effective_port}"

    def stop(self) -> None:
        self._server.close()
        self._thread.join(timeout=5)

    def invite(self, person: str) -> str:
        with self.app.sessions.begin() as session:
            return self.url + accounts.invite(session, self.app, person, accounts.now_for(self.app))


def sign_in(page: Page, server: Server, person: str) -> None:
    """Follow a one-time link as a person would."""
    page.goto(server.invite(person))
    page.locator("button[name=skip]").click()
    page.wait_for_url(f"{server.url}/")
