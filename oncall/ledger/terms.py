"""What the policy says about comp days, person by person: country rules laid over the company's. Stores nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from oncall.closed_days import ClosedDays
from oncall.ledger.earning import NO_HELP, Rules, Terms
from oncall.policy.comp_days import CompDays, DayLimits, Expires, Extras, RestAfterNight
from oncall.policy.days import WHOLE_DAY, Night
from oncall.policy.model import Holidays, Person, Policy
from oncall.roster import cadence_of

NOTHING = CompDays()
"""The rules of a company that has none; only people who left are counted by it."""


@dataclass(frozen=True, slots=True)
class Own:
    """The comp-day rules of one person."""

    name: str
    kind: str
    extras: Extras
    night: Night
    rest: RestAfterNight
    expires: Expires
    limits: DayLimits
    zone: ZoneInfo
    workday_hours: Decimal
    earns: bool

    def end_of(self, earned_on: date) -> date | None:
        """Return the last day on which days earned on `earned_on` can be taken; None when they never run out."""
        ends = self.expires.after.after(earned_on) if self.expires.after else None
        if self.limits.carry_over is None or self.limits.carry_over_until is None:
            return ends
        carried = self.limits.carry_over_until.in_year(earned_on.year + 1)
        return min(ends, carried) if ends else carried


def own(policy: Policy, person: str) -> Own:
    """Return the rules of `person` (short name); the company's for somebody the policy does not know."""
    rules = policy.comp_days or NOTHING
    someone = policy.people.get(person)
    country = rules.countries.get((someone and someone.country) or "")
    return Own(
        name=someone.name if someone else person,
        kind=(country and country.kind) or rules.kind,
        extras=(country and country.extras) or rules.extras,
        night=(country and country.night) or rules.night,
        rest=(country and country.rest_after_night) or rules.rest_after_night,
        expires=(country and country.expires) or rules.expires,
        limits=(country and country.limits) or rules.limits,
        zone=(someone and someone.timezone) or policy.company.timezone,
        workday_hours=someone.workday_hours if someone else WHOLE_DAY,
        earns=someone is not None and someone.contract.earns == "days",
    )


def rules_of(policy: Policy, gone: Iterable[tuple[str, Policy]] = ()) -> Rules:
    """Return the rules by which turns are counted; `gone` names people it lost, each with a policy that had them."""
    comp_days = policy.comp_days or NOTHING
    people = {name: _terms(policy, name) for name in policy.people}
    return Rules(
        per_week=comp_days.per_week,
        backup_per_week=comp_days.backup_per_week,
        small_help=comp_days.small_help or NO_HELP,
        rotations=tuple(policy.rotations),
        zones={
            name: cadence_of(policy, rotation).zone for name, rotation in policy.rotations.items()
        },
        terms={**{name: _terms(known, name) for name, known in gone}, **people},
    )


def holidays_of(policy: Policy, person: str) -> Container[date]:
    """Return the public holidays of `person`: of their country, as a calendar of the policy corrects them.

    Somebody without a country has those of the office.
    """
    someone = policy.people.get(person)
    country = someone.country if someone else None
    if country is None:
        return _closed(policy.calendars[policy.office].holidays)
    corrected = (
        calendar.holidays
        for calendar in policy.calendars.values()
        if calendar.holidays and calendar.holidays.country.upper() == country
    )
    return _closed(next(corrected, None) or Holidays(country=country))


def workday(policy: Policy, person: str, day: date) -> bool:
    """Say whether `day` is one on which `person` would work: a weekday of the office, no holiday of theirs."""
    office = policy.calendars[policy.office]
    is_weekday = any(day.weekday() in days and spans for days, spans in office.open.items())
    return is_weekday and day not in holidays_of(policy, person)


def deciders(policy: Policy, person: str, day: date) -> tuple[str, ...]:
    """Return who is asked about a day off of `person` on `day`: leads, else admins; never the person.

    Empty when there is nobody else: such a request waits.
    """
    by = (policy.comp_days or NOTHING).approval.by
    leads = () if by == "admin" else _others(policy, _leads_of(policy, person), person, day)
    admins = (name for name, someone in policy.people.items() if someone.role == "admin")
    return leads or _others(policy, admins, person, day)


def may_decide(policy: Policy, decider: str, person: str, day: date) -> bool:
    """Say whether `decider` may say yes or no to a day off of `person`: whoever is asked, and every other admin."""
    someone = policy.people.get(decider)
    if someone is None or decider == person:
        return False
    return someone.role == "admin" or decider in deciders(policy, person, day)


def _leads_of(policy: Policy, person: str) -> Iterable[str]:
    """Yield the lead of the person's own teams first, then every other lead."""
    for team in policy.teams.values():
        if team.lead and person in team.members:
            yield team.lead
    for name, someone in policy.people.items():
        if someone.role == "lead":
            yield name


def _others(policy: Policy, names: Iterable[str], person: str, day: date) -> tuple[str, ...]:
    return tuple(
        name
        for name in dict.fromkeys(names)
        if name != person and name in policy.people and _works_on(policy.people[name], day)
    )


def _works_on(person: Person, day: date) -> bool:
    return person.until is None or day <= person.until


def _terms(policy: Policy, person: str) -> Terms:
    rules = own(policy, person)
    return Terms(
        zone=rules.zone,
        earns=rules.earns,
        holidays=holidays_of(policy, person),
        per_holiday=rules.extras.public_holiday,
        per_night=rules.extras.disturbed_night,
        most_extras=rules.extras.most_extras_per_week,
        night=(rules.night.begin, rules.night.end),
    )


def _closed(holidays: Holidays | None) -> Container[date]:
    return frozenset() if holidays is None else _closed_days(_Written(holidays))


class _Written:
    """Holidays of the policy as a cache key, by what they say."""

    def __init__(self, holidays: Holidays) -> None:
        self.holidays = holidays
        self.key = holidays.model_dump_json()

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and other.key == self.key


@lru_cache(maxsize=64)
def _closed_days(written: _Written) -> ClosedDays:
    return ClosedDays(written.holidays)
