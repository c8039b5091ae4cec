"""The whole product with Twilio set up: real engine, store, pages and client, and a Twilio that rings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

import notifiers
from notifiers.settings import Services
from notifiers.simulator import Simulator
from oncall import migrate, start, store
from oncall.clock import MovingClock
from oncall.policy.load import parse
from tests.serving import serving
from tests.twilio_stand_in.phone import Phone
from tests.twilio_stand_in.postman import post_over_http
from tests.twilio_stand_in.stand_in import TwilioStandIn
from tests.world import EXAMPLE, SATURDAY_NIGHT, World
from web import create_app

PUBLIC = "https://oc.example"


class Night:
    """Saturday 03:00 with Twilio set up: real engine, store, pages and client; only the network is ours."""

    def __init__(self, database: Engine) -> None:
        self.inside = ""
        """Where the pages really answer; everybody outside knows `PUBLIC`."""
        self.clock = MovingClock(SATURDAY_NIGHT)
        self.twilio = TwilioStandIn(PUBLIC, clock=self.clock, post=self._bring)
        settings = self.twilio.settings(more_signing_secrets=("the next token",))
        app = start.compose(
            parse(EXAMPLE.read_text(encoding="utf-8")),
            database,
            notifiers.build(Services(self.clock, twilio=settings)),
            clock=self.clock,
            secret=b"a secret of the tests",
            author="tests",
            twilio=settings,
        )
        self.world = World(app, self.clock, Simulator(self.clock))

    @property
    def client(self) -> FlaskClient:
        """Somebody else who knows our addresses."""
        return create_app(self.world.app).test_client()

    def phone(self, person: str) -> Phone:
        return self.twilio.phone(self.world.number(person))

    def ticket(self, **more: str) -> int:
        number = self.world.ticket(**more)
        self.twilio.settle()
        return number

    def forward(self, *, minutes: float) -> None:
        # What the phones did so far is known before the clock moves on.
        self.twilio.settle()
        self.world.forward(minutes=minutes)
        self.twilio.settle()

    def post(self, path: str, secret: str, form: Mapping[str, str], **more: str) -> TestResponse:
        """Post as somebody who holds `secret` and signs `path`, or the `signed` one."""
        signed = PUBLIC + more.get("signed", path)
        signature = RequestValidator(secret).compute_signature(signed, dict(form))
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    def count(self, table: type) -> int:
        with store.reading(self.world.app.sessions) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def _bring(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Carry a request through the proxy that stands in front of the pages."""
        return post_over_http(url.replace(PUBLIC, self.inside), form, headers)


@contextmanager
def a_night(database_url: str) -> Iterator[Night]:
    """Yield Saturday 03:00, when nothing has happened yet; at the end Twilio's document has found no fault."""
    database = store.open_engine(database_url)
    migrate.upgrade(database)
    night = Night(database)
    try:
        with serving(night.world.app) as night.inside, night.twilio:
            yield night
        assert night.twilio.faults == []
    finally:
        database.dispose()
