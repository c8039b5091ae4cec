"""Write pages down and call them off. Every page is a row before anything is sent; this file sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import links, store
from oncall.messages import PageKind
from oncall.tables import Base, Page, Ticket

PAGES: Table = Base.metadata.tables[Page.__tablename__]
ASKING = (PageKind.ALERT.value, PageKind.NOBODY.value)
UNDER_WAY = ("sending", "accepted")
SUPERSEDED = "superseded"
"""Why a page that a newer one of the same ticket and reader replaced was called off."""


def row_of(
    *,
    secret: bytes | None,
    kind: PageKind,
    person: str,
    channel: Channel,
    due_at: datetime,
    fact: Mapping[str, Any],
    **where: Any,
) -> dict[str, Any]:
    """Return the columns of a new page; with `secret` it gets a link of its own."""
    token = links.new_token()
    return {
        "kind": kind.value,
        "person": person,
        "channel": channel.value,
        "due_at": due_at,
        "planned_for": due_at,
        "state": "planned",
        "token": token,
        "link_digest": links.digest_of(links.letters_of(secret, token)) if secret else None,
        "fact": dict(fact),
        "rank": 1,
        **where,
    }


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that tells `person` something and asks nothing of them."""

    kind: PageKind
    person: str
    fact: Mapping[str, Any]
    channel: Channel = Channel.SMS
    address: str = ""
    """Where it goes when not to the person's own number."""
    serial: int | None = None
    """Tells apart what would otherwise be the same page twice; the ticket's version does when None."""


def tell(session: Session, ticket: Ticket | None, notice: Notice, *, now: datetime) -> None:
    """Write down `notice`, due now."""
    version = ticket.version if ticket else 0
    row = row_of(
        secret=None,
        kind=notice.kind,
        person=notice.person,
        channel=notice.channel,
        due_at=now,
        fact=notice.fact,
        ticket_id=ticket.id if ticket else None,
        address=notice.address,
        rung=version if notice.serial is None else notice.serial,
    )
    session.execute(PAGES.insert(), row)
    store.wake(session)


def tell_others(
    session: Session, ticket: Ticket, *, but: str, now: datetime, fact: Mapping[str, Any]
) -> None:
    """Tell everyone who was asked about `ticket`, save `but`, that there is nothing left for them to do."""
    asked = session.execute(
        select(Page.person, Page.channel)
        .where(Page.ticket_id == ticket.id, Page.kind.in_(ASKING), Page.state.in_(UNDER_WAY))
        .distinct()
    ).all()
    reached_by_phone = {row.person for row in asked if row.channel != Channel.EMAIL.value}
    for person in sorted({row.person for row in asked} - {but}):
        channel = Channel.SMS if person in reached_by_phone else Channel.EMAIL
        tell(session, ticket, Notice(PageKind.TAKEN, person, fact, channel), now=now)


def people_asked(session: Session, ticket_ids: Sequence[int]) -> set[str]:
    """Return everyone who was asked about any of these tickets."""
    rows = session.scalars(
        select(Page.person).where(
            Page.ticket_id.in_(ticket_ids), Page.kind.in_(ASKING), Page.state.in_(UNDER_WAY)
        )
    )
    return set(rows)


def stop_asking(
    session: Session,
    ticket_id: int,
    *,
    now: datetime,
    spare_page: int | None = None,
    only: str | None = None,
) -> None:
    """Call off what still asks about a ticket: planned pages die, ringing calls are to be hung up.

    `only` limits it to one person. `spare_page` is the call whose key was just pressed.
    """
    asking = [Page.ticket_id == ticket_id, Page.kind.in_(ASKING)]
    if only is not None:
        asking.append(Page.person == only)
    # In one order, as the engine takes them, or each could wait for a row the other has.
    session.execute(select(Page.id).where(*asking).order_by(Page.id).with_for_update())
    session.execute(
        update(Page)
        .where(*asking, Page.state.in_(("planned", "bundled")))
        .values(state="cancelled", ended_at=now)
    )
    session.execute(
        update(Page)
        .where(
            *asking,
            Page.channel == Channel.CALL.value,
            Page.state.in_(UNDER_WAY),
            Page.ended_at.is_(None),
            Page.id != (spare_page or 0),
        )
        .values(hang_up=True)
    )


def people_asked_in_step(session: Session, ticket: Ticket) -> set[str]:
    """Return the people whom the step that runs now asked."""
    last = session.execute(
        select(Page.round, Page.step)
        .where(Page.ticket_id == ticket.id, Page.kind == PageKind.ALERT.value)
        .order_by(Page.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return set()
    return set(
        session.scalars(
            select(Page.person).where(
                Page.ticket_id == ticket.id,
                Page.kind == PageKind.ALERT.value,
                Page.round == last.round,
                Page.step == last.step,
            )
        )
    )
