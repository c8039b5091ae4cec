"""What turns will bring that are not over yet, counted as they will be posted. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.ledger import earning, posting
from oncall.ledger.earning import Credit, TurnId
from rotations.schedule import SHADOW

FAR = timedelta(weeks=26)
MOST_TURNS = 4


@dataclass(frozen=True, slots=True)
class Coming:
    """One turn of a person and what it brings as things stand; amounts in milli-days."""

    turn: TurnId
    is_running: bool
    credits: tuple[Credit, ...]

    @property
    def amount(self) -> int:
        """Everything it brings."""
        return sum(credit.amount for credit in self.credits)


def coming_to(session: Session, app: App, person: str, now: datetime) -> tuple[Coming, ...]:
    """Return the next turns that bring `person` something, the running one first."""
    version = app.shelf.current_id()
    found = []
    for turn in _turns_of(session, app, person, now):
        counted = posting.count(session, app, turn, version)
        mine = tuple(one for one in counted.credits if one.person == person and one.counts)
        if mine:
            found.append(Coming(turn, turn.start <= now, mine))
        if len(found) == MOST_TURNS:
            break
    return tuple(found)


def _turns_of(session: Session, app: App, person: str, now: datetime) -> Iterable[TurnId]:
    shifts = rota.roster_at(session, app.shelf.current).final_schedule(now, now + FAR)
    # A short cover may stay credited to whoever's turn it is: their turns count as well.
    mine = [
        one
        for one in shifts
        if person in (one.person, one.planned) and one.role != SHADOW and one.turn_end > now
    ]
    return earning.turns_of(mine)
