"""Phones that live in the browser: the last hop of the demo. Everything above them is the real product.

It keeps what lies on each phone in memory and reports what became of it as Twilio would; it stores nothing
and decides nothing about tickets.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from notifiers import sms_text, statuses
from notifiers.base import Channel, Delivery, Message, Notifier, Receipt

KEPT = 50
"""Texts, calls and mails each that one phone shows; older ones are forgotten."""
REPORTS_KEPT = 10_000
"""Delivery reports that wait for `drain` at most; without a running engine nobody fetches them."""
TALK = timedelta(minutes=2)
"""How long an answered call waits for a key before it ends by itself."""
SENDER = "ONCALL"

CallState = Literal["ringing", "answered", "ended"]


@dataclass(frozen=True, slots=True)
class SimulatedText:
    """An SMS on a phone's screen, folded and counted as a network would."""

    id: str
    token: str
    at: datetime
    sender: str
    text: str
    parts: int


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """A call on a phone's screen. `heard` is what was said so far, one entry each time we spoke."""

    id: str
    token: str
    at: datetime
    state: CallState
    heard: tuple[str, ...]
    asks_for_key: bool
    ended: str = ""
    """Why it is over: no-answer, declined, hung up, cancelled or finished (we had said everything)."""
    pressed: tuple[str, ...] = ()
    """The keys pressed so far."""


