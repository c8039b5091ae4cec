"""Store what a provider said to a claimed page: taken, refused, not now, or nobody knows. Sends nothing."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, case, func, select
from sqlalchemy.orm import Session

from notifiers.base import NotifierError, Receipt
from oncall import bundles, failover, outbox, timeline
from oncall.app import App
from oncall.claims import Claim, Found, Outcome
from oncall.outbox import PAGES
from oncall.tables import Page

log = structlog.get_logger()

FIRST_LOOK, LAST_LOOK = timedelta(seconds=15), timedelta(seconds=45)
"""After a request whose outcome nobody knows: when the provider is asked. After the last look it is sent again."""
LONGEST_DOUBT = timedelta(minutes=2)
"""A provider that cannot even be asked for so long is sent the page again: twice is better than never."""
LONGEST_PAUSE = timedelta(seconds=60)
MOST_TRIES = 12
"""After so many requests what only tells something is old news; what asks is tried until a newer page comes."""


def settle(session: Session, app: App, outcome: Outcome, now: datetime) -> None:
    """Store what the provider said, unless another engine holds the page by now."""
    taken, said = outcome.claim, outcome.said
    if isinstance(said, Receipt):
        accept(session, taken, said, now)
        return
    page = session.scalars(
        select(Page)
        .where(Page.id == taken.page_id, Page.fence == taken.fence, Page.state == "sending")
        .with_for_update()
    ).first()
    if page is None:
        log.warning("page.claim_lost", page=taken.page_id)
    elif page.provider_id:
        # A report that came meanwhile proves that the provider took it after all.
        accept(session, taken, Receipt(page.provider_id, page.provider_status), now)
    elif isinstance(said, Found):
        _looked_up(session, page, taken, said, now)
    elif taken.doubt_since is not None:
        _not_looked_up(page, said, now)
    else:
        _not_taken(session, app, page, said, now)


def accept(session: Session, taken: Claim, receipt: Receipt, now: datetime) -> None:
    """Note that the provider has the page, unless another engine claimed it since."""
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
            doubt_since=None,
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
    if taken.is_bundle:
        bundles.accepted(session, taken.page_id, now, receipt.status)
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


def _not_taken(session: Session, app: App, page: Page, said: NotifierError, now: datetime) -> None:
    page.error_code, page.error_text = said.code, str(said)
    is_old_news = page.tries >= MOST_TRIES and page.kind not in outbox.ASKING
    if said.permanent or is_old_news:
        failover.refuse(session, app, page, said, now)
        return
    page.state, page.lease_until = "planned", None
    page.due_at = now + pause(page, page.tries)
    if said.unknown and app.notifiers[failover.channel_of(page)].can_look_up:
        page.doubt_since, page.due_at = now, now + FIRST_LOOK
        timeline.record_page(session, page, now, "page_in_doubt", reason=str(said))
    log.warning("page.retry", page=page.id, tries=page.tries, code=said.code, unknown=said.unknown)


def _looked_up(session: Session, page: Page, taken: Claim, found: Found, now: datetime) -> None:
    ours = _not_of_another_page(session, page, found)
    if ours is not None:
        accept(session, taken, ours, now)
        return
    doubt = page.doubt_since or now
    page.state, page.lease_until = "planned", None
    if now - doubt >= LAST_LOOK:
        page.doubt_since, page.due_at = None, now
        log.warning("page.not_found", page=page.id, looks=page.looks)
    else:
        page.due_at = max(now, doubt + LAST_LOOK)


def _not_looked_up(page: Page, said: NotifierError, now: datetime) -> None:
    """The list was not to be had. The next step of the ladder does not wait for it."""
    page.state, page.lease_until = "planned", None
    page.due_at = now + pause(page, page.looks)
    if now - (page.doubt_since or now) >= LONGEST_DOUBT:
        page.doubt_since = None
    log.warning("page.not_looked_up", page=page.id, looks=page.looks, code=said.code)


def _not_of_another_page(session: Session, page: Page, found: Found) -> Receipt | None:
    ids = [receipt.provider_id for receipt in found.receipts]
    others = set(
        session.scalars(
            select(Page.provider_id).where(Page.provider_id.in_(ids), Page.id != page.id)
        )
    )
    return next((one for one in found.receipts if one.provider_id not in others), None)


def pause(page: Page, tries: int) -> timedelta:
    """Return how long a page waits after `tries` requests in vain: longer each time, and not in step with others."""
    whole = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(tries, 10)))
    share: int = zlib.crc32(f"{page.token}{tries}".encode()) % 1000
    return whole / 2 + whole * share / 2000
