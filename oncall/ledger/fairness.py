"""Read what the fairness page shows: tallies of a span, beside their means. Changes nothing and ranks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.board import Someone
from oncall.ledger import answers, board, tallies, terms
from oncall.ledger.tallies import MEASURES, Tally


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is shared: each person's number, the mean and the largest."""

    name: str
    values: tuple[tuple[Someone, int], ...]
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class Shared:
    """How a span was shared; weeks come in thousandths."""

    start: datetime
    end: datetime
    measures: tuple[Measure, ...]


def shared(session: Session, app: App, start: datetime, end: datetime) -> Shared:
    """Return how the phone was shared in [start, end) by the people of its rotations and whoever held it."""
    policy = app.shelf.current
    shifts = rota.roster_at(session, policy).final_schedule(start, end)
    answered = answers.between(session, start, end)
    on_rota = [name for rotation in policy.rotations.values() for name in rotation.order]
    people = [
        name
        for name in dict.fromkeys((*on_rota, *(shift.person for shift in shifts)))
        if name in policy.people
    ]
    found = tallies.tallies_of(people, shifts, answered, (start, end), terms.rules_of(policy))
    return Shared(
        start,
        end,
        tuple(
            Measure(
                name,
                tuple((board.someone(policy, one.person), _value(one, name)) for one in found),
                tallies.mean(found, name),
                max((_value(one, name) for one in found), default=0),
            )
            for name in MEASURES
        ),
    )


def _value(tally: Tally, measure: str) -> int:
    value: int = getattr(tally, measure)
    return value
