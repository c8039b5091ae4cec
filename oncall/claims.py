"""What passes between the pass that claims a page, the sender that holds it, and the pass that settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifiers.base import Channel, Message, NotifierError, Receipt


@dataclass(frozen=True, slots=True)
class Claim:
    """A page this engine may send now, already worded. `fence` proves the claim when the result is stored."""

    page_id: int
    ticket_id: int | None
    person: str
    channel: Channel
    fence: int
    message: Message
    claimed_at: float
    """When, in seconds since this machine started: a lease is measured by a clock nobody can set."""
    is_bundle: bool = False
    """Whether other pages leave with it."""
    doubt_since: datetime | None = None
    """When the request left whose outcome nobody knows: first the provider is asked for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the provider has that may be the page in doubt, the likeliest first."""

    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider said to a claimed page."""

    claim: Claim
    said: Receipt | NotifierError | Found
