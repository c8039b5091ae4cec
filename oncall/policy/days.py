"""Days off as the policy file writes them: days in milli-days, ages in months, nights, workdays. Reads no file."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from oncall.policy.reading import word, wrong
from oncall.policy.times import read_clock

WHOLE_DAY = Decimal(8)
_MOST_DAYS = Decimal(100)
_AGE = re.compile(r"(\d{1,4})\s*(day|week|month|year)s?", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
_STEPS = (500, 1000)


@dataclass(frozen=True, slots=True)
class Age:
    """A length of time by the calendar: months first, then days."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        parts = ((self.months, "month"), (self.days, "day"))
        said = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count]
        return " ".join(said)

    def after(self, day: date) -> date:
        """Return the day this long after `day`; the last of a month that is too short."""
        month = day.month - 1 + self.months
        year, month = day.year + month // 12, month % 12 + 1
        there = day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
        return there + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Night:
    """Minutes of the local day at which the night begins and ends; it may run over midnight."""

    begin: int
    end: int

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.begin, self.end))


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year: 03-31."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def in_year(self, year: int) -> date:
        """Return that day of `year`; 29 February becomes the 28th where there is none."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


def read_days(value: Any) -> int:
    """Return `0.5` (days) as milli-days; at most three decimals."""
    if isinstance(value, int):
        return value
    text = word(value)
    number = _decimal(text)
    if number is None or number != number.quantize(Decimal("0.001")) or abs(number) > _MOST_DAYS:
        raise wrong("value", f'"{text}" is not a number of days.', fix="write days: 1, 0.5, 0.125.")
    return int(number * 1000)


def read_earning(value: Any) -> int:
    """Return days that can only be earned, in milli-days."""
    days = read_days(value)
    if days < 0:
        raise wrong("value", "days are earned, never taken away, here.", fix="write 0 or more.")
    return days


def read_step(value: Any) -> int:
    """Return the smallest part of a day off: half a day or a whole one, in milli-days."""
    days = read_days(value)
    if days not in _STEPS:
        raise wrong("value", "days off come in halves or wholes.", fix="write 0.5 or 1.")
    return days


def read_lowest(value: Any) -> int:
    """Return how far a balance may go below zero, in milli-days: 0 to -1000."""
    days = read_days(value)
    if not -1000 <= days <= 0:
        text = "a balance may go at most one day below zero."
        raise wrong("value", text, fix="write 0 (never), or -0.5, or -1.")
    return days


def read_age(value: Any) -> Age:
    """Return `6 months`, `26 weeks` or `1 year` as an age."""
    if isinstance(value, Age):
        return value
    text = word(value)
    match = _AGE.fullmatch(text)
    if match is None or not 0 < int(match[1]) <= 3660:
        fix = "write 6 months, 26 weeks, 180 days or 1 year."
        raise wrong("duration", f'"{text}" is not a length of time.', fix=fix)
    count, unit = int(match[1]), match[2].lower()
    age = {
        "day": Age(days=count),
        "week": Age(days=7 * count),
        "month": Age(months=count),
        "year": Age(months=12 * count),
    }[unit]
    if age.months > 120:
        raise wrong("duration", f"{text} is longer than ten years.", fix="write a shorter time.")
    return age


def read_night(value: Any) -> Night:
    """Return `22:00-06:00` as a night."""
    if isinstance(value, Night):
        return value
    text = word(value)
    begin, dash, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise wrong("hours", f'"{text}" is not a stretch of hours.', fix='write "22:00-06:00".')
    first, last = read_clock(begin.strip()), read_clock(end.strip())
    if first == last:
        raise wrong("hours", f'"{text}" begins as it ends.', fix='write "22:00-06:00".')
    return Night(first.hour * 60 + first.minute, last.hour * 60 + last.minute)


def read_month_day(value: Any) -> MonthDay:
    """Return `03-31` as a day of every year."""
    if isinstance(value, MonthDay):
        return value
    text = word(value)
    match = _MONTH_DAY.fullmatch(text)
    # A leap year: 29 February is a day of some years.
    if (
        match
        and 1 <= int(match[1]) <= 12
        and 1 <= int(match[2]) <= monthrange(2024, int(match[1]))[1]
    ):
        return MonthDay(int(match[1]), int(match[2]))
    raise wrong("date", f"{text} is not a day of the year.", fix='write month-day: "03-31".')


def read_workday(value: Any) -> Decimal:
    """Return the hours of a working day: more than 0, at most 24."""
    if isinstance(value, Decimal):
        return value
    text = word(value)
    hours = _decimal(text)
    if hours is None or not 0 < hours <= 24 or hours != hours.quantize(Decimal("0.01")):
        raise wrong("value", f'"{text}" is not a workday in hours.', fix="write 8 or 7.5.")
    return hours


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def days_written(amount: int) -> str:
    """Write milli-days as the policy file does: 0.5, 1, 0.125."""
    return f"{Decimal(amount).scaleb(-3).normalize():f}"


_AS_DAYS = PlainSerializer(days_written)
Days = Annotated[int, BeforeValidator(read_days), _AS_DAYS]
EarnedDays = Annotated[int, BeforeValidator(read_earning), _AS_DAYS]
StepOfDays = Annotated[int, BeforeValidator(read_step), _AS_DAYS]
LowestDays = Annotated[int, BeforeValidator(read_lowest), _AS_DAYS]
AgeText = Annotated[Age, BeforeValidator(read_age), PlainSerializer(str)]
NightHours = Annotated[Night, BeforeValidator(read_night), PlainSerializer(str)]
DayOfYear = Annotated[MonthDay, BeforeValidator(read_month_day), PlainSerializer(str)]
WorkdayHours = Annotated[Decimal, BeforeValidator(read_workday), PlainSerializer(str)]
