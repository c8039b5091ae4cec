"""The send pass: due page rows are claimed, worded and handed to a provider. What it said is stored in `settling`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Row, Table, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from notifiers import codes
from notifiers.base import Channel, Message, NotifierError
from oncall import bundles, failover, links, messages, outbox
from oncall.app import App
from oncall.claims import Claim, Found, Outcome
from oncall.clock import since_boot
from oncall.messages import Envelope, Matter, PageKind
from oncall.outbox import PAGES
from oncall.paging import contact_of
from oncall.tables import Base, BrokenContact, Page
from oncall.tickets import TICKETS

log = structlog.get_logger()

LEASE = timedelta(seconds=25)
"""How long a claim holds. A provider's own time limit is below half of it."""
MOST_FALLS = 12
"""A page over which engines fell so often is recorded as refused; the ladder has long gone on."""
LONGEST_WINDOW = timedelta(hours=1)
"""Pages that left longer ago count for no limit."""
LATE = timedelta(minutes=5)
"""A page that waited longer says nothing a newer one for the same reader and ticket does not say."""
NEXT_CALL = timedelta(seconds=5)
"""How soon a call that found its number busy with another of ours is looked at again."""
LONGEST_CALL = timedelta(minutes=3)
"""A call whose end nobody reported for so long keeps no other waiting."""
BROKEN: Table = Base.metadata.tables[BrokenContact.__tablename__]
NOW = bindparam("now", type_=PAGES.c.due_at.type)
CHANGE = PAGES.update().where(PAGES.c.id == bindparam("page_id"))
EARLIER = PAGES.alias()
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
        PAGES.c.planned_for,
        PAGES.c.tries,
        PAGES.c.looks,
        PAGES.c.falls,
        PAGES.c.state,
        PAGES.c.lease_until,
        PAGES.c.doubt_since,
        PAGES.c.provider_id,
        PAGES.c.rank,
        PAGES.c.bundle_id,
        exists(select(BROKEN.c.code)).label("any_broken"),
        exists(
            select(EARLIER.c.id).where(
                EARLIER.c.person == PAGES.c.person,
                EARLIER.c.channel == PAGES.c.channel,
                EARLIER.c.left_at > bindparam("lately", type_=PAGES.c.due_at.type),
                EARLIER.c.id != PAGES.c.id,
            )
        ).label("had_others"),
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
    .order_by(PAGES.c.rank, PAGES.c.due_at, PAGES.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=PAGES)
)
"""What a claim needs of a page and its ticket; plain rows, since every page waits for this question."""

NEWER = PAGES.alias()
SUPERSEDE = (
    PAGES.update()
    .where(
        PAGES.c.state == "planned",
        PAGES.c.kind.in_(outbox.ASKING),
        PAGES.c.planned_for < bindparam("late", type_=PAGES.c.due_at.type),
        exists(
            select(NEWER.c.id).where(
                NEWER.c.ticket_id == PAGES.c.ticket_id,
                NEWER.c.person == PAGES.c.person,
                NEWER.c.kind == PAGES.c.kind,
                NEWER.c.state == "planned",
                NEWER.c.planned_for <= NOW,
                NEWER.c.id > PAGES.c.id,
            )
        ),
    )
    .values(state="cancelled", ended_at=NOW, error_code=outbox.SUPERSEDED)
)
"""After an outage a reader gets one page a ticket, the newest, and not all that piled up."""


def claim(session: Session, app: App, now: datetime, *, limit: int) -> list[Claim]:
    """Claim up to `limit` due pages, worded and leased; the urgent ones first, then the oldest."""
    asked = {"now": now, "most": limit, "lately": now - LONGEST_WINDOW}
    rows = session.execute(DUE, asked).all()
    if any(row.planned_for < now - LATE for row in rows):
        session.execute(SUPERSEDE, {"now": now, "late": now - LATE})
        rows = session.execute(DUE, asked).all()
    broken = failover.broken_contacts(session, now) if any(row.any_broken for row in rows) else {}
    claiming = _Claiming(app, session, broken, now)
    claims = [claiming.claim(row) for row in rows]
    return [taken for taken in claims if taken is not None]


