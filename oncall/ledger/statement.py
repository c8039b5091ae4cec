"""A statement: what there was, what came and went, what there is. Sums entries; words nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.ledger.entries import EXTRAS, Entry, Kind

COLUMNS = ("earned", "extras", "adjustments", "corrections", "carried", "taken", "expired", "paid")
"""Every way a balance moves, in the order a statement shows them."""
_COLUMN_OF = {
    Kind.EARNED: "earned",
    Kind.ADJUSTMENT: "adjustments",
    Kind.REVERSAL: "corrections",
    Kind.CARRIED: "carried",
    Kind.TAKEN: "taken",
    Kind.EXPIRED: "expired",
    Kind.PAID: "paid",
    **dict.fromkeys(EXTRAS, "extras"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One person's book from `start` (included) to `end` (not included); amounts in milli-days."""

    person: str
    start: datetime
    end: datetime
    opening: int
    sums: tuple[tuple[str, int], ...]
    """(column, sum) for every column of `COLUMNS`."""
    closing: int
    entries: tuple[Entry, ...]

    @property
    def adds_up(self) -> bool:
        """Whether opening and movements make the closing."""
        return self.opening + sum(amount for _, amount in self.sums) == self.closing


def statement_of(
    person: str, entries: Sequence[Entry], start: datetime, end: datetime
) -> Statement:
    """Return the statement of `person` from all their entries; the closing is summed on its own."""
    here = tuple(entry for entry in entries if start <= entry.at < end)
    return Statement(
        person,
        start,
        end,
        opening=_sum(entry for entry in entries if entry.at < start),
        sums=tuple((column, _sum(_in(here, column))) for column in COLUMNS),
        closing=_sum(entry for entry in entries if entry.at < end),
        entries=here,
    )


def _in(entries: Iterable[Entry], column: str) -> Iterable[Entry]:
    return (entry for entry in entries if _COLUMN_OF[entry.kind] == column)


def _sum(entries: Iterable[Entry]) -> int:
    return sum(entry.amount for entry in entries)
