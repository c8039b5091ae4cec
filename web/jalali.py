"""The date in the Iranian calendar, which Babel cannot give. Good for this century; knows no time of day."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
"""Years of the 33-year cycle that have 366 days."""
_ANCHOR_YEAR, _ANCHOR = 1403, date(2024, 3, 20)


def jalali(day: date) -> tuple[int, int, int]:
    """Return (year, month, day) in the Iranian calendar for a Gregorian `day`."""
    year, start = _ANCHOR_YEAR, _ANCHOR
    while day < start:
        year -= 1
        start -= _length(year)
    while day >= start + _length(year):
        start += _length(year)
        year += 1
    of_year = (day - start).days
    if of_year < 186:
        return year, of_year // 31 + 1, of_year % 31 + 1
    return year, (of_year - 186) // 30 + 7, (of_year - 186) % 30 + 1


def _length(year: int) -> timedelta:
    return timedelta(days=366 if year % 33 in _LEAP else 365)
