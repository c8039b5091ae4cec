"""What people laid over the planned turns (published turns, overrides, leave), read and written. Plans nothing.

Every change is a named act: one line in `rota_changes`, whose highest id is the rota's version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from oncall.policy.model import Policy
from oncall.roster import Laid, Roster, Span, roster_of
from oncall.tables import Base, Leave, Override, PublishedTurn, RotaChange
from rotations import schedule

LOCK = 0x40A7A
"""Key of PostgreSQL's advisory lock around whatever reads the rota to change it; SQLite has one writer anyway."""

LONG = "long"
"""The kind of leave during which a person's fair share of turns pauses."""

CHANGES: Table = Base.metadata.tables[RotaChange.__tablename__]
VERSION = select(func.max(CHANGES.c.id))

_Row = TypeVar("_Row")

_known: WeakKeyDictionary[Pool, Laid] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Away:
    """Hours in which one person cannot hold the phone."""

    id: int
    person: str
    start: datetime
    end: datetime
    kind: str
    note: str
    source: str = "page"
    made_by: str = ""


def roster_at(session: Session, policy: Policy) -> Roster:
    """Return who holds what under `policy` with everything people laid over it, as this transaction sees it."""
    return roster_of(policy, laid(session))


def laid(session: Session) -> Laid:
    """Return what is laid over the plain turns; read once per version of the rota."""
    found: Laid | None = session.info.get("laid")
    if found is None:
        number = version(session)
        # What is not committed is nobody else's: after a rollback SQLite gives the same number again.
        is_ours = session.info.get("rota_changed", False)
        found = _read(session, number) if is_ours else _at_version(session, number)
        session.info["laid"] = found
    return found


def version(session: Session) -> int:
    """Return the version of the rota: it goes up with every change; 0 before the first."""
    return session.execute(VERSION).scalar() or 0


def lock(session: Session) -> None:
    """Let nobody else change the rota until this transaction ends; call it before reading what decides a change."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    session.info.pop("laid", None)


def change(
    session: Session,
    kind: str,
    *,
    rotation: str,
    actor: str,
    now: datetime,
    reason: str = "",
    **data: Any,
) -> int:
    """Note that `actor` (short name, empty for the machine) changes `rotation`; return the change's id."""
    lock(session)
    row = RotaChange(
        at=now, actor=actor, kind=kind, rotation=rotation, reason=reason, data=dict(data)
    )
    session.add(row)
    session.flush()
    session.info["rota_changed"] = True
    session.info.pop("laid", None)
    return row.id


def lay(
    session: Session,
    change_id: int,
    *,
    rotation: str,
    person: str,
    hours: Span,
    role: str = schedule.HOLDER,
) -> int:
    """Give `hours` of a role to `person`; return the override's id. The newest wins where two overlap."""
    row = Override(
        rotation=rotation,
        role=role,
        person=person,
        starts_at=hours[0],
        ends_at=hours[1],
        change_id=change_id,
    )
    session.add(row)
    session.flush()
    session.info.pop("laid", None)
    return row.id


def overrides_of(session: Session, change_id: int) -> tuple[int, ...]:
    """Return the ids of the overrides a change laid."""
    return tuple(session.scalars(select(Override.id).where(Override.change_id == change_id)))


def take_back(session: Session, override_ids: Iterable[int], change_id: int) -> int:
    """End overrides that still count; return how many did."""
    ended = session.execute(
        update(Override)
        .where(Override.id.in_(list(override_ids)), Override.ended_by.is_(None))
        .values(ended_by=change_id)
    )
    session.info.pop("laid", None)
    return int(ended.rowcount)  # type: ignore[attr-defined]


def add_leave(
    session: Session,
    person: str,
    hours: Span,
    *,
    actor: str,
    now: datetime,
    kind: str = "leave",
    note: str = "",
) -> int:
    """Store hours in which `person` cannot hold the phone; return the leave's id."""
    row = Leave(
        person=person,
        starts_at=hours[0],
        ends_at=hours[1],
        kind=kind,
        note=note,
        made_at=now,
        made_by=actor,
    )
    return _add(session, row)


def add_leave_of_calendar(
    session: Session, person: str, hours: Span, *, uid: str, now: datetime
) -> int:
    """Store hours that the person's own calendar says they are away, by its entry's `uid`; return the leave's id."""
    row = Leave(
        person=person,
        starts_at=hours[0],
        ends_at=hours[1],
        source="feed",
        uid=uid,
        made_at=now,
        made_by=person,
    )
    return _add(session, row)


def _add(session: Session, row: Leave) -> int:
    session.add(row)
    session.flush()
    change(
        session,
        "leave",
        rotation="",
        actor=row.made_by,
        now=row.made_at,
        leave=row.id,
        person=row.person,
    )
    return row.id


def cancel_leave(session: Session, leave_id: int, *, actor: str, now: datetime) -> bool:
    """Take a leave back; say whether it still stood."""
    ended = session.execute(
        update(Leave)
        .where(Leave.id == leave_id, Leave.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    change(session, "leave_cancelled", rotation="", actor=actor, now=now, leave=leave_id)
    return True


def leaves(
    session: Session, start: datetime, end: datetime, person: str | None = None
) -> tuple[Away, ...]:
    """Return the leave that touches [start, end), of one person or of everybody, in order."""
    asked = (
        select(Leave)
        .where(Leave.cancelled_at.is_(None), Leave.starts_at < end, Leave.ends_at > start)
        .order_by(Leave.starts_at, Leave.id)
    )
    if person is not None:
        asked = asked.where(Leave.person == person)
    return tuple(
        Away(
            row.id,
            row.person,
            row.starts_at,
            row.ends_at,
            row.kind,
            row.note,
            row.source,
            row.made_by,
        )
        for row in session.scalars(asked)
    )


def _at_version(session: Session, number: int) -> Laid:
    pool = session.connection().engine.pool
    known = _known.get(pool)
    if known is None or known.version != number:
        known = _known[pool] = _read(session, number)
    return known


def _read(session: Session, number: int) -> Laid:
    if not number:
        return Laid()
    turns = session.execute(
        select(
            PublishedTurn.rotation,
            PublishedTurn.starts_at,
            PublishedTurn.ends_at,
            PublishedTurn.holder,
            PublishedTurn.backup,
        ).order_by(PublishedTurn.starts_at)
    )
    overrides = session.execute(
        select(
            Override.rotation,
            Override.id,
            Override.role,
            Override.person,
            Override.starts_at,
            Override.ends_at,
        )
        .where(Override.ended_by.is_(None))
        .order_by(Override.id)
    )
    away = session.execute(
        select(Leave.person, Leave.starts_at, Leave.ends_at, Leave.kind)
        .where(Leave.cancelled_at.is_(None))
        .order_by(Leave.starts_at)
    ).all()
    long = [row for row in away if row.kind == LONG]
    return Laid(
        version=number,
        published=_by_name(turns, lambda row: schedule.Published(*row[1:])),
        overrides=_by_name(overrides, lambda row: schedule.Override(*row[1:])),
        leave=_by_name(away, _hours),
        long_leave=_by_name(long, _hours),
    )


def _hours(row: Any) -> Span:
    return (row.starts_at, row.ends_at)


def _by_name(rows: Iterable[Any], value: Callable[[Any], _Row]) -> Mapping[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(value(row))
    return {name: tuple(values) for name, values in found.items()}
