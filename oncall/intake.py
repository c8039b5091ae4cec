"""Takes a source's ticket in and, where it can, lets its first page leave with the same commit. Judges no shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import structlog

from oncall import paging, sending, store, tickets
from oncall.app import App
from oncall.claims import Claim
from oncall.errors import OncallError
from oncall.policy.model import Urgency
from oncall.tickets import NewTicket, Opened

log = structlog.get_logger()


def take_in(app: App, new: NewTicket) -> Opened:
    """Store `new` and return how it stands; once this returns, it is safe. Raises `UnknownTeam`.

    When a sender of this process is free, an urgent ticket takes the short way: its first step is planned and a
    page claimed in the transaction that stores it, so no other thread has to wake first. Otherwise, and after
    any fault on that way, the ticket is stored alone and the engine finds it due.
    """
    if not app.senders.reserve(1):
        return _stored(app, new)
    claims: list[Claim] = []
    try:
        short = _short_way(app, new)
        if short is not None:
            claims = short.claims
    finally:
        app.senders.give_back(1 - len(claims))
    for taken in claims:
        app.senders.start(partial(sending.deliver, app, taken))
    return short.opened if short is not None else _stored(app, new)


@dataclass(frozen=True, slots=True)
class _Short:
    """What the short way came to: the ticket, and the page that leaves now, if any."""

    opened: Opened
    claims: list[Claim]


def _stored(app: App, new: NewTicket) -> Opened:
    with app.sessions.begin() as session:
        return tickets.open_ticket(session, app, new)


def _short_way(app: App, new: NewTicket) -> _Short | None:
    """Return None when a fault came before the commit: nothing is stored then. One in the commit is raised."""
    with app.sessions() as session:
        try:
            opened = tickets.open_ticket(session, app, new)
            claims = []
            if opened.created and opened.urgency is Urgency.URGENT:
                now = app.clock()
                due = paging.plan_new(session, app, opened, now)
                claims = sending.claim(session, app, now, limit=1)
                ours = sum(taken.ticket_id == opened.ticket_id for taken in claims)
                if due == ours:
                    # Nothing is left for the engine but to store what the provider says, and that rings by itself.
                    store.let_sleep(session)
        except OncallError:
            raise
        except Exception:
            # Whatever it is, the ticket must not be lost for a shortcut.
            log.exception("intake.short_way_failed")
            session.rollback()
            return None
        session.commit()
    return _Short(opened, claims)
