"""The book itself: entries in and out of the database, each written once. Never changes or removes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from oncall.ledger import lots
from oncall.ledger.entries import Entry, Kind
from oncall.tables import Base, LedgerEntry, LedgerMark

ENTRIES: Table = Base.metadata.tables[LedgerEntry.__tablename__]
MARKS: Table = Base.metadata.tables[LedgerMark.__tablename__]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry about to be written. `key` names what it is for; the same key is never written twice."""

    key: str
    person: str
    name: str
    amount: int
    kind: Kind
    lot: str
    expires: date | None
    rule_version: int
    actor: str = ""
    reason: str = ""
    rotation: str = ""
    turn_start: datetime | None = None
    turn_end: datetime | None = None
    role: str = ""
    day: date | None = None
    reverses: int | None = None
    of_kind: Kind | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, drafts: Iterable[Draft], now: datetime) -> int:
    """Write `drafts` down; return how many there were. An entry of nothing is left out."""
    rows = [_columns(draft, now) for draft in drafts if draft.amount]
    if rows:
        session.execute(ENTRIES.insert(), rows)
    return len(rows)


def reversal(entry: Entry, *, key: str, actor: str, reason: str) -> Draft:
    """Return the draft that takes `entry` back."""
    return Draft(
        key=key,
        person=entry.person,
        name=entry.name,
        amount=-entry.amount,
        kind=Kind.REVERSAL,
        lot=entry.lot,
        expires=entry.expires,
        rule_version=entry.rule_version,
        actor=actor,
        reason=reason,
        rotation=entry.rotation,
        turn_start=entry.turn_start,
        turn_end=entry.turn_end,
        role=entry.role,
        day=entry.day,
        reverses=entry.id,
        of_kind=entry.kind,
    )


def entries_of(session: Session, person: str) -> tuple[Entry, ...]:
    """Return every entry of `person`, in the order they were written."""
    return _read(session, LedgerEntry.person == person)


def entries(
    session: Session, start: datetime | None = None, end: datetime | None = None
) -> tuple[Entry, ...]:
    """Return everybody's entries written in [start, end), or all of them, in the order they were written."""
    wanted = []
    if start is not None:
        wanted.append(LedgerEntry.at >= start)
    if end is not None:
        wanted.append(LedgerEntry.at < end)
    return _read(session, *wanted)


def entries_of_turn(session: Session, rotation: str, turn_start: datetime) -> tuple[Entry, ...]:
    """Return what was ever written about one turn, reversals too."""
    return _read(session, LedgerEntry.rotation == rotation, LedgerEntry.turn_start == turn_start)


def balances(session: Session) -> dict[str, tuple[str, int]]:
    """Return (a name they had, balance in milli-days) of everybody who ever had an entry."""
    rows = session.execute(
        select(ENTRIES.c.person, func.max(ENTRIES.c.name), func.sum(ENTRIES.c.amount))
        .group_by(ENTRIES.c.person)
        .order_by(ENTRIES.c.person)
    )
    return {person: (name, int(amount)) for person, name, amount in rows}


def purse(session: Session, person: str) -> lots.Purse:
    """Return the lots of `person`."""
    return lots.purse_of(entries_of(session, person))


def hold(session: Session, person: str, now: datetime) -> None:
    """Let nobody else read the book of `person` to spend from it until this transaction ends."""
    hold_mark(session, f"book:{person}", now)


def hold_mark(session: Session, name: str, now: datetime) -> None:
    """Keep the mark `name`, made when it is not there, from everybody else until this transaction ends."""
    mark(session, name, now)
    session.execute(select(LedgerMark.name).where(LedgerMark.name == name).with_for_update()).one()


def mark(session: Session, name: str, now: datetime, value: str = "") -> bool:
    """Note that `name` was done or reached; return False when it was noted before."""
    insert = insert_for(session)(MARKS).values(name=name, value=value, at=now)
    return session.scalar(insert.on_conflict_do_nothing().returning(MARKS.c.name)) is not None


def move_mark(session: Session, name: str, now: datetime, value: str) -> None:
    """Set the mark `name` to `value`, whether it was there or not."""
    session.merge(LedgerMark(name=name, value=value, at=now))


def insert_for(session: Session) -> Any:
    """Return the insert of this session's database, which knows `on_conflict_do_nothing`."""
    return _INSERT[session.get_bind().dialect.name]


def marked(session: Session, name: str) -> LedgerMark | None:
    """Return the mark called `name`, None when there is none."""
    return session.get(LedgerMark, name)


def _columns(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "key": draft.key,
        "at": now,
        "person": draft.person,
        "name": draft.name,
        "amount": draft.amount,
        "kind": draft.kind.value,
        "lot": draft.lot,
        "expires": draft.expires,
        "policy_version_id": draft.rule_version,
        "actor": draft.actor,
        "reason": draft.reason,
        "rotation": draft.rotation,
        "turn_start": draft.turn_start,
        "turn_end": draft.turn_end,
        "role": draft.role,
        "day": draft.day,
        "reverses": draft.reverses,
        "of_kind": draft.of_kind.value if draft.of_kind else None,
        "facts": dict(draft.facts),
    }


def _read(session: Session, *wanted: Any) -> tuple[Entry, ...]:
    rows = session.execute(select(ENTRIES).where(*wanted).order_by(ENTRIES.c.id))
    return tuple(
        Entry(
            id=row.id,
            at=row.at,
            person=row.person,
            name=row.name,
            amount=row.amount,
            kind=Kind(row.kind),
            lot=row.lot,
            expires=row.expires,
            rule_version=row.policy_version_id,
            actor=row.actor,
            reason=row.reason,
            rotation=row.rotation,
            turn_start=row.turn_start,
            turn_end=row.turn_end,
            role=row.role,
            day=row.day,
            reverses=row.reverses,
            of_kind=Kind(row.of_kind) if row.of_kind else None,
            facts=row.facts,
        )
        for row in rows
    )