def deliver(app: App, taken: Claim) -> Outcome:
    """Hand a claimed page to its provider, or ask it for one in doubt; never raises.

    May block up to the channel's time limit. A claim that is half over is not used: until an answer came, another
    engine might hold the page.
    """
    if since_boot() - taken.claimed_at > LEASE.total_seconds() / 2:
        return Outcome(taken, NotifierError("it was claimed too long ago", permanent=False))
    notifier = app.notifiers[taken.channel]
    try:
        if taken.doubt_since is not None:
            return Outcome(taken, Found(notifier.look_up(taken.message, taken.doubt_since)))
        return Outcome(taken, notifier.send(taken.message))
    except NotifierError as refusal:
        return Outcome(taken, refusal)
    except Exception as fault:
        # The one broad net around a page: a broken channel must never stop another.
        log.exception("page.crashed", page=taken.page_id)
        words = str(fault) or type(fault).__name__
        return Outcome(taken, NotifierError(words, permanent=False, unknown=True))


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


class _Claiming:
    """One pass over due pages; remembers which readers it has settled already."""

    def __init__(
        self, app: App, session: Session, broken: Mapping[tuple[str, str], str], now: datetime
    ) -> None:
        self.app = app
        self.session = session
        self.broken = broken
        self.now = now
        self._settled: set[tuple[str, str]] = set()
        """Readers (and channels) whose other due pages joined a bundle or wait."""

    def claim(self, row: Row[*tuple[Any, ...]]) -> Claim | None:
        """Lease one due page and word it; None when it has nothing to do now."""
        if (row.person, row.channel) in self._settled or _is_over(self.session, row, self.now):
            return None
        channel = Channel(row.channel)
        address = row.address or _address_of(self.app, self.session, row)
        refusal = _why_never(self.app, row, address, self.broken)
        if refusal is not None:
            self._refuse(row, refusal)
            return None
        if channel is Channel.CALL and _is_on_the_phone(self.session, address, row.id, self.now):
            self._wait(row, self.now + NEXT_CALL)
            return None
        if self._must_wait(row, channel):
            return None
        waiting = self._bundle(row)
        try:
            message = _worded(self.app, row, address, waiting.fact(self.now) if waiting else {})
        except Exception as fault:
            # A page that cannot be worded must not keep the others waiting.
            log.exception("page.not_worded", page=row.id)
            self._refuse(row, NotifierError(f"it cannot be worded: {fault!r}", permanent=True))
            return None
        return _leased(
            self.app, self.session, row, message, self.now, is_bundle=waiting is not None
        )

    def _refuse(self, row: Row[*tuple[Any, ...]], refusal: NotifierError) -> None:
        page = self.session.get_one(Page, row.id, populate_existing=True)
        failover.refuse(self.session, self.app, page, refusal, self.now)

    def _wait(self, row: Row[*tuple[Any, ...]], until: datetime) -> None:
        _change(self.session, row.id, state="planned", lease_until=None, due_at=until)

    def _must_wait(self, row: Row[*tuple[Any, ...]], channel: Channel) -> bool:
        """Hold back what would overrun its reader, together with all that waits for the same one."""
        is_new = row.tries == 0 and row.state == "planned"
        if not (row.had_others and is_new and _may_join(row)):
            return False
        limit = bundles.limit_of(self.app.shelf.current.limits, channel)
        left = bundles.left_lately(self.session, row.person, channel, self.now - limit.within)
        until = bundles.may_leave_at(row, limit, left)
        if until <= self.now:
            return False
        bundles.hold_back(self.session, row, self.now, until)
        self._settled.add((row.person, row.channel))
        return True

    def _bundle(self, row: Row[*tuple[Any, ...]]) -> bundles.Waiting | None:
        """Let everything that waits for the same reader leave with this page, once there is more than a handful."""
        was_one = bundles.is_bundle(self.session, row.id) if row.tries else False
        if not _may_join(row) or not (row.had_others or was_one):
            return None
        joined = bundles.gather(self.session, row, self.now)
        if not (joined or was_one):
            return None
        self._settled.add((row.person, row.channel))
        waiting = bundles.waiting_for(self.session, row.person, self.now)
        return waiting if len(waiting.ids) > 1 else None


