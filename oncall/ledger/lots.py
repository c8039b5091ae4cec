"""Lots: days with an end date, those that end first used first. Pure sums over entries; posts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from oncall.ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of days that came together and end together."""

    key: str
    left: int
    """Milli-days."""
    ends: date | None
    """The last day they can be taken on."""
    since: datetime
    rotation: str = ""
    turn_start: datetime | None = None
    turn_end: datetime | None = None

    def lasts_to(self, day: date) -> bool:
        """Say whether the lot can still be taken on `day`."""
        return self.ends is None or self.ends >= day


@dataclass(frozen=True, slots=True)
class Purse:
    """The lots of one person, the first to end first; `debt` is what is owed beyond them."""

    lots: tuple[Lot, ...]
    debt: int = 0

    @property
    def balance(self) -> int:
        """The sum of everything, in milli-days."""
        return sum(lot.left for lot in self.lots) - self.debt


@dataclass(frozen=True, slots=True)
class Booking:
    """Milli-days promised for a day."""

    day: date
    amount: int


Use = tuple[str, int]
"""(lot, milli-days taken from it)"""
AHEAD = "ahead"
"""The lot of days taken before they were earned."""


def purse_of(entries: Iterable[Entry]) -> Purse:
    """Return what is left in each lot; a lot that is overdrawn is made up for by those that end first."""
    found: dict[str, Lot] = {}
    for entry in entries:
        known = found.get(entry.lot)
        if known is None:
            found[entry.lot] = _new(entry)
            continue
        found[entry.lot] = replace(known, left=known.left + entry.amount)
    owed = -sum(lot.left for lot in found.values() if lot.left < 0)
    kept = []
    for lot in sorted((lot for lot in found.values() if lot.left > 0), key=_order):
        made_up = min(owed, lot.left)
        owed -= made_up
        if lot.left > made_up:
            kept.append(replace(lot, left=lot.left - made_up))
    return Purse(tuple(kept), owed)


def spend(purse: Purse, booking: Booking) -> tuple[Use, ...]:
    """Return which lots pay for `booking`; what they cannot pay comes from `AHEAD`."""
    left, uses = booking.amount, []
    for lot in purse.lots:
        if left and lot.lasts_to(booking.day):
            used = min(left, lot.left)
            uses.append((lot.key, used))
            left -= used
    return (*uses, (AHEAD, left)) if left else tuple(uses)


def after(purse: Purse, bookings: Iterable[Booking]) -> Purse:
    """Return the purse when all `bookings` are paid, in the order of their days."""
    for booking in sorted(bookings, key=lambda one: one.day):
        purse = _less(purse, spend(purse, booking))
    return purse


def shortfall(purse: Purse, bookings: Sequence[Booking]) -> int:
    """Return how many milli-days of `bookings` no lot can pay; lots that end before a day cannot pay for it."""
    return after(purse, bookings).debt - purse.debt


def run_out(purse: Purse, today: date) -> tuple[Lot, ...]:
    """Return the lots whose last day lies before `today`."""
    return tuple(lot for lot in purse.lots if lot.ends is not None and lot.ends < today)


def ending(purse: Purse, by: date) -> tuple[Lot, ...]:
    """Return the lots whose last day is `by` or before."""
    return tuple(lot for lot in purse.lots if lot.ends is not None and lot.ends <= by)


def beyond(purse: Purse, most: int) -> tuple[Use, ...]:
    """Return what of each lot lies beyond `most` milli-days, those that end first given up first."""
    excess = max(0, sum(lot.left for lot in purse.lots) - most)
    uses = []
    for lot in purse.lots:
        given_up = min(excess, lot.left)
        if given_up:
            uses.append((lot.key, given_up))
            excess -= given_up
    return tuple(uses)


def _less(purse: Purse, uses: Iterable[Use]) -> Purse:
    gone = dict(uses)
    kept = (replace(lot, left=lot.left - gone.get(lot.key, 0)) for lot in purse.lots)
    return Purse(tuple(lot for lot in kept if lot.left), purse.debt + gone.get(AHEAD, 0))


def _new(entry: Entry) -> Lot:
    return Lot(
        entry.lot,
        entry.amount,
        entry.expires,
        entry.at,
        entry.rotation,
        entry.turn_start,
        entry.turn_end,
    )


def _order(lot: Lot) -> tuple[date, datetime, str]:
    return lot.ends or date.max, lot.since, lot.key
