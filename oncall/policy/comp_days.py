"""The shape of `comp_days:`. Meaning is in `rules/comp_days.py`; it counts nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from oncall.policy.days import (
    AgeText,
    DayOfYear,
    EarnedDays,
    LowestDays,
    Night,
    NightHours,
    StepOfDays,
)
from oncall.policy.section import Model
from oncall.policy.values import CalendarDate, Country, Duration

Kind = Literal["time_off", "bonus_leave"]
AtTheEnd = Literal["ask_admin", "pay", "lose", "keep"]


class Extras(Model):
    """What comes on top of the hours."""

    public_holiday: EarnedDays = 500
    """For each public holiday of which the person holds at least half."""
    disturbed_night: EarnedDays = 100
    """For each night with at least one page answered."""
    most_extras_per_week: EarnedDays = 1500


class RestAfterNight(Model):
    """The late start after a broken night; it is no part of the balance."""

    hours: int = Field(default=11, ge=0, le=24)
    """0: no rest is worked out."""
    since: Literal["last_page_solved", "last_page_answered"] = Field(
        default="last_page_solved", alias="from"
    )


class Approval(Model):
    """Who says yes to a day off, and when silence does."""

    by: Literal["lead", "admin", "nobody"] = "lead"
    """`nobody`: a request that breaks no rule is a yes."""
    automatic_after: Duration | None = timedelta(days=3)
    """Silence means yes after this long, or half way to the day off when that comes first."""
    notice: Duration = timedelta(days=2)
    """How long before the day off it must be asked for."""


def _listed(value: object) -> object:
    """One length of time may stand for a list of one."""
    return [value] if isinstance(value, str) else value


class Expires(Model):
    """How long earned days can be taken."""

    after: AgeText | None = None
    """From the day they were earned; they never run out when absent."""
    warn: Annotated[tuple[Duration, ...], BeforeValidator(_listed)] = (
        timedelta(days=60),
        timedelta(days=14),
    )
    then: AtTheEnd = "ask_admin"


class DayLimits(Model):
    """How much may gather."""

    highest_balance: EarnedDays | None = None
    """Above it the person and the lead are warned; earning goes on."""
    lowest_balance: LowestDays = 0
    carry_over: EarnedDays | None = None
    """So much at most goes into the new year; the rest runs out on 31 December."""
    carry_over_until: DayOfYear | None = None
    """Days of the old year can be taken until then at the latest."""


class CountryDays(Model):
    """What is different for people of one country; a block written here replaces the whole block of that name."""

    kind: Kind | None = None
    extras: Extras | None = None
    night: NightHours | None = None
    rest_after_night: RestAfterNight | None = None
    expires: Expires | None = None
    limits: DayLimits | None = None


class CompDays(Model):
    """What a week with the phone earns, and how it becomes days off."""

    since: CalendarDate | None = Field(default=None, alias="from")
    """Turns that end on or after this day are posted; when absent, those that end after the ledger was begun."""
    kind: Kind = "time_off"
    per_week: EarnedDays = 1000
    backup_per_week: EarnedDays = 0
    small_help: Duration | None = None
    """A cover shorter than this stays credited to whoever's turn it is; every minute counts when absent."""
    extras: Extras = Extras()
    night: NightHours = Night(22 * 60, 6 * 60)
    rest_after_night: RestAfterNight = RestAfterNight()
    book_in_steps_of: StepOfDays = 500
    approval: Approval = Approval()
    expires: Expires = Expires()
    limits: DayLimits = DayLimits()
    countries: dict[Country, CountryDays] = {}
