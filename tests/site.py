"""A browser without a window: it keeps cookies, reads the CSRF token off a page and sends forms as a person would."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from oncall import accounts
from tests.world import World
from web import create_app


class Site:
    """The pages of one `World`, looked at by one person."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app = create_app(world.app)
        self.client = self.app.test_client()

    def another_browser(self) -> Site:
        site = object.__new__(Site)
        site.world, site.app, site.client = self.world, self.app, self.app.test_client()
        return site

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, buffered=True, **more)  # type: ignore[arg-type]

    def read(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, form_on: str | None = None, **fields: str) -> TestResponse:
        """Send the form for `path` that lies on page `form_on`."""
        token = csrf_token(self.get(form_on or path).text)
        return self.client.post(path, data={"csrf_token": token, **fields})

    def invite(self, person: str) -> str:
        with self.world.app.sessions.begin() as session:
            return accounts.invite(
                session, self.world.app, person, accounts.now_for(self.world.app)
            )

    def sign_in(self, person: str, password: str = "") -> Site:
        path = self.invite(person)
        fields = {"password": password} if password else {"skip": "yes"}
        answer = self.send(path, **fields)
        assert answer.status_code == 302, answer.text
        return self


def csrf_token(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "no form on this page"
    return found[1]


def link_in(text: str) -> str:
    """The path of the one-time link in a text."""
    found = re.search(r"/[asr]/[0-9A-Za-z]+", text)
    assert found, text
    return found[0]
