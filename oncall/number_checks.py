"""Prove that a number is a person's own: a code goes out by text or call and comes back on the page. Rings nobody."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import attempts, links, messages, outbox, store, timeline
from oncall.app import App
from oncall.attempts import Limit
from oncall.errors import Conflict
from oncall.messages import PageKind
from oncall.policy.model import Policy
from oncall.tables import NumberCheck

LIVES = timedelta(minutes=10)
MOST_TRIES = 5
"""Wrong codes after which a new one has to be sent."""
CODES = Limit(3, timedelta(hours=1), timedelta(minutes=1), timedelta(minutes=15))
"""How many codes a person may have sent: texts and calls cost money."""


def send_code(session: Session, app: App, person: str, channel: Channel, now: datetime) -> None:
    """Send a code to the number of `person` by `channel` (text or call); earlier codes are worth nothing from now on.

    Raises `Conflict` when there is no number, no such channel, or too many codes were asked for.
    """
    address = messages.address_of(app.shelf.current, person, channel)
    if channel is Channel.EMAIL or channel not in app.notifiers or not address:
        raise Conflict("there is no number to send a code to", "no-number")
    bucket = f"number-code:{person}"
    wait = attempts.pause(session, bucket, CODES, now)
    if wait:
        raise Conflict("too many codes were sent; wait a little", "codes-wait", _minutes(wait))
    attempts.count(session, bucket, now)
    page = outbox.row_of(
        secret=None,
        kind=PageKind.CODE,
        person=person,
        channel=channel,
        due_at=now,
        fact={},
        address=address,
    )
    code = links.code_of(app.secret, page["token"])
    session.execute(outbox.PAGES.insert(), page)
    _end_earlier(session, person, now)
    session.add(
        NumberCheck(
            person=person,
            address=address,
            digest=_digest(app, person, address, code),
            sent_at=now,
            expires_at=now + LIVES,
        )
    )
    store.wake(session)


def confirm(session: Session, app: App, person: str, code: str, now: datetime) -> Conflict | None:
    """Take the code that came back; return why it proves nothing, None when it does.

    Returned and not raised, so that the wrong try is stored with it and counts.
    """
    row = session.scalars(
        select(NumberCheck)
        .where(NumberCheck.person == person, NumberCheck.verified_at.is_(None))
        .order_by(NumberCheck.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    number = app.shelf.current.people[person].phone
    if row is None or row.expires_at <= now or row.address != number:
        return Conflict("this code is too old; have a new one sent", "code-old")
    if row.tries >= MOST_TRIES:
        return Conflict("five wrong tries; have a new code sent", "code-used-up")
    row.tries += 1
    if not hmac.compare_digest(_digest(app, person, row.address, _digits(code)), row.digest):
        return Conflict("this is not the code we sent", "code-wrong", MOST_TRIES - row.tries)
    row.verified_at = now
    attempts.forget(session, f"number-code:{person}")
    timeline.audit(session, now, person, "number.verified", person=person)
    return None


def verified(session: Session, policy: Policy, people: Iterable[str]) -> frozenset[str]:
    """Return those of `people` whose present number is proved."""
    proved = {
        (row.person, row.address)
        for row in session.execute(
            select(NumberCheck.person, NumberCheck.address).where(
                NumberCheck.person.in_(list(people)), NumberCheck.verified_at.is_not(None)
            )
        )
    }
    return frozenset(
        short
        for short in {person for person, _ in proved}
        if (short, policy.people[short].phone) in proved
    )


def is_waiting(session: Session, policy: Policy, person: str, now: datetime) -> bool:
    """Say whether a code is out that may still come back."""
    row = session.scalars(
        select(NumberCheck)
        .where(NumberCheck.person == person)
        .order_by(NumberCheck.id.desc())
        .limit(1)
    ).first()
    return (
        row is not None
        and row.verified_at is None
        and row.expires_at > now
        and row.tries < MOST_TRIES
        and row.address == policy.people[person].phone
    )


def _end_earlier(session: Session, person: str, now: datetime) -> None:
    session.execute(
        update(NumberCheck)
        .where(
            NumberCheck.person == person,
            NumberCheck.verified_at.is_(None),
            NumberCheck.expires_at > now,
        )
        .values(expires_at=now)
    )


def _digest(app: App, person: str, address: str, code: str) -> str:
    return links.keyed_digest(app.secret, person, address, code)


def _digits(text: str) -> str:
    """Return the digits of what somebody typed, in any script, without spaces."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


def _minutes(wait: timedelta) -> int:
    return -(-wait // timedelta(minutes=1))
