"""When much happens at once: pages to one reader wait a little and leave as one. Delays and joins, never drops.

The oldest page of a bundle leads: it is sent, and the others (`bundled`) share its fate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from notifiers.base import Channel
from oncall import outbox, timeline
from oncall.policy.model import PageLimit, PageLimits
from oncall.tables import Page, Ticket

GATHER = timedelta(seconds=1.5)
"""How long the first page beyond the limit waits for others to join it."""
REFS_SHOWN = 3
ASKED = ("sending", "accepted", "bundled")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open tickets one person was asked about, oldest first, and what a text says of them."""

    ids: tuple[int, ...]
    oldest: datetime | None = None
    who: str = ""
    """The customer of the oldest."""

    def fact(self, now: datetime) -> dict[str, Any]:
        """Return what the bundle's text tells."""
        minutes = int((now - self.oldest).total_seconds() // 60) if self.oldest else 0
        return {"count": len(self.ids), "refs": refs(self.ids), "minutes": minutes, "who": self.who}


def refs(ids: tuple[int, ...]) -> str:
    """Write ticket numbers as a text shows them: #412 #413 #414 +27."""
    shown = " ".join(f"#{number}" for number in ids[:REFS_SHOWN])
    more = len(ids) - REFS_SHOWN
    return f"{shown} +{more}" if more > 0 else shown


def limit_of(limits: PageLimits, channel: Channel) -> PageLimit:
    """Return the limit of a channel."""
    limit: PageLimit = getattr(limits, channel.value)
    return limit


def may_leave_at(
    row: Row[*tuple[Any, ...]], limit: PageLimit, left: tuple[int, datetime | None]
) -> datetime:
    """Return when a page of an urgent ticket may leave; its own time when the reader is not overrun.

    `left`: how many asking pages left for this reader within the limit's window, and when the last one did.
    """
    count, last = left
    planned: datetime = row.planned_for
    if count < limit.singles or last is None:
        return planned
    if count == limit.singles:
        return planned + GATHER
    return max(planned, last + limit.then_every)


def left_lately(
    session: Session, person: str, channel: Channel, since: datetime
) -> tuple[int, datetime | None]:
    """Return how many asking pages left for `person` since then, and when the last one did."""
    row = session.execute(
        select(func.count(), func.max(Page.left_at)).where(
            Page.person == person,
            Page.channel == channel.value,
            Page.left_at > since,
            Page.rank == 0,
            Page.bundle_id.is_(None),
        )
    ).one()
    return row[0], row[1]


def gather(session: Session, leader: Row[*tuple[Any, ...]], now: datetime) -> int:
    """Join every other page that waits for the same reader to `leader`; return how many."""
    joined = session.execute(
        update(Page)
        .where(
            Page.state == "planned",
            Page.kind.in_(outbox.ASKING),
            Page.rank == 0,
            # Also what waits for a bundle of its own.
            Page.planned_for <= now,
            Page.person == leader.person,
            Page.channel == leader.channel,
            Page.address.in_(("", leader.address)),
            Page.doubt_since.is_(None),
            Page.bundle_id.is_(None),
            Page.id != leader.id,
            Page.ticket_id.in_(select(Ticket.id).where(Ticket.state == "open")),
        )
        .values(state="bundled", bundle_id=leader.id)
    )
    count: int = joined.rowcount  # type: ignore[attr-defined]
    return count


def hold_back(session: Session, row: Row[*tuple[Any, ...]], now: datetime, until: datetime) -> None:
    """Let everything that is due for the same reader wait until then."""
    session.execute(
        update(Page)
        .where(
            Page.state == "planned",
            Page.kind.in_(outbox.ASKING),
            Page.rank == 0,
            Page.tries == 0,
            Page.person == row.person,
            Page.channel == row.channel,
            Page.due_at <= now,
        )
        .values(due_at=until)
    )


def accepted(session: Session, leader: int, now: datetime, status: str) -> None:
    """The provider took the leader: all who joined it are out as well."""
    joined = session.execute(
        select(Page.id, Page.ticket_id, Page.person, Page.channel).where(
            Page.bundle_id == leader, Page.state == "bundled"
        )
    ).all()
    lines = [
        timeline.line(
            row.ticket_id,
            now,
            "page_accepted",
            actor=row.person,
            page_id=row.id,
            channel=row.channel,
            bundled="yes",
        )
        for row in joined
        if row.ticket_id is not None
    ]
    if lines:
        session.execute(timeline.EVENTS.insert(), lines)
    session.execute(
        update(Page)
        .where(Page.bundle_id == leader, Page.state == "bundled")
        .values(state="accepted", accepted_at=now, provider_status=status)
    )


def reported(session: Session, leader: Page, now: datetime) -> None:
    """Let a report about the leader hold for all who joined it."""
    session.execute(
        update(Page)
        .where(Page.bundle_id == leader.id, Page.state.in_(("bundled", "accepted")))
        .values(
            state="accepted",
            accepted_at=func.coalesce(Page.accepted_at, now),
            provider_status=leader.provider_status,
            ended_at=leader.ended_at,
        )
    )


def release(session: Session, now: datetime) -> None:
    """Let pages go whose leader will not be sent any more: they are due by themselves."""
    leader = aliased(Page)
    gone = select(leader.id).where(
        leader.id == Page.bundle_id, leader.state.in_(("cancelled", "refused"))
    )
    session.execute(
        update(Page)
        .where(Page.state == "bundled", gone.exists())
        .values(state="planned", bundle_id=None, due_at=now)
        .execution_options(synchronize_session=False)
    )


def is_bundle(session: Session, page_id: int) -> bool:
    """Say whether others joined a page."""
    return session.scalar(select(Page.id).where(Page.bundle_id == page_id).limit(1)) is not None


def waiting_for(session: Session, person: str, now: datetime) -> Waiting:
    """Return the open urgent tickets that `person` was asked about, or is about to be, oldest first."""
    rows = session.execute(
        select(Ticket.id, Ticket.opened_at, Ticket.customer_name)
        .where(
            Ticket.state == "open",
            Ticket.urgency == "urgent",
            Ticket.id.in_(
                select(Page.ticket_id).where(
                    Page.person == person,
                    Page.kind.in_(outbox.ASKING),
                    or_(Page.state.in_(ASKED), and_(Page.state == "planned", Page.due_at <= now)),
                )
            ),
        )
        .order_by(Ticket.id)
    ).all()
    if not rows:
        return Waiting(())
    return Waiting(tuple(row.id for row in rows), rows[0].opened_at, rows[0].customer_name)
