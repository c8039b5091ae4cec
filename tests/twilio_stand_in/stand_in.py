"""A Twilio for tests: the real client talks to it over loopback, its phones ring, and Twilio's own document judges.

with TwilioStandIn(public_url="http://127.0.0.1:8080") as twilio:
    ana = twilio.phone("+12025550101")
    ...                                       # the product, with `api_base: twilio.url`, opens a ticket
    ana.wait_for_text()
    ana.wait_for_ring()
    ana.answer().press("1")
    ana.reply("1")
    twilio.refuse("+12025550102", 21610)      # as if Bora had sent STOP
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import TracebackType
from typing import Any

from notifiers.settings import TwilioSettings
from oncall.clock import wall_clock
from tests.twilio_stand_in.api import LONGEST_STALL, Api, Trouble
from tests.twilio_stand_in.exchange import Exchange
from tests.twilio_stand_in.judge import ApiRequest, Judge
from tests.twilio_stand_in.phone import Phone
from tests.twilio_stand_in.postman import Brought, Letter, Poster, Postman, post_over_http
from tests.twilio_stand_in.server import ApiServer

ACCOUNT = "AC" + "5" * 32
TOKEN = "token-of-the-stand-in"


@cache
def _judge() -> Judge:
    """The document takes a second to load; every stand-in of a run shares it."""
    return Judge()


class TwilioStandIn:
    """One pretended Twilio account on a loopback port; close it, or use it in a `with`.

    `public_url` is where the product's hooks are. `post` replaces HTTP towards the product, for instance by
    a test client. `judged=False` leaves the document out, for benches.
    """

    def __init__(
        self,
        public_url: str = "http://127.0.0.1:8080",
        *,
        clock: Callable[[], datetime] = wall_clock,
        post: Poster = post_over_http,
        judged: bool = True,
    ) -> None:
        self.account = ACCOUNT
        self.token = TOKEN
        self.public_url = public_url
        self.postman = Postman(TOKEN, post)
        self.exchange = Exchange(ACCOUNT, self.postman, clock)
        self._api = Api(self.exchange, _judge() if judged else None, TOKEN)
        self._server = ApiServer(self._api)
        self.url = self._server.url
        """Our `api_base`."""

    def __enter__(self) -> TwilioStandIn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; a port that somebody still asks refuses."""
        self._server.close()
        self.postman.close()

    def settings(self, **more: Any) -> TwilioSettings:
        """Return settings that lead the real client here; `more` replaces any of them."""
        given = {
            "account": self.account,
            "token": self.token,
            "public_url": self.public_url,
            "sms_from": {"default": "+12025550100"},
            "api_base": self.url,
        }
        return TwilioSettings(**(given | more))

    def phone(self, number: str) -> Phone:
        """Return the phone with this number; every number has one."""
        return Phone(number, self.exchange, lambda: f"{self.public_url}/hooks/twilio/sms")

    @property
    def requests(self) -> list[ApiRequest]:
        """Every request so far, oldest first."""
        return list(self._api.requests)

    @property
    def faults(self) -> list[str]:
        """What Twilio's document found wrong with requests so far; empty in a good test."""
        return list(self._api.faults)

    def forget_faults(self) -> None:
        """Start anew after faults a test made on purpose."""
        self._api.faults.clear()

    @property
    def lines_opened(self) -> int:
        """How many connections the product opened so far."""
        return self._server.lines_opened

    @property
    def complaints(self) -> list[Brought]:
        """What we brought to the product and it did not take."""
        return [brought for brought in list(self.postman.brought) if brought.status // 100 != 2]

    def refuse(self, number: str, code: int, *, times: int | None = None) -> None:
        """Refuse whatever goes to `number`: with a Twilio code (HTTP 400), or a code under 600 as HTTP status."""
        if code < 600:
            self._api.plan(number, Trouble(code, 20429 if code == 429 else 0, times=times))
        else:
            self._api.plan(number, Trouble(400, code, times=times))

    def stall(self, number: str, *, is_taken: bool = False, times: int | None = None) -> None:
        """Give no answer until the caller's patience ends; with `is_taken` the message goes out all the same."""
        self._api.plan(number, Trouble(is_taken=is_taken, delay=LONGEST_STALL, times=times))

    def dawdle(self, number: str, seconds: float, *, times: int | None = None) -> None:
        """Take what goes to `number`, report on it, and only then answer."""
        trouble = Trouble(is_taken=True, is_answered=True, delay=seconds, times=times)
        self._api.plan(number, trouble)

    def cut(
        self, number: str, *, is_taken: bool = False, after: float = 0.0, times: int | None = None
    ) -> None:
        """Close the line in place of an answer; what is taken goes out before the cut if that comes `after` a while."""
        self._api.plan(number, Trouble(is_taken=is_taken, delay=after, times=times))

    def fail_after_taking(self, number: str, *, times: int | None = None) -> None:
        """Take the message and answer HTTP 500."""
        self._api.plan(number, Trouble(500, is_taken=True, times=times))

    def hide(self, seconds: float) -> None:
        """Let the lists of messages and calls lag behind by so much."""
        self._api.hide(seconds)

    def refuse_lists(self, status: int) -> None:
        """Answer every list with an HTTP status; 0 answers them again."""
        self._api.refuse_lists(status)

    def relieve(self, number: str) -> None:
        """End every trouble of `number`."""
        self._api.relieve(number)

    def hold(self) -> None:
        """Keep callbacks back until `release`."""
        self.postman.mode = "hold"

    def release(self, order: Callable[[list[Letter]], list[Letter]] = list) -> None:
        """Bring the callbacks kept back, in the `order` made of them: reversed, shuffled, doubled, thinned out."""
        self._server.settle()
        self.postman.release(order)

    def lose(self) -> None:
        """Let every callback from now on get lost."""
        self.postman.mode = "lose"

    def settle(self) -> None:
        """Wait until every callback was brought."""
        self._server.settle()
        self.postman.settle()
