"""The engine's thread wakes people whatever a provider does meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from notifiers.base import Channel, Message, Receipt
from oncall import tickets
from oncall.app import App
from oncall.engine import Engine
from oncall.tickets import NewTicket, Verb, Via
from tests.world import World


class StubbornCalls:
    """A provider that rings but takes its time to stop."""

    channel = Channel.CALL
    can_look_up = False

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.goes_on = threading.Event()

    def send(self, message: Message) -> Receipt:
        return Receipt(message.token)

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        return ()

    def cancel(self, provider_id: str) -> None:
        self.asked.set()
        self.goes_on.wait(10)


def test_a_call_that_is_slow_to_hang_up_keeps_no_new_page_waiting(world: World) -> None:
    calls = StubbornCalls()
    app = replace(world.app, notifiers={**world.app.notifiers, Channel.CALL: calls})
    taken = world.ticket()
    world.clock.forward(timedelta(minutes=1))
    engine = Engine(app, tick=timedelta(seconds=0.1))
    engine.start()
    try:
        assert _comes(
            lambda: any(page.channel == "call" and page.accepted_at for page in world.pages(taken))
        )
        with app.sessions.begin() as session:
            tickets.act(session, app, taken, Verb.TAKE, by="maria", via=Via.WEB)
        assert calls.asked.wait(5)

        _open(app, "Fire")

        assert _comes(lambda: any("Fire" in text for text in world.texts("ana")))
    finally:
        calls.goes_on.set()
        engine.stop()


def _open(app: App, subject: str) -> None:
    with app.sessions.begin() as session:
        tickets.open_ticket(session, app, NewTicket("helpdesk", subject))


def _comes(happened: Callable[[], bool], *, within: float = 5) -> bool:
    until = time.monotonic() + within
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    return happened()
