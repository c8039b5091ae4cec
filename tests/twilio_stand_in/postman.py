"""Brings signed requests to the product as Twilio does: in order, or held back, mixed, doubled and lost."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import requests
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

Mode = Literal["deliver", "hold", "lose"]
Poster = Callable[[str, Mapping[str, str], Mapping[str, str]], tuple[int, str]]
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One request to the product."""

    url: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brought:
    """A letter and what the product answered; status 0 when it could not be reached."""

    letter: Letter
    status: int
    body: str


def post_over_http(
    url: str, form: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, str]:
    """Post a form with Twilio's time limit; return status and body."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=dict(form), headers=dict(headers), timeout=15)
    return answer.status_code, answer.text


class Postman:
    """Signs letters and brings them one after the other, on a thread of his own."""

    def __init__(self, secret: str, post: Poster = post_over_http) -> None:
        self.mode: Mode = "deliver"
        self.held: list[Letter] = []
        self.brought: deque[Brought] = deque(maxlen=KEPT)
        self._signer = RequestValidator(secret)
        self._post = post
        self._bag: deque[Letter] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._under_way = 0
        self._closed = False
        self._thread = threading.Thread(target=self._walk, name="twilio-postman", daemon=True)
        self._thread.start()

    def take(self, letter: Letter) -> None:
        """Bring `letter` soon, unless letters are being held back or lost."""
        with self._changed:
            if self.mode == "hold":
                self.held.append(letter)
            elif self.mode == "deliver":
                self._bag.append(letter)
                self._changed.notify_all()

    def release(self, order: Callable[[list[Letter]], list[Letter]] = list) -> None:
        """Bring what was held back, in the `order` made of it: reversed, shuffled, doubled, thinned out."""
        with self._changed:
            self.mode = "deliver"
            self._bag.extend(order(self.held))
            self.held = []
            self._changed.notify_all()
        self.settle()

    def settle(self, seconds: float = 10) -> None:
        """Wait until everything was brought."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._bag and not self._under_way, seconds):
                raise TimeoutError(f"{len(self._bag)} letters still wait after {seconds} s")

    def bring(self, letter: Letter) -> Brought:
        """Bring `letter` now and return the answer."""
        signature = self._signer.compute_signature(letter.url, letter.form)
        headers = {SIGNATURE_HEADER: signature, "User-Agent": "TwilioProxy/1.1"}
        try:
            status, body = self._post(letter.url, letter.form, headers)
        except requests.RequestException as error:
            status, body = 0, str(error)
        done = Brought(letter, status, body)
        self.brought.append(done)
        return done

    def close(self) -> None:
        """Stop; letters still in the bag stay there."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout=20)

    def _walk(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._bag or self._closed)
                if self._closed:
                    return
                letter = self._bag.popleft()
                self._under_way = 1
            self.bring(letter)
            with self._changed:
                self._under_way = 0
                self._changed.notify_all()