def _may_join(row: Row[*tuple[Any, ...]]) -> bool:
    return bool(row.rank == 0 and PageKind(row.kind).asks)


def _is_over(session: Session, row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """Close a page that has nothing left to do."""
    if row.provider_id:
        # Its engine fell over before it could note the receipt, but a report proves that it is out.
        _change(session, row.id, state="accepted", lease_until=None, accepted_at=now)
        return True
    if PageKind(row.kind).asks and row.ticket_state != "open":
        _change(session, row.id, state="cancelled", ended_at=now)
        return True
    return False


def _why_never(
    app: App, row: Row[*tuple[Any, ...]], address: str, broken: Mapping[tuple[str, str], str]
) -> NotifierError | None:
    """Why asking a provider would be in vain; None when it would not."""
    if row.falls >= MOST_FALLS:
        # Every try ended without a word, so the page itself may be what breaks its sender.
        return NotifierError(f"given up after {row.falls} falls", permanent=True)
    if Channel(row.channel) not in app.notifiers or not address:
        reason = f"{row.person} has no address for {row.channel}, or no provider is set up for it"
        return NotifierError(reason, permanent=True, code="no-address")
    code = broken.get((row.channel, address), "")
    if code:
        return NotifierError(
            f"known to be broken: {codes.meaning(code)}", permanent=True, code=code
        )
    return None


def _worded(
    app: App, row: Row[*tuple[Any, ...]], address: str, bundle: Mapping[str, Any]
) -> Message:
    kind = PageKind(row.kind)
    letters = links.letters_of(app.secret, row.token) if row.link_digest else ""
    link = f"{_links_begin(app, kind)}{letters}" if letters else ""
    envelope = Envelope(
        kind,
        row.person,
        Channel(row.channel),
        row.token,
        link,
        {**row.fact, **bundle},
        address,
        links.code_of(app.secret, row.token) if kind is PageKind.CODE else "",
    )
    message = messages.word(app.shelf.current, envelope, _matter(row))
    return replace(message, mark=link if link and link in message.text else "")


def _leased(
    app: App,
    session: Session,
    row: Row[*tuple[Any, ...]],
    message: Message,
    now: datetime,
    *,
    is_bundle: bool,
) -> Claim:
    channel = Channel(row.channel)
    doubt_since = _doubt_since(row) if app.notifiers[channel].can_look_up else None
    _change(
        session,
        row.id,
        state="sending",
        lease_until=now + LEASE,
        fence=row.fence + 1,
        tries=row.tries + (doubt_since is None),
        looks=row.looks + (doubt_since is not None),
        falls=row.falls + (row.state == "sending"),
        doubt_since=doubt_since,
        left_at=now,
        address=message.to,
        text=_masked(app, row, message.text),
    )
    return Claim(
        page_id=row.id,
        ticket_id=row.ticket_id,
        person=row.person,
        channel=channel,
        fence=row.fence + 1,
        message=message,
        claimed_at=since_boot(),
        is_bundle=is_bundle,
        doubt_since=doubt_since,
    )


def _doubt_since(row: Row[*tuple[Any, ...]]) -> datetime | None:
    """When the request left whose outcome nobody knows: as noted, or with the claim that an engine died over."""
    noted: datetime | None = row.doubt_since
    if noted is None and row.state == "sending" and row.lease_until is not None:
        return cast("datetime", row.lease_until - LEASE)
    return noted


def _masked(app: App, row: Row[*tuple[Any, ...]], text: str) -> str:
    """Return the words of a message without what only its reader may know: a link's letters, a code."""
    secrets = [links.letters_of(app.secret, row.token)] if row.link_digest else []
    if row.kind == PageKind.CODE.value:
        code = links.code_of(app.secret, row.token)
        secrets += [code, messages.spoken_code(code)]
    for secret in secrets:
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
                calls.c.left_at > now - LONGEST_CALL,
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
