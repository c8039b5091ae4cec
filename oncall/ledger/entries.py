"""The values of the ledger: kinds of entries, one entry, and how milli-days are written. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

DAY = 1000
"""Milli-days of one day."""
HOLDER, BACKUP = "holder", "backup"


class Kind(StrEnum):
    """Why the balance moved."""

    EARNED = "earned"
    """Hours of a turn held."""
    HOLIDAY = "holiday"
    """A public holiday spent with the phone."""
    NIGHT = "night"
    """A night broken by a page."""
    ADJUSTMENT = "adjustment"
    """An admin's correction, with a reason."""
    TAKEN = "taken"
    EXPIRED = "expired"
    PAID = "paid"
    CARRIED = "carried"
    """Moved into a lot with another end date; the two entries of a move sum to nothing."""
    REVERSAL = "reversal"
    """The opposite of an earlier entry."""


EXTRAS = frozenset({Kind.HOLIDAY, Kind.NIGHT})
FROM_TURNS = frozenset({Kind.EARNED, *EXTRAS})
"""What a turn brings; everything else is somebody's act or the calendar's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger as it was written; `amount` is in milli-days and `at` aware UTC."""

    id: int
    at: datetime
    person: str
    name: str
    """The person's name when it was written: it stays readable after they left the policy file."""
    amount: int
    kind: Kind
    lot: str
    expires: date | None
    """The last day the lot can be taken on; None when it never runs out."""
    rule_version: int
    actor: str = ""
    """Short name of a person, or empty for the machine."""
    reason: str = ""
    rotation: str = ""
    turn_start: datetime | None = None
    turn_end: datetime | None = None
    role: str = ""
    day: date | None = None
    """The holiday, the evening of the broken night, or the day off."""
    reverses: int | None = None
    of_kind: Kind | None = None
    """What kind of entry a reversal takes back."""
    facts: Mapping[str, Any] = field(default_factory=dict)


def in_days(amount: int) -> Decimal:
    """Return milli-days as days with three decimals: 911 is 0.911."""
    return Decimal(amount).scaleb(-3)


def days_text(amount: int) -> str:
    """Write milli-days as a file does: `0.911`, `-1.500`, always three decimals."""
    return f"{in_days(amount):.3f}"


def hours_of(amount: int, workday_hours: Decimal) -> Decimal:
    """Return milli-days as hours of a person's own workday, to the hundredth."""
    return _hundredths(in_days(amount) * workday_hours)


def money_of(amount: int, rate: Decimal) -> Decimal:
    """Return what `amount` milli-days are worth at `rate` a day, to the hundredth."""
    return _hundredths(in_days(amount) * rate)


def _hundredths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
