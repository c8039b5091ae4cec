"""Tell a person something about the rota: by SMS, or by mail where there is no phone. Rings nobody, asks nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import messages, outbox
from oncall.affected import Moved
from oncall.app import App
from oncall.messages import Envelope, PageKind
from oncall.policy.model import Policy
from rotations.wall import instant_of

WAKING = (time(8), time(21))
"""Local hours in which a person may be told what can wait."""


def tell(
    session: Session, app: App, person: str, text: str, *, now: datetime, **facts: Any
) -> None:
    """Write down the notice `text` (a name in `oncall.texts`) for `person`, due at `now`.

    `facts` fill its holes: instants as ISO text, people by short name, `path` is the page its link leads to.
    Somebody who left the policy file is told nothing.
    """
    policy = app.shelf.current
    if person not in policy.people:
        return
    by_phone = Channel.SMS in app.notifiers and messages.address_of(policy, person, Channel.SMS)
    channel = Channel.SMS if by_phone else Channel.EMAIL
    if not messages.address_of(policy, person, channel):
        return
    notice = outbox.Notice(PageKind.NOTICE, person, {**facts, "text": text}, channel)
    outbox.tell(session, None, notice, now=now)


def tell_moved(
    session: Session,
    app: App,
    hours: Iterable[Moved],
    *,
    now: datetime,
    but: Container[str | None] = (),
) -> None:
    """Tell everyone who gets or loses `hours`, and with whom they changed hands; save those in `but`."""
    for one in hours:
        facts = {"start": one.start.isoformat(), "end": one.end.isoformat(), "path": "/rota"}
        pairs = ((one.before, "turn-gone", one.after), (one.after, "turn-yours", one.before))
        for person, text, other in pairs:
            if person is not None and person not in but:
                tell(session, app, person, text, now=now, name=other or "", **facts)


def preview(app: App, person: str, text: str, **facts: Any) -> str:
    """Return the words `tell` would send; empty for somebody who cannot be told."""
    policy = app.shelf.current
    if person not in policy.people:
        return ""
    envelope = Envelope(PageKind.NOTICE, person, Channel.SMS, "", "", {**facts, "text": text})
    return messages.word(policy, envelope, None).text


def when_awake(policy: Policy, person: str, now: datetime) -> datetime:
    """Return `now`, or the next morning where `person` lives when it is night there."""
    zone = messages.zone_of(policy, person)
    local = now.astimezone(zone)
    begins, ends = WAKING
    if begins <= local.time() < ends:
        return now
    day = local.date() if local.time() < begins else local.date() + timedelta(days=1)
    return instant_of(day, begins, zone)
