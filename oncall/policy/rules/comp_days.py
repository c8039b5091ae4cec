"""Comp-day rules that can be kept: warned in time, decided by somebody else, within the law. Counts no day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from oncall.policy.comp_days import CompDays, DayLimits, Expires, Extras
from oncall.policy.days import days_written
from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import Person, Role
from oncall.policy.times import duration_text

COMP_DAYS: Path = ("comp_days",)
_ANY_DAY = date(2026, 1, 1)


def warnings_come_before_the_end(draft: Draft) -> Iterator[Note]:
    """A warning longer before the end than the days live would come before they were earned."""
    for path, expires in _expiries(draft.comp_days):
        if expires.after is None:
            continue
        life = expires.after.after(_ANY_DAY) - _ANY_DAY
        for warning in expires.warn:
            if warning >= life:
                yield Note(
                    "comp-days",
                    (*path, "warn"),
                    f"a warning {duration_text(warning)} before the end comes before the days are earned; "
                    f"they live for {expires.after}.",
                    fix="warn later, or let them live longer.",
                )


def carry_over_is_whole(draft: Draft) -> Iterator[Note]:
    """How much is carried over means little without until when, and the other way round."""
    for path, limits in _limits(draft.comp_days):
        if (limits.carry_over is None) == (limits.carry_over_until is None):
            continue
        absent = "carry_over" if limits.carry_over is None else "carry_over_until"
        example = "carry_over: 3" if absent == "carry_over" else 'carry_over_until: "03-31"'
        yield Note("missing", path, f'there is no "{absent}".', fix=f"add  {example}", at_key=True)


def one_extra_fits_the_cap(draft: Draft) -> Iterator[Note]:
    """A bonus above the weekly cap is never paid whole."""
    for path, extras in _extras(draft.comp_days):
        for name in ("public_holiday", "disturbed_night"):
            bonus = getattr(extras, name)
            if bonus > extras.most_extras_per_week:
                yield Note(
                    "comp-days",
                    (*path, name),
                    f"{days_written(bonus)} is more than most_extras_per_week "
                    f"({days_written(extras.most_extras_per_week)}); nobody ever gets it whole.",
                    fix="raise most_extras_per_week, or write less here.",
                    severity=Severity.WARNING,
                )


def somebody_else_decides(draft: Draft) -> Iterator[Note]:
    """Nobody approves their own day off, so a request without a second lead or admin waits for ever."""
    if draft.comp_days is None or draft.comp_days.approval.by == "nobody":
        return
    leads = {team.lead for team in draft.teams.values() if team.lead}
    for name, person in draft.people.items():
        if person.contract.earns == "days" and not _deciders(draft, name, leads):
            yield Note(
                "no-decider",
                ("people", name),
                f"nobody but {name} may approve a day off of {name}; it would wait for ever.",
                fix="give one more person  role: lead  or  role: admin",
                severity=Severity.WARNING,
                at_key=True,
            )


def american_days_are_a_bonus(draft: Draft) -> Iterator[Note]:
    """Private employers in the USA may not give time off instead of overtime pay (29 CFR 553.20 is for public ones)."""
    comp_days = draft.comp_days
    if comp_days is None:
        return
    own = comp_days.countries.get("US")
    kind = (own and own.kind) or comp_days.kind
    for name, person in draft.people.items():
        if kind == "time_off" and person.country == "US" and person.contract.earns == "days":
            yield Note(
                "labour-law",
                ("people", name, "country"),
                f"{name} works in the USA, where time off may not replace overtime pay that is due.",
                fix="write  countries: { US: { kind: bonus_leave } }  under comp_days:, and pay overtime as well.",
                severity=Severity.WARNING,
            )


def _deciders(draft: Draft, name: str, leads: set[str]) -> set[str]:
    return {
        other
        for other, person in draft.people.items()
        if other != name and _leads(other, person, leads)
    }


def _leads(name: str, person: Person, leads: set[str]) -> bool:
    return person.role in (Role.LEAD, Role.ADMIN) or name in leads


def _expiries(comp_days: CompDays | None) -> Iterator[tuple[Path, Expires]]:
    if comp_days is None:
        return
    yield (*COMP_DAYS, "expires"), comp_days.expires
    for country, own in comp_days.countries.items():
        if own.expires is not None:
            yield (*COMP_DAYS, "countries", country, "expires"), own.expires


def _limits(comp_days: CompDays | None) -> Iterator[tuple[Path, DayLimits]]:
    if comp_days is None:
        return
    yield (*COMP_DAYS, "limits"), comp_days.limits
    for country, own in comp_days.countries.items():
        if own.limits is not None:
            yield (*COMP_DAYS, "countries", country, "limits"), own.limits


def _extras(comp_days: CompDays | None) -> Iterator[tuple[Path, Extras]]:
    if comp_days is None:
        return
    yield (*COMP_DAYS, "extras"), comp_days.extras
    for country, own in comp_days.countries.items():
        if own.extras is not None:
            yield (*COMP_DAYS, "countries", country, "extras"), own.extras
