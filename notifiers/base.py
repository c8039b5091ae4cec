"""What every channel speaks: a message in, a receipt or a refusal out. Knows no database and no rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from notifiers.codes import Blame


class Channel(StrEnum):
    """The ways to reach a person, as the policy file writes them."""

    SMS = "sms"
    CALL = "call"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Message:
    """One attempt to reach one address, already worded.

    `token` is ours, unique and stored before the request; it travels in every callback address so that
    an answer finds its page even when the provider's own id was never seen.
    """

    token: str
    to: str
    """E.164 number for `sms` and `call`, a mail address for `email`."""
    language: str
    """Language of `text`, such as `tr`; a channel picks voice and letters by it."""
    text: str
    """SMS text, mail body, or the words of a call."""
    subject: str = ""
    """Mail only."""
    mark: str = ""
    """Words of `text` that no other message holds, such as its link; empty when there are none."""
    asks_for_key: bool = True
    """Calls only: wait for a key press after the words. Without it the call only speaks."""
    sender: str | None = None
    """The number or name to show; the channel's own rule decides when None."""
    valid_for: timedelta = timedelta(minutes=5)
    """How long the provider may keep trying; a page that arrives hours later wakes the wrong person."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message. `provider_id` is its own id for it (SM..., CA...)."""

    provider_id: str
    status: str = "queued"
    parts: int = 1
    """SMS segments used; 1 elsewhere."""


class NotifierError(Exception):
    """A message was not taken.

    `permanent`: a retry on this channel cannot help (bad number, opted out, bad credentials).
    `unknown`: the request may or may not have been taken (time-out, 5xx): look before sending again.
    `code` is the provider's own code as text, empty when it gave none. `blame` says what is broken for good.
    """

    def __init__(
        self,
        text: str,
        *,
        permanent: bool,
        unknown: bool = False,
        code: str = "",
        blame: Blame = Blame.NOBODY,
    ) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.unknown = unknown
        self.code = code
        self.blame = blame


class Notifier(Protocol):
    """One channel. Its methods may block up to the channel's own time limit and raise `NotifierError`."""

    channel: Channel
    can_look_up: bool
    """Whether the provider can be asked what it took; if not, what is in doubt is sent again."""

    def send(self, message: Message) -> Receipt:
        """Hand `message` to the provider and return its receipt."""
        ...

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        """Return what the provider took since then that may be `message`, the likeliest first; empty for nothing.

        A call bears no mark: whoever asks must leave out the calls that belong to other pages.
        """
        ...

    def cancel(self, provider_id: str) -> None:
        """Stop what is still under way (a ringing call); a no-op where that makes no sense."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a provider reports about a message it took. Reports arrive late, twice and in any order.

    `rank` orders the life of a message: a report applies only when its rank is above the one stored.
    """

    provider_id: str
    status: str
    rank: int
    ended: bool
    """Nothing more will happen to it at the provider."""
    failed: bool = False
    """It ended without reaching the person."""
    error_code: str = ""
