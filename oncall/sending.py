"""The send pass: due page rows become requests to a provider, and what the provider said is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from notifiers.base import Channel, Message, NotifierError, Receipt
from oncall import links, messages, outbox, timeline
from oncall.app import App
from oncall.messages import Envelope, PageKind
from oncall.paging import contact_of
from oncall.tables import Page, Ticket

log = structlog.get_logger()

LEASE = timedelta(seconds=25)
"""How long a claim holds. A provider's own time limit is below half of it."""
MOST_TRIES = 12
"""After so many temporary failures a page is recorded as refused; the ladder has long gone on."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A page this engine may send now, already worded. `fence` proves the claim when the result is stored."""

    page_id: int
    ticket_id: int | None
    channel: Channel
    fence: int
    tries: int
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider said to a claimed page."""

    claim: Claim
    said: Receipt | NotifierError


def claim(session: Session, app: App, now: datetime, *, limit: int) -> list[Claim]:
    """Claim up to `limit` due pages, worded and leased; the oldest first."""
    due = session.execute(
        select(Page, Ticket)
        .outerjoin(Ticket, Page.ticket_id == Ticket.id)
        .where(
            or_(
                and_(Page.state == "planned", Page.due_at <= now),
                and_(Page.state == "sending", Page.lease_until <= now),
            )
        )
        .order_by(Page.due_at, Page.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Page)
    ).all()
    claims = [_claim_one(app, session, page, ticket, now) for page, ticket in due]
    return [taken for taken in claims if taken is not None]


def deliver(app: App, taken: Claim) -> Outcome:
    """Hand a claimed page to its provider. May block up to the channel's time limit; never raises."""
    try:
        return Outcome(taken, app.notifiers[taken.channel].send(taken.message))
    except NotifierError as refusal:
        return Outcome(taken, refusal)
    except Exception as fault:
        # The one broad net around a page: a broken channel must never stop another.
        log.exception("page.crashed", page=taken.page_id)
        return Outcome(taken, NotifierError(str(fault) or type(fault).__name__, permanent=False))


def settle(session: Session, outcome: Outcome, now: datetime) -> None:
    """Store what the provider said, unless another engine holds the page by now."""
    taken, said = outcome.claim, outcome.said
    page = session.scalars(
        select(Page)
        .where(Page.id == taken.page_id, Page.fence == taken.fence, Page.state == "sending")
        .with_for_update()
    ).first()
    if page is None:
        log.warning("page.claim_lost", page=taken.page_id)
    elif isinstance(said, Receipt):
        _accepted(session, page, said, now)
    elif said.unknown and page.provider_id:
        # A report that came meanwhile proves that the provider took it after all.
        _accepted(session, page, Receipt(page.provider_id, page.provider_status), now)
    elif said.permanent or taken.tries >= MOST_TRIES:
        _refused(session, page, said, now)
    else:
        page.state = "planned"
        page.due_at = now + timedelta(seconds=min(60, 2**taken.tries))
        page.error_code, page.error_text = said.code, str(said)
        log.warning("page.retry", page=page.id, tries=taken.tries, code=said.code)


def hang_up(app: App) -> None:
    """End the calls that still ring about a ticket somebody took."""
    with app.sessions.begin() as session:
        ringing = session.execute(
            select(Page.id, Page.provider_id).where(
                Page.hang_up, Page.state == "accepted", Page.ended_at.is_(None)
            )
        ).all()
    for page_id, provider_id in ringing:
        try:
            app.notifiers[Channel.CALL].cancel(provider_id or "")
        except NotifierError as refusal:
            log.warning("call.not_cancelled", page=page_id, code=refusal.code)
            if not refusal.permanent:
                continue
        with app.sessions.begin() as session:
            session.execute(update(Page).where(Page.id == page_id).values(hang_up=False))


def _claim_one(
    app: App, session: Session, page: Page, ticket: Ticket | None, now: datetime
) -> Claim | None:
    kind = PageKind(page.kind)
    if kind.asks and (ticket is None or ticket.state != "open"):
        page.state, page.ended_at = "cancelled", now
        return None
    channel = Channel(page.channel)
    page.address = page.address or contact_of(app, app.shelf.current, page.person, channel)
    if channel not in app.notifiers or not page.address:
        reason = (
            f"{page.person} has no address for {channel.value}, or no provider is set up for it"
        )
        _refused(session, page, NotifierError(reason, permanent=True, code="no-address"), now)
        return None
    link = _link(app, page)
    message = messages.word(
        app.shelf.current,
        Envelope(kind, page.person, channel, page.token, link, page.fact, page.address),
        messages.matter_of(ticket) if ticket else None,
    )
    page.text = (
        message.text.replace(link, f"{app.shelf.current.company.url}/a/...")
        if link
        else message.text
    )
    page.state, page.lease_until = "sending", now + LEASE
    page.fence += 1
    page.tries += 1
    return Claim(page.id, page.ticket_id, channel, page.fence, page.tries, message)


def _link(app: App, page: Page) -> str:
    if page.link_digest is None:
        return ""
    return f"{app.shelf.current.company.url}/a/{links.letters_of(app.secret, page.token)}"


def _accepted(session: Session, page: Page, receipt: Receipt, now: datetime) -> None:
    page.state, page.lease_until = "accepted", None
    page.accepted_at = page.accepted_at or now
    page.provider_id = page.provider_id or receipt.provider_id
    page.provider_status = page.provider_status or receipt.status
    if not page.provider_rank:
        # A report may have overtaken the receipt, and what it found wrong stays.
        page.error_code = page.error_text = ""
    _note(session, page, now, "page_accepted", parts=receipt.parts)
    log.info("page.accepted", page=page.id, ticket=page.ticket_id, channel=page.channel)


def _refused(session: Session, page: Page, refusal: NotifierError, now: datetime) -> None:
    page.state, page.lease_until, page.ended_at = "refused", None, now
    page.error_code, page.error_text = refusal.code, str(refusal)
    _note(session, page, now, "page_refused", code=refusal.code, reason=str(refusal))
    log.warning("page.refused", page=page.id, ticket=page.ticket_id, code=refusal.code)
    _bring_next_rung_forward(session, page, now)


def _bring_next_rung_forward(session: Session, page: Page, now: datetime) -> None:
    """A refused page leaves its reader unwarned: their next rung starts at once."""
    if page.kind not in outbox.ASKING:
        return
    following = session.scalars(
        select(Page.id)
        .where(
            Page.ticket_id == page.ticket_id,
            Page.kind == page.kind,
            Page.round == page.round,
            Page.step == page.step,
            Page.person == page.person,
            Page.state == "planned",
            Page.id != page.id,
        )
        .order_by(Page.due_at)
        .limit(1)
    ).first()
    if following is not None:
        session.execute(
            update(Page).where(Page.id == following, Page.due_at > now).values(due_at=now)
        )


def _note(session: Session, page: Page, now: datetime, kind: str, **data: Any) -> None:
    if page.ticket_id is not None:
        timeline.record(
            session,
            page.ticket_id,
            now,
            kind,
            actor=page.person,
            page_id=page.id,
            channel=page.channel,
            **data,
        )
