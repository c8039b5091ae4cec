"""What comes back from a page: keys, texts, links, delivery reports. Only a human's answer moves a ticket."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from notifiers.base import Delivery
from oncall.app import App
from oncall.tickets import Outcome, Verb


@dataclass(frozen=True, slots=True)
class Said:
    """What the call says next. `asks_for_key` keeps the line open for another key."""

    text: str
    language: str
    asks_for_key: bool


def press(session: Session, app: App, token: str, digit: str) -> Said:
    """Act on a key pressed in the call of page `token` ('' = nothing was pressed). Raises `NotFound`."""
    raise NotImplementedError


def reply(session: Session, app: App, *, sender: str, text: str, provider_id: str) -> None:
    """Act on an SMS from `sender` (E.164); the answer goes out as a page. A repeated `provider_id` changes nothing."""
    raise NotImplementedError


def delivered(session: Session, app: App, token: str, delivery: Delivery) -> None:
    """Store what the provider says became of page `token`; late and repeated reports change nothing."""
    raise NotImplementedError


def ticket_of_link(session: Session, app: App, letters: str) -> tuple[int, str]:
    """Return (ticket id, short name) of an alert link that is alive; raises `NotFound`. Changes nothing."""
    raise NotImplementedError


def act_on_link(session: Session, app: App, letters: str, verb: Verb) -> Outcome:
    """Apply `verb` for the person the link was sent to; raises `NotFound` when the link is not alive."""
    raise NotImplementedError
