"""The send pass: due page rows become requests to a provider, and what the provider said is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, Row, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from notifiers.base import Channel, Message, NotifierError, Receipt
from oncall import links, messages, outbox, timeline
from oncall.app import App
from oncall.messages import Envelope, Matter, PageKind
from oncall.outbox import PAGES
from oncall.paging import contact_of
from oncall.tables import Page
from oncall.tickets import TICKETS

log = structlog.get_logger()

LEASE = timedelta(seconds=25)
"""How long a claim holds. A provider's own time limit is below half of it."""
NEXT_CALL = timedelta(seconds=5)
"""How soon a call that found its number busy with another of ours is looked at again."""
LONGEST_CALL = timedelta(minutes=3)
"""A call whose end nobody reported for so long keeps no other waiting."""
MOST_TRIES = 12
"""After so many temporary failures a page is recorded as refused; the ladder has long gone on."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A page this engine may send now, already worded. `fence` proves the claim when the result is stored."""

    page_id: int
    ticket_id: int | None
    person: str
    channel: Channel
    fence: int
    tries: int
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider said to a claimed page."""

    claim: Claim
    said: Receipt | NotifierError


NOW = bindparam("now", type_=PAGES.c.due_at.type)
CHANGE = PAGES.update().where(PAGES.c.id == bindparam("page_id"))
DUE = (
    select(
        PAGES.c.id,
        PAGES.c.ticket_id,
        PAGES.c.kind,
        PAGES.c.person,
        PAGES.c.channel,
        PAGES.c.address,
        PAGES.c.token,
        PAGES.c.link_digest,
        PAGES.c.fact,
        PAGES.c.fence,
        PAGES.c.tries,
        PAGES.c.provider_id,
        TICKETS.c.policy_version_id,
        TICKETS.c.state.label("ticket_state"),
        TICKETS.c.urgency,
        TICKETS.c.subject,
        TICKETS.c.body,
        TICKETS.c.customer_name,
        TICKETS.c.customer_phone,
    )
    .select_from(PAGES.outerjoin(TICKETS, PAGES.c.ticket_id == TICKETS.c.id))
    .where(
        or_(
            and_(PAGES.c.state == "planned", PAGES.c.due_at <= NOW),
            and_(PAGES.c.state == "sending", PAGES.c.lease_until <= NOW),
        )
    )
    .order_by(PAGES.c.due_at, PAGES.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=PAGES)
)
"""What a claim needs of a page and its ticket; plain rows, since every page waits for this question."""


def claim(session: Session, app: App, now: datetime, *, limit: int) -> list[Claim]:
    """Claim up to `limit` due pages, worded and leased; the oldest first."""
    rows = session.execute(DUE, {"now": now, "most": limit}).all()
    claims = [_claim_one(app, session, row, now) for row in rows]
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
    if isinstance(said, Receipt):
        _accepted(session, taken, said, now)
        return
    page = session.scalars(
        select(Page)
        .where(Page.id == taken.page_id, Page.fence == taken.fence, Page.state == "sending")
        .with_for_update()
    ).first()
    if page is None:
        log.warning("page.claim_lost", page=taken.page_id)
    elif said.unknown and page.provider_id:
        # A report that came meanwhile proves that the provider took it after all.
        _accepted(session, taken, Receipt(page.provider_id, page.provider_status), now)
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
    app: App, session: Session, row: Row[*tuple[Any, ...]], now: datetime
) -> Claim | None:
    kind, channel = PageKind(row.kind), Channel(row.channel)
    if row.provider_id:
        # Its engine fell over before it could note the receipt, but a report proves that it is out.
        _change(session, row.id, state="accepted", lease_until=None, accepted_at=now)
        return None
    if kind.asks and row.ticket_state != "open":
        _change(session, row.id, state="cancelled", ended_at=now)
        return None
    if row.tries >= MOST_TRIES:
        # Every try ended without a word, so the page itself may be what breaks its sender.
        refusal = NotifierError(f"given up after {row.tries} tries", permanent=True)
        _refused(session, session.get_one(Page, row.id), refusal, now)
        return None
    address = row.address or _address_of(app, session, row)
    if channel not in app.notifiers or not address:
        reason = f"{row.person} has no address for {channel.value}, or no provider is set up for it"
        refusal = NotifierError(reason, permanent=True, code="no-address")
        _refused(session, session.get_one(Page, row.id), refusal, now)
        return None
    if channel is Channel.CALL and _is_on_the_phone(session, address, row.id, now):
        _change(session, row.id, state="planned", lease_until=None, due_at=now + NEXT_CALL)
        return None
    letters = links.letters_of(app.secret, row.token) if row.link_digest else ""
    link = f"{_links_begin(app, kind)}{letters}" if letters else ""
    code = links.code_of(app.secret, row.token) if kind is PageKind.CODE else ""
    envelope = Envelope(kind, row.person, channel, row.token, link, row.fact, address, code)
    try:
        message = messages.word(app.shelf.current, envelope, _matter(row))
    except Exception as fault:
        # A page that cannot be worded must not keep the others waiting.
        log.exception("page.not_worded", page=row.id)
        refusal = NotifierError(f"it cannot be worded: {fault!r}", permanent=True)
        _refused(session, session.get_one(Page, row.id), refusal, now)
        return None
    _change(
        session,
        row.id,
        state="sending",
        lease_until=now + LEASE,
        fence=row.fence + 1,
        tries=row.tries + 1,
        address=address,
        text=_masked(message.text, letters, code, ", ".join(code)),
    )
    return Claim(row.id, row.ticket_id, row.person, channel, row.fence + 1, row.tries + 1, message)


def _masked(text: str, *secrets: str) -> str:
    """Return the words of a message without what only its reader may know."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "...")
    return text