@dataclass(frozen=True, slots=True)
class SimulatedMail:
    """A mail in a person's box."""

    id: str
    token: str
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What lies on one phone, newest first."""

    texts: tuple[SimulatedText, ...] = ()
    calls: tuple[SimulatedCall, ...] = ()
    mails: tuple[SimulatedMail, ...] = ()


@dataclass(slots=True)
class _Line:
    """One call as the exchange sees it: what the phone shows, what we would say, and when it gives up."""

    call: SimulatedCall
    words: str
    until: datetime


@dataclass(slots=True)
class _Phone:
    texts: deque[SimulatedText]
    lines: deque[_Line]
    mails: deque[SimulatedMail]


def _new_phone() -> _Phone:
    return _Phone(deque(maxlen=KEPT), deque(maxlen=KEPT), deque(maxlen=KEPT))


class Simulator:
    """The simulated phones and what lies on their screens. Safe to use from any thread.

    A `call_id` that no phone shows (any more) raises `KeyError`; an act that comes too late for its call
    changes nothing.
    """

    def __init__(
        self, clock: Callable[[], datetime], ring_for: timedelta = timedelta(seconds=25)
    ) -> None:
        self._clock = clock
        self._ring_for = ring_for
        self._lock = threading.RLock()
        self._phones: defaultdict[str, _Phone] = defaultdict(_new_phone)
        self._reports: deque[tuple[str, Delivery]] = deque(maxlen=REPORTS_KEPT)
        self._numbers = count(1)

    def notifiers(self) -> dict[Channel, Notifier]:
        """Return the three channels that end on these phones."""
        return {
            Channel.SMS: _LastHop(self, Channel.SMS, self._take_text, self._cancel_nothing),
            Channel.CALL: _LastHop(self, Channel.CALL, self._take_call, self._cancel_call),
            Channel.EMAIL: _LastHop(self, Channel.EMAIL, self._take_mail, self._cancel_nothing),
        }

    def taken(self, token: str, to: str) -> tuple[Receipt, ...]:
        """Return what lies on the phone of `to` under `token`."""
        screen = self.screen(to)
        shown: list[SimulatedText | SimulatedCall | SimulatedMail]
        shown = [*screen.texts, *screen.calls, *screen.mails]
        return tuple(Receipt(one.id) for one in shown if one.token == token)

    def screen(self, address: str) -> Screen:
        """Return what lies on the phone (or in the box) of `address`, newest first, at most 50 of each."""
        with self._lock:
            self._expire()
            phone = self._phones.get(address)
            if phone is None:
                return Screen()
            return Screen(
                tuple(reversed(phone.texts)),
                tuple(line.call for line in reversed(phone.lines)),
                tuple(reversed(phone.mails)),
            )

    def call(self, call_id: str) -> SimulatedCall:
        """Return the call as it stands now."""
        with self._lock:
            self._expire()
            return self._line(call_id).call

    def answer(self, call_id: str) -> None:
        """Pick up a ringing call and hear its words; one that asks for no key is over after them."""
        with self._lock:
            line = self._while(call_id, "ringing")
            if line is None:
                return
            line.call = replace(line.call, state="answered", heard=(line.words,))
            line.until = self._clock() + TALK
            self._report(line, "in-progress")
            if not line.call.asks_for_key:
                self._end(line, "finished", "completed")

    def decline(self, call_id: str) -> None:
        """Push a ringing call away."""
        with self._lock:
            line = self._while(call_id, "ringing")
            if line is not None:
                self._end(line, "declined", "busy")

    def hang_up(self, call_id: str) -> None:
        """Put an answered call down."""
        with self._lock:
            line = self._while(call_id, "answered")
            if line is not None:
                self._end(line, "hung up", "completed")

    def said(self, call_id: str, key: str, text: str, asks_for_key: bool) -> None:
        """Note that `key` was pressed and `text` was our answer; without another question the call is over."""
        with self._lock:
            line = self._while(call_id, "answered")
            if line is None:
                return
            call = line.call
            line.call = replace(
                call,
                heard=(*call.heard, text),
                pressed=(*call.pressed, key),
                asks_for_key=asks_for_key,
            )
            line.until = self._clock() + TALK
            if not asks_for_key:
                self._end(line, "finished", "completed")

    def drain(self) -> tuple[tuple[str, Delivery], ...]:
        """Return (token, report) for everything that happened since the last drain, in its order."""
        with self._lock:
            self._expire()
            reports = tuple(self._reports)
            self._reports.clear()
            return reports

    def next_change(self) -> datetime | None:
        """Return when `drain` will have something by itself: now, a call's last ring, or None for never."""
        with self._lock:
            if self._reports:
                return self._clock()
            waiting = (line.until for line in self._lines() if line.call.state != "ended")
            return min(waiting, default=None)

    def _take_text(self, message: Message) -> Receipt:
        text = sms_text.finish(message.text)
        parts = sms_text.size_of(text).parts
        with self._lock:
            shown = SimulatedText(
                self._new_id(message),
                message.token,
                self._clock(),
                message.sender or SENDER,
                text,
                parts,
            )
            self._phones[message.to].texts.append(shown)
            self._reports.append((message.token, statuses.text_delivery(shown.id, "delivered")))
        return Receipt(shown.id, "queued", parts)

    def _take_call(self, message: Message) -> Receipt:
        with self._lock:
            now = self._clock()
            call = SimulatedCall(
                self._new_id(message), message.token, now, "ringing", (), message.asks_for_key
            )
            line = _Line(call, message.text, now + self._ring_for)
            self._phones[message.to].lines.append(line)
            self._report(line, "ringing")
        return Receipt(call.id, "queued")

    def _take_mail(self, message: Message) -> Receipt:
        with self._lock:
            shown = SimulatedMail(
                self._new_id(message), message.token, self._clock(), message.subject, message.text
            )
            self._phones[message.to].mails.append(shown)
        return Receipt(shown.id, "accepted")

    def _cancel_call(self, call_id: str) -> None:
        with self._lock:
            self._expire()
            for line in self._lines():
                if line.call.id == call_id and line.call.state == "ringing":
                    self._end(line, "cancelled", "canceled")

    def _cancel_nothing(self, provider_id: str) -> None:
        """A text or a mail cannot be called back."""

    def _new_id(self, message: Message) -> str:
        # The token keeps ids of one run apart from those a database remembers of an earlier run.
        return f"{message.token}-{next(self._numbers)}"

    def _lines(self) -> list[_Line]:
        return [line for phone in self._phones.values() for line in phone.lines]

    def _line(self, call_id: str) -> _Line:
        for line in self._lines():
            if line.call.id == call_id:
                return line
        raise KeyError(call_id)

    def _while(self, call_id: str, state: CallState) -> _Line | None:
        self._expire()
        line = self._line(call_id)
        return line if line.call.state == state else None

    def _expire(self) -> None:
        now = self._clock()
        for line in self._lines():
            if now < line.until:
                continue
            if line.call.state == "ringing":
                self._end(line, "no-answer", "no-answer")
            elif line.call.state == "answered":
                self._end(line, "finished", "completed")

    def _end(self, line: _Line, why: str, status: str) -> None:
        line.call = replace(line.call, state="ended", ended=why)
        self._report(line, status)

    def _report(self, line: _Line, status: str) -> None:
        self._reports.append((line.call.token, statuses.call_delivery(line.call.id, status)))


@dataclass(slots=True)
class _LastHop:
    """One channel that ends on the simulated phones."""

    phones: Simulator
    channel: Channel
    take: Callable[[Message], Receipt]
    stop: Callable[[str], None]
    can_look_up: bool = True

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        return self.phones.taken(message.token, message.to)

    def send(self, message: Message) -> Receipt:
        return self.take(message)

    def cancel(self, provider_id: str) -> None:
        self.stop(provider_id)
