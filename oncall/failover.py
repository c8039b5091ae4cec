"""What follows when a channel fails somebody: another at once, a mark on what is broken, an alarm. Sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from notifiers import codes
from notifiers.base import Channel, NotifierError
from notifiers.codes import Blame
from oncall import messages, notices, outbox, rota, store, timeline
from oncall.app import App
from oncall.escalation import SHORTEST_ROUND
from oncall.messages import PageKind
from oncall.policy.model import Role
from oncall.tables import BrokenContact, Page, Ticket

log = structlog.get_logger()

MARKED_FOR = timedelta(hours=12)
"""A contact that was broken is tried again after this: the other side may have mended it without a word to us."""
ALARM_AGAIN = timedelta(hours=1)
"""An alarm about the same broken thing is not raised again before."""
ORDER = (Channel.SMS, Channel.CALL, Channel.EMAIL)
"""In which order channels stand in for one another where the ladder has none left."""


def refuse(session: Session, app: App, page: Page, refusal: NotifierError, now: datetime) -> None:
    """Record that `page` will never be taken, and reach its reader another way."""
    page.state, page.lease_until, page.doubt_since, page.ended_at = "refused", None, None, now
    page.error_code, page.error_text = refusal.code[:16], str(refusal)
    timeline.record_page(session, page, now, "page_refused", code=refusal.code, reason=str(refusal))
    log.warning("page.refused", page=page.id, ticket=page.ticket_id, code=refusal.code)
    session.flush()
    _mark(session, app, page, refusal.blame, now)
    reach_otherwise(session, app, page, now)


def report_failed(session: Session, app: App, page: Page, now: datetime) -> None:
    """Act on a report that `page`, once taken, did not arrive: its reader is not warned yet."""
    session.flush()
    _mark(session, app, page, codes.blame(page.error_code), now)
    reach_otherwise(session, app, page, now)


def broken_contacts(session: Session, now: datetime) -> dict[tuple[str, str], str]:
    """Return the code of every (channel, address) that is known to be broken."""
    rows = session.execute(
        select(BrokenContact.channel, BrokenContact.address, BrokenContact.code).where(
            BrokenContact.since > now - MARKED_FOR, BrokenContact.address != ""
        )
    )
    return {(row.channel, row.address): row.code for row in rows}


def mend(session: Session, channel: Channel, address: str) -> None:
    """Forget that a contact was broken: something came from it, or reached it."""
    session.execute(
        delete(BrokenContact).where(
            BrokenContact.channel == channel.value, BrokenContact.address == address
        )
    )


def channel_of(page: Page) -> Channel:
    """Return the channel of a page row."""
    return Channel(page.channel)


def reach_otherwise(session: Session, app: App, page: Page, now: datetime) -> None:
    """Give the reader of a page that failed the next channel at once; without any, the ladder its next step."""
    kind = PageKind(page.kind)
    # A code and a test are about one number: another way to the same person would prove nothing.
    only_here = kind in (PageKind.ANSWER, PageKind.CODE, PageKind.TEST)
    if only_here or (kind.asks and not _is_open(session, page)):
        return
    beside = _pages_beside(session, page)
    if codes.blame(page.error_code) is Blame.CONTACT:
        _call_off_same(beside, page, now)
    waiting = [one for one in beside if one.state == "planned" and one.channel != page.channel]
    if waiting:
        first = min(waiting, key=lambda one: (one.due_at, one.id))
        first.due_at = min(first.due_at, now)
        store.wake(session)
        return
    # What an outage made old news was never sent.
    sent = (one.channel for one in beside if one.error_code != outbox.SUPERSEDED)
    tried = {page.channel, *page.fact.get("tried", ()), *sent}
    channel = _left(app, page, tried)
    if channel is not None:
        _stand_in(session, app, page, channel, {**page.fact, "tried": sorted(tried)}, now)
        store.wake(session)
    elif kind is PageKind.ALERT and not _somebody_may_hear(session, page):
        _climb(session, page, now)


def _is_open(session: Session, page: Page) -> bool:
    state = session.scalar(select(Ticket.state).where(Ticket.id == page.ticket_id))
    return state == "open"


def _pages_beside(session: Session, page: Page) -> list[Page]:
    """The other rungs on which a step, or the word that nobody answered, reaches the same reader."""
    if not PageKind(page.kind).asks:
        return []
    rows = session.scalars(
        select(Page).where(
            Page.ticket_id == page.ticket_id,
            Page.kind == page.kind,
            Page.round == page.round,
            Page.step == page.step,
            Page.person == page.person,
        )
    )
    return list(rows)


def _call_off_same(beside: list[Page], page: Page, now: datetime) -> None:
    """What would go to the same broken contact later goes nowhere."""
    for other in beside:
        if other.state == "planned" and other.channel == page.channel:
            other.state, other.ended_at, other.error_code = "cancelled", now, page.error_code


def _left(app: App, page: Page, tried: set[str]) -> Channel | None:
    """The next channel that nobody tried; only what asks for an answer may ring."""
    may_ring = PageKind(page.kind).asks
    return next(
        (
            channel
            for channel in ORDER
            if channel.value not in tried
            and channel in app.notifiers
            and (may_ring or channel is not Channel.CALL)
            and messages.address_of(app.shelf.current, page.person, channel)
        ),
        None,
    )


def _stand_in(
    session: Session, app: App, page: Page, channel: Channel, fact: dict[str, Any], now: datetime
) -> None:
    row = outbox.row_of(
        secret=app.secret if page.link_digest else None,
        kind=PageKind(page.kind),
        person=page.person,
        channel=channel,
        due_at=now,
        fact=fact,
        ticket_id=page.ticket_id,
        round=page.round,
        step=page.step,
        rung=page.rung,
        rank=page.rank,
    )
    session.execute(outbox.PAGES.insert(), row)


def _somebody_may_hear(session: Session, page: Page) -> bool:
    """Whether any page of the step is on its way or has arrived."""
    failed = ("undelivered", "failed", "canceled")
    return (
        session.scalar(
            select(Page.id)
            .where(
                Page.ticket_id == page.ticket_id,
                Page.kind == page.kind,
                Page.round == page.round,
                Page.step == page.step,
                Page.state.in_(("planned", *outbox.UNDER_WAY)),
                Page.provider_status.not_in(failed),
            )
            .limit(1)
        )
        is not None
    )


def _climb(session: Session, page: Page, now: datetime) -> None:
    """Nobody of the step can hear us: the next one is due at once, a new round not before its time."""
    ticket = session.get(Ticket, page.ticket_id, with_for_update={"key_share": True})
    if ticket is None or ticket.due_at is None or (ticket.round, ticket.step) < (page.round, 0):
        return
    earliest = now if ticket.step else max(now, ticket.round_started_at + SHORTEST_ROUND)
    if ticket.due_at <= earliest:
        return
    ticket.due_at = earliest
    ticket.version += 1
    timeline.record(session, ticket.id, now, "unreachable", actor=page.person)
    store.wake(session)


def _mark(session: Session, app: App, page: Page, blamed: Blame, now: datetime) -> None:
    """Write down what is broken, and raise the alarm when that is news."""
    code = page.error_code
    if blamed is Blame.NOBODY:
        return
    address = page.address if blamed is Blame.CONTACT else ""
    known = session.get(BrokenContact, (page.channel, address))
    if known is not None and known.code == code and known.alarmed_at > now - ALARM_AGAIN:
        known.since = now
        return
    session.merge(
        BrokenContact(
            channel=page.channel, address=address, person=page.person, code=code,
            since=now, alarmed_at=now,
        )
    )  # fmt: skip
    _alarm(session, app, page, blamed, code, now)


def _alarm(session: Session, app: App, page: Page, blamed: Blame, code: str, now: datetime) -> None:
    text = "alarm-contact" if blamed is Blame.CONTACT else "alarm-account"
    facts = {"name": page.person, "channel": page.channel, "code": code, "why": codes.meaning(code)}
    log.error("alarm.raised", text=text, channel=page.channel, code=code)
    for person in _who_must_know(session, app, page.person, blamed, now):
        if person != page.person or blamed is Blame.ACCOUNT:
            notices.tell(session, app, person, text, now=now, **facts)
    if blamed is Blame.CONTACT and page.channel != Channel.EMAIL.value:
        mail = outbox.Notice(PageKind.NOTICE, page.person, {**facts, "text": text}, Channel.EMAIL)
        if messages.address_of(app.shelf.current, page.person, Channel.EMAIL):
            outbox.tell(session, None, mail, now=now)


def _who_must_know(
    session: Session, app: App, person: str, blamed: Blame, now: datetime
) -> list[str]:
    """The admins, and for a broken contact whoever stands behind its owner."""
    policy = app.shelf.current
    people = [name for name, one in policy.people.items() if one.role is Role.ADMIN]
    if blamed is Blame.CONTACT:
        roster = rota.roster_at(session, policy)
        for rotation in policy.rotations:
            if person in roster.reach(rotation, now):
                people += roster.reach(f"{rotation}.backup", now)
    return list(dict.fromkeys(people))
