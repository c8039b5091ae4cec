"""What hours that would change hands bring or cost in comp days, as the ledger would count them. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.ledger import earning, posting
from oncall.roster import Roster
from oncall.swaps.rules import Take, with_takes


def gains(session: Session, app: App, rotation: str, takes: tuple[Take, ...]) -> Mapping[str, int]:
    """Return, per person, the milli-days `takes` would bring (or, below zero, cost) if they came true.

    Empty where the policy gives no comp days.
    """
    if app.shelf.current.comp_days is None or not takes:
        return {}
    before = rota.roster_at(session, app.shelf.current)
    after = with_takes(before, rotation, takes)
    found = _earned(session, app, after, rotation, takes)
    found.subtract(_earned(session, app, before, rotation, takes))
    return {person: amount for person, amount in found.items() if amount}


def _earned(
    session: Session, app: App, roster: Roster, rotation: str, takes: tuple[Take, ...]
) -> Counter[str]:
    start = min(take.hours[0] for take in takes)
    end = max(take.hours[1] for take in takes)
    shifts = [
        shift
        for shift in roster.final_schedule(start, end, rotation)
        if any(
            shift.turn_start < take.hours[1] and take.hours[0] < shift.turn_end for take in takes
        )
    ]
    found: Counter[str] = Counter()
    for turn in earning.turns_of(shifts):
        counted = posting.count(session, app, turn, app.shelf.current_id(), roster=roster)
        for credit in counted.credits:
            if credit.counts:
                found[credit.person] += credit.amount
    return found
