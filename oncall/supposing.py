"""Rosters in which something has come true that has not: leave, a leaver, a joiner. Stores nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from oncall.roster import Roster
from rotations.wall import start_of

_DAY = timedelta(days=1)


def suppose(roster: Roster, *guesses: str) -> Roster:
    """Return a roster in which what `guesses` say has come true; raises ValueError with words for the person.

    A guess is `ana away 2026-12-20 2027-01-03`, `bora leaves 2027-02-01` (the last day) or `dara joins 2027-03-01`.
    """
    for guess in guesses:
        roster = _supposed(roster, guess)
    return roster


def _supposed(roster: Roster, guess: str) -> Roster:
    words = guess.split()
    if len(words) < 3 or words[0] not in roster.policy.people:
        raise ValueError(_HOW)
    name, verb, *days = words
    try:
        dates = [date.fromisoformat(day) for day in days]
    except ValueError:
        raise ValueError(f'"{" ".join(days)}" is not a date; write 2026-12-20.') from None
    if verb == "away" and len(dates) == 2 and dates[0] <= dates[1]:
        zone = roster.policy.company.timezone
        span = (start_of(dates[0], zone), start_of(dates[1] + _DAY, zone))
        leave = {**roster.laid.leave, name: (*roster.laid.leave.get(name, ()), span)}
        return Roster(roster.policy, replace(roster.laid, leave=leave))
    if verb in ("leaves", "joins") and len(dates) == 1:
        key = "until" if verb == "leaves" else "since"
        person = roster.policy.people[name].model_copy(update={key: dates[0]})
        people = {**roster.policy.people, name: person}
        return Roster(roster.policy.model_copy(update={"people": people}), roster.laid)
    raise ValueError(_HOW)


_HOW = (
    'write  "ana away 2026-12-20 2027-01-03", "bora leaves 2027-02-01" or "dara joins 2027-03-01",'
    " with a short name of the policy file."
)
