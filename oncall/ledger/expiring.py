"""Days that run out: warned in time, then paid, dropped, kept or left to an admin, as the policy says.

The day after a lot's last day its rest is settled. At the turn of the year what lies beyond the carry-over is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall.app import App
from oncall.ledger import book, lots, requests, telling, terms
from oncall.ledger.book import Draft
from oncall.ledger.entries import Kind
from oncall.ledger.lots import Lot, Purse
from oncall.ledger.terms import Own
from oncall.tables import LedgerEntry


@dataclass(frozen=True, slots=True)
class Ended:
    """Milli-days of one lot that ran out and await what becomes of them."""

    person: str
    name: str
    lot: str
    amount: int
    ended_on: date
    by_year: bool
    """Whether the turn of the year ended them, and not the lot's own last day."""
    then: str


def day_passes(session: Session, app: App, person: str, now: datetime) -> None:
    """Settle what of `person` ran out, warn of what will, and of a balance that grows too high."""
    book.hold(session, person, now)
    for ended in ended_of(session, app, person, now):
        if ended.then == "ask_admin":
            _ask_admins(session, app, ended, now)
        else:
            settle(session, app, ended, then=ended.then, by="", now=now)
    if person in app.shelf.current.people:
        _warn(session, app, person, now)
        _warn_high(session, app, (person, terms.own(app.shelf.current, person)), now)


def preview(session: Session, app: App, now: datetime) -> tuple[Ended, ...]:
    """Return everything that ran out and is not settled, by person."""
    return tuple(
        ended for person in people(session) for ended in ended_of(session, app, person, now)
    )


def ended_of(session: Session, app: App, person: str, now: datetime) -> tuple[Ended, ...]:
    """Return what of the days of `person` ran out and is not settled."""
    own = terms.own(app.shelf.current, person)
    today = now.astimezone(own.zone).date()
    purse = book.purse(session, person)
    run_out = [
        Ended(person, own.name, lot.key, lot.left, lot.ends, by_year=False, then=own.expires.then)
        for lot in lots.run_out(purse, today)
        if lot.ends is not None
    ]
    gone = {ended.lot for ended in run_out}
    alive = Purse(tuple(lot for lot in purse.lots if lot.key not in gone), purse.debt)
    return (*run_out, *_beyond_the_year(session, alive, (person, own), today))


def settle(
    session: Session, app: App, ended: Ended, *, then: str, by: str, now: datetime, **facts: str
) -> None:
    """Pay, lose or keep days that ran out; `facts` (rate, month) go with a payout."""
    own = terms.own(app.shelf.current, ended.person)
    serial = len(book.entries_of(session, ended.person))
    draft = Draft(
        key=f"{then}:{ended.person}:{serial}:{ended.lot}",
        person=ended.person,
        name=ended.name,
        amount=-ended.amount,
        kind={"pay": Kind.PAID, "lose": Kind.EXPIRED, "keep": Kind.CARRIED}[then],
        lot=ended.lot,
        expires=ended.ended_on,
        rule_version=app.shelf.current_id(),
        actor=by,
        day=ended.ended_on,
        facts=facts or ({"month": f"{ended.ended_on:%Y-%m}"} if then == "pay" else {}),
    )
    drafts = [draft]
    if then == "keep":
        today = now.astimezone(own.zone).date()
        into = replace(
            draft,
            key=f"{draft.key}:into",
            amount=ended.amount,
            lot=f"kept {ended.lot}"[:120],
            expires=own.end_of(today),
        )
        drafts.append(into)
    book.write(session, drafts, now)


def _beyond_the_year(
    session: Session, purse: Purse, whose: tuple[str, Own], today: date
) -> Iterator[Ended]:
    person, own = whose
    most = own.limits.carry_over
    if most is None:
        return
    old = tuple(lot for lot in purse.lots if lot.since.astimezone(own.zone).year < today.year)
    # What is promised for days off already is no surplus.
    old_purse = lots.after(Purse(old), requests.booked(session, person))
    for key, amount in lots.beyond(old_purse, most):
        yield Ended(
            person, own.name, key, amount, date(today.year - 1, 12, 31), by_year=True, then=own.expires.then
        )  # fmt: skip


def _warn(session: Session, app: App, person: str, now: datetime) -> None:
    own = terms.own(app.shelf.current, person)
    today = now.astimezone(own.zone).date()
    left = lots.after(book.purse(session, person), requests.booked(session, person))
    by_end: dict[date, int] = {}
    for lot in _news(session, left.lots, (person, own), today, now):
        if lot.ends is not None:
            by_end[lot.ends] = by_end.get(lot.ends, 0) + lot.left
    for ends, amount in sorted(by_end.items()):
        telling.tell(session, app, person, "days-run-out", now=now, days=amount, day=ends)


def _news(
    session: Session, found: Iterable[Lot], whose: tuple[str, Own], today: date, now: datetime
) -> Iterator[Lot]:
    """Yield the lots whose next warning is due: each warning once, several at once as one."""
    person, own = whose
    for lot in found:
        if lot.ends is None or lot.ends < today:
            continue
        due = [warning for warning in own.expires.warn if lot.ends - warning <= today]
        marks = [
            book.mark(session, f"warned:{person}:{lot.key}:{warning.days}", now) for warning in due
        ]
        if any(marks):
            yield lot


def _ask_admins(session: Session, app: App, ended: Ended, now: datetime) -> None:
    if not book.mark(session, f"ended:{ended.person}:{ended.lot}:{ended.ended_on}", now):
        return
    for name, person in app.shelf.current.people.items():
        if person.role == "admin":
            telling.tell(
                session, app, name, "days-ran-out", now=now, name=ended.name,
                days=ended.amount, day=ended.ended_on, path=telling.ADMIN_PAGE,
            )  # fmt: skip


def _warn_high(session: Session, app: App, whose: tuple[str, Own], now: datetime) -> None:
    person, own = whose
    most = own.limits.highest_balance
    balance = book.purse(session, person).balance
    month = f"{now.astimezone(own.zone):%Y-%m}"
    if most is None or balance <= most or not book.mark(session, f"high:{person}:{month}", now):
        return
    telling.tell(session, app, person, "balance-high", now=now, balance=balance, most=most)
    for lead in terms.deciders(app.shelf.current, person, now.astimezone(own.zone).date()):
        telling.tell(
            session, app, lead, "balance-high-lead", now=now, name=person,
            balance=balance, most=most, path=telling.TEAM_PAGE,
        )  # fmt: skip


def people(session: Session) -> list[str]:
    """Return everybody who ever had an entry."""
    return sorted(session.scalars(select(LedgerEntry.person).distinct()))
