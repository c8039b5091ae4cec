"""What an admin does to the ledger by hand: adjust, pay out, settle what ran out. Never in their own book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from oncall import timeline
from oncall.app import App
from oncall.errors import NotAllowed, NotFound
from oncall.ledger import book, expiring, lots, requests, terms
from oncall.ledger.asking import Refusal, Refused
from oncall.ledger.book import Draft
from oncall.ledger.entries import Kind, money_of
from oncall.ledger.lots import Booking

SHORTEST_REASON = 10
MOST = 100_000
"""Milli-days of one act."""
HIGHEST_RATE = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Payout:
    """Days to be paid: `rate` is money for one day, `month` the payroll's, as 2026-12."""

    amount: int
    rate: Decimal
    month: str


def adjust(
    session: Session, app: App, person: str, amount: int, *, reason: str, by: str, now: datetime
) -> None:
    """Add (or, below zero, take away) milli-days of `person` for a reason they will read; raises `Refused`."""
    reason = " ".join(reason.split())
    _refuse_own(app, person, by)
    if amount == 0:
        raise Refused(Refusal.NOT_POSITIVE)
    if abs(amount) > MOST:
        raise Refused(Refusal.TOO_LONG, amount=MOST)
    if len(reason) < SHORTEST_REASON:
        raise Refused(Refusal.REASON_TOO_SHORT, amount=SHORTEST_REASON)
    book.hold(session, person, now)
    serial = len(book.entries_of(session, person))
    own = terms.own(app.shelf.current, person)
    today = now.astimezone(own.zone).date()
    lot = f"adjustment {now:%Y-%m-%dT%H:%M:%SZ} {serial}"
    ends: dict[str, date | None] = {lot: own.end_of(today)}
    uses: tuple[lots.Use, ...] = ((lot, amount),)
    if amount < 0:
        purse = book.purse(session, person)
        ends = {one.key: one.ends for one in purse.lots}
        uses = tuple((key, -used) for key, used in lots.spend(purse, Booking(date.min, -amount)))
    drafts = [
        Draft(
            key=f"adjustment:{person}:{serial}:{key}",
            person=person,
            name=own.name,
            amount=used,
            kind=Kind.ADJUSTMENT,
            lot=key,
            expires=ends.get(key),
            rule_version=app.shelf.current_id(),
            actor=by,
            reason=reason,
        )
        for key, used in uses
    ]
    book.write(session, drafts, now)
    timeline.audit(session, now, by, "ledger.adjusted", person=person, amount=amount, reason=reason)


def pay_out(
    session: Session, app: App, person: str, payout: Payout, *, by: str, now: datetime
) -> Decimal:
    """Pay days out instead of giving them off; return the money. Raises `Refused` for more than is free."""
    _refuse_own(app, person, by)
    if payout.amount <= 0:
        raise Refused(Refusal.NOT_POSITIVE)
    _refuse_payroll(payout)
    book.hold(session, person, now)
    purse = lots.after(book.purse(session, person), requests.booked(session, person))
    if payout.amount > max(0, purse.balance):
        raise Refused(Refusal.TOO_FEW_DAYS, amount=max(0, purse.balance))
    own = terms.own(app.shelf.current, person)
    serial = len(book.entries_of(session, person))
    ends = {lot.key: lot.ends for lot in purse.lots}
    # What ran out may still be paid: only a day off has to lie before the end.
    uses = lots.spend(purse, Booking(date.min, payout.amount))
    drafts = [
        Draft(
            key=f"paid:{person}:{serial}:{lot}",
            person=person,
            name=own.name,
            amount=-used,
            kind=Kind.PAID,
            lot=lot,
            expires=ends.get(lot),
            rule_version=app.shelf.current_id(),
            actor=by,
            facts=_payroll(payout),
        )
        for lot, used in uses
    ]
    book.write(session, drafts, now)
    timeline.audit(
        session, now, by, "ledger.paid", person=person, amount=payout.amount, month=payout.month
    )
    return money_of(payout.amount, payout.rate)


def settle(
    session: Session,
    app: App,
    what: tuple[str, str],
    *,
    then: str,
    by: str,
    now: datetime,
    payout: Payout | None = None,
) -> None:
    """Decide about a lot that ran out; `what` is (person, lot). Raises `NotFound` when it is settled already."""
    person, lot = what
    _refuse_own(app, person, by)
    book.hold(session, person, now)
    found = [one for one in expiring.ended_of(session, app, person, now) if one.lot == lot]
    if not found:
        raise NotFound(f"nothing of {lot} waits for a decision")
    facts = {}
    if then == "pay" and payout is not None:
        _refuse_payroll(payout)
        facts = _payroll(payout)
    for ended in found:
        expiring.settle(session, app, ended, then=then, by=by, now=now, **facts)
    timeline.audit(session, now, by, "ledger.settled", person=person, lot=lot, then=then)


def _payroll(payout: Payout) -> dict[str, str]:
    return {"rate": f"{payout.rate:f}", "month": payout.month}


def _refuse_payroll(payout: Payout) -> None:
    if not 0 < payout.rate <= HIGHEST_RATE or payout.rate != payout.rate.quantize(Decimal("0.01")):
        raise Refused(Refusal.NO_RATE)
    try:
        datetime.strptime(payout.month, "%Y-%m")  # noqa: DTZ007 (a month, no instant)
    except ValueError:
        raise Refused(Refusal.NO_MONTH) from None


def _refuse_own(app: App, person: str, by: str) -> None:
    admin = app.shelf.current.people.get(by)
    if admin is None or admin.role != "admin" or person == by:
        raise NotAllowed("only an admin writes in the ledger, and never in their own book")