def _address_of(app: App, session: Session, row: Row[*tuple[Any, ...]]) -> str:
    policy = app.shelf.current
    if row.ticket_id is not None:
        policy = app.shelf.version(session, row.policy_version_id)
    return contact_of(app, policy, row.person, Channel(row.channel))


def _is_on_the_phone(session: Session, address: str, page_id: int, now: datetime) -> bool:
    """Say whether one of our calls rings at `address` or is being answered there: a second would find it busy."""
    calls = PAGES.alias()
    return (
        session.scalar(
            select(calls.c.id)
            .where(
                calls.c.address == address,
                calls.c.due_at > now - LONGEST_CALL,
                calls.c.channel == Channel.CALL.value,
                calls.c.state.in_(outbox.UNDER_WAY),
                calls.c.ended_at.is_(None),
                calls.c.id != page_id,
            )
            .limit(1)
        )
        is not None
    )


def _links_begin(app: App, kind: PageKind) -> str:
    return f"{app.shelf.current.company.url}/{'r' if kind is PageKind.TEST else 'a'}/"


def _matter(row: Row[*tuple[Any, ...]]) -> Matter | None:
    if row.ticket_id is None:
        return None
    return Matter(
        ref=row.ticket_id,
        subject=row.subject,
        body=row.body,
        who=row.customer_name,
        caller=row.customer_phone,
        urgent=row.urgency == "urgent",
    )


def _change(session: Session, page_id: int, **values: Any) -> None:
    session.execute(CHANGE, {"page_id": page_id, **values})


def _accepted(session: Session, taken: Claim, receipt: Receipt, now: datetime) -> None:
    # Reports may have overtaken the receipt: what they said about the page stays.
    untouched = PAGES.c.provider_rank == 0
    stored: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        PAGES.update()
        .where(
            PAGES.c.id == taken.page_id,
            PAGES.c.fence == taken.fence,
            PAGES.c.state == "sending",
        )
        .values(
            state="accepted",
            lease_until=None,
            accepted_at=func.coalesce(PAGES.c.accepted_at, now),
            provider_id=func.coalesce(PAGES.c.provider_id, receipt.provider_id),
            provider_status=case((untouched, receipt.status), else_=PAGES.c.provider_status),
            error_code=case((untouched, ""), else_=PAGES.c.error_code),
            error_text=case((untouched, ""), else_=PAGES.c.error_text),
        )
    )
    if stored.rowcount == 0:
        log.warning("page.claim_lost", page=taken.page_id)
        return
    if taken.ticket_id is not None:
        timeline.record(
            session,
            taken.ticket_id,
            now,
            "page_accepted",
            actor=taken.person,
            page_id=taken.page_id,
            channel=taken.channel.value,
            parts=receipt.parts,
        )
    log.info(
        "page.accepted", page=taken.page_id, ticket=taken.ticket_id, channel=taken.channel.value
    )


def _refused(session: Session, page: Page, refusal: NotifierError, now: datetime) -> None:
    page.state, page.lease_until, page.ended_at = "refused", None, now
    page.error_code, page.error_text = refusal.code, str(refusal)
    timeline.record_page(session, page, now, "page_refused", code=refusal.code, reason=str(refusal))
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
