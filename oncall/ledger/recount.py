"""What today's rules would have made of turns that are posted already. Shows it, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall.app import App
from oncall.ledger import book, posting
from oncall.ledger.earning import TurnId
from oncall.tables import PostedTurn


@dataclass(frozen=True, slots=True)
class Difference:
    """What one turn brought a person, and what it would bring; milli-days."""

    turn: TurnId
    person: str
    written: int
    counted: int


def recount(session: Session, app: App) -> tuple[Difference, ...]:
    """Return where the ledger differs from what the policy in force would post, oldest turn first."""
    version = app.shelf.current_id()
    rotations = app.shelf.current.rotations
    found = []
    for row in session.scalars(select(PostedTurn).order_by(PostedTurn.ends_at, PostedTurn.id)):
        if row.rotation not in rotations:
            continue
        turn = TurnId(row.rotation, row.starts_at, row.ends_at)
        found += _differences(session, app, turn, version)
    return tuple(found)


def _differences(session: Session, app: App, turn: TurnId, version: int) -> list[Difference]:
    written: dict[str, int] = {}
    for entry in posting.standing_of(book.entries_of_turn(session, turn.rotation, turn.start)):
        written[entry.person] = written.get(entry.person, 0) + entry.amount
    counted: dict[str, int] = {}
    for credit in posting.count(session, app, turn, version).credits:
        if credit.counts:
            counted[credit.person] = counted.get(credit.person, 0) + credit.amount
    return [
        Difference(turn, person, written.get(person, 0), counted.get(person, 0))
        for person in sorted({*written, *counted})
        if written.get(person, 0) != counted.get(person, 0)
    ]
