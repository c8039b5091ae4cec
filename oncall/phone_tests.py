"""Test whether a phone wakes its owner: a text and a call that must be answered by a human. Decides nothing by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import attempts, links, messages, outbox, store
from oncall.app import App
from oncall.attempts import Limit
from oncall.errors import Conflict, NotFound
from oncall.messages import PageKind
from oncall.tables import Page, PhoneTest

CALL_AFTER = timedelta(minutes=1)
"""So long after the text the call comes, unless the text was answered."""
LINK_LIVES = timedelta(hours=48)
OWN_TESTS = Limit(3, timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=30))


@dataclass(frozen=True, slots=True)
class Shift:
    """The shift a test is for."""

    rotation: str
    start: datetime


def send(
    session: Session, app: App, person: str, *, now: datetime, shift: Shift | None = None
) -> int | None:
    """Write down a text and a call that ask `person` for an answer; return the test's id.

    None when there is no way to reach them at all. Each page carries the test's id in `step`.
    """
    channels = [
        channel
        for channel in (Channel.SMS, Channel.CALL)
        if channel in app.notifiers and messages.address_of(app.shelf.current, person, channel)
    ]
    if not channels:
        return None
    test = PhoneTest(
        person=person,
        rotation=shift.rotation if shift else "",
        starts_at=shift.start if shift else None,
        sent_at=now,
    )
    session.add(test)
    session.flush()
    fact = {"start": shift.start.isoformat()} if shift else {}
    for channel in channels:
        is_call = channel is Channel.CALL
        page = outbox.row_of(
            secret=None if is_call else app.secret,
            kind=PageKind.TEST,
            person=person,
            channel=channel,
            due_at=now + CALL_AFTER if is_call else now,
            fact=fact,
            step=test.id,
        )
        session.execute(outbox.PAGES.insert(), page)
    store.wake(session)
    return test.id


def ask_for(session: Session, app: App, person: str, now: datetime) -> int:
    """Send the test a person asks for; raises `Conflict` without a number, or when there were many just now."""
    bucket = f"phone-test:{person}"
    wait = attempts.pause(session, bucket, OWN_TESTS, now)
    if wait:
        minutes = -(-wait // timedelta(minutes=1))
        raise Conflict("many tests were sent just now; wait a little", "tests-wait", minutes)
    test = send(session, app, person, now=now)
    if test is None:
        raise Conflict("there is no number to test", "no-number")
    attempts.count(session, bucket, now)
    return test


def press(session: Session, app: App, token: str, digit: str) -> str:
    """Take a key pressed in the call of a test; return the name of the text to say. Raises `NotFound`."""
    page = session.scalars(
        select(Page).where(Page.token == token, Page.kind == PageKind.TEST.value)
    ).first()
    if page is None:
        raise NotFound("no page has this token")
    if digit != "1":
        return "call-test"
    page.answered = digit
    _answered(session, page.step, "key", app.clock(), but=page.id)
    return "call-test-passed"


def answer_text(session: Session, person: str, *, after: int, now: datetime) -> bool:
    """Take a bare `1` as the answer to the newest open test that came after page `after`; say whether there was one."""
    page = session.scalars(
        select(Page)
        .join(PhoneTest, PhoneTest.id == Page.step)
        .where(
            Page.kind == PageKind.TEST.value,
            Page.person == person,
            Page.tries > 0,
            Page.id > after,
            Page.due_at > now - LINK_LIVES,
            PhoneTest.answered_at.is_(None),
        )
        .order_by(Page.id.desc())
        .limit(1)
    ).first()
    if page is None:
        return False
    page.answered = "1"
    return _answered(session, page.step, "sms", now)


def of_link(session: Session, letters: str, now: datetime) -> tuple[str, datetime | None]:
    """Return (person, when it was answered) of a test's link; raises `NotFound`. Changes nothing."""
    test = _test_of_link(session, letters, now)
    return test.person, test.answered_at


def answer_link(session: Session, letters: str, now: datetime) -> str:
    """Answer the test behind a link; return whose it is. Raises `NotFound`."""
    test = _test_of_link(session, letters, now)
    _answered(session, test.id, "link", now)
    return test.person


def _test_of_link(session: Session, letters: str, now: datetime) -> PhoneTest:
    found = session.scalars(
        select(PhoneTest)
        .join(Page, Page.step == PhoneTest.id)
        .where(
            Page.link_digest == links.digest_of(letters),
            Page.kind == PageKind.TEST.value,
            Page.due_at > now - LINK_LIVES,
        )
    ).first()
    if found is None:
        raise NotFound("this link is not valid any more")
    return found


def _answered(session: Session, test_id: int, by: str, now: datetime, *, but: int = 0) -> bool:
    """Note the first answer and stop what still asks; `but` is the call in which the key was pressed."""
    noted: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(PhoneTest)
        .where(PhoneTest.id == test_id, PhoneTest.answered_at.is_(None))
        .values(answered_at=now, answered_by=by)
    )
    asking = (Page.kind == PageKind.TEST.value, Page.step == test_id, Page.id != but)
    session.execute(
        update(Page).where(*asking, Page.state == "planned").values(state="cancelled", ended_at=now)
    )
    session.execute(
        update(Page)
        .where(
            *asking,
            Page.channel == Channel.CALL.value,
            Page.state.in_(outbox.UNDER_WAY),
            Page.ended_at.is_(None),
        )
        .values(hang_up=True)
    )
    store.wake(session)
    return noted.rowcount == 1
