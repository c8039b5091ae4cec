"""Written times (`7m`, `mon 09:00`, `09:00-18:00`, dates, zones) as typed values. Reads no file and no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from oncall.policy.findings import did_you_mean
from oncall.policy.reading import word, wrong

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {
    "s": "seconds", "second": "seconds", "seconds": "seconds",
    "m": "minutes", "min": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
}  # fmt: skip
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)", re.IGNORECASE)
_LONGEST = timedelta(days=3660)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_LOOSE_CLOCK = re.compile(r"(\d{1,2})(?:[:.,h ]?(\d{2}))?\s*([ap]m)?", re.IGNORECASE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = (1900, 2100)


@dataclass(frozen=True, slots=True)
class Handoff:
    """When a turn starts: a wall-clock time, on a named weekday (0 = Monday) or, for None, every turn's first day."""

    weekday: int | None
    at: time

    def __str__(self) -> str:
        clock = f"{self.at:%H:%M}"
        return clock if self.weekday is None else f"{DAYS[self.weekday]} {clock}"

    def days_after(self, first: Handoff) -> int:
        """Return how many days this one's weekday comes after `first`'s, 0-6; without weekdays it is the same day."""
        return ((self.weekday or 0) - (first.weekday or 0)) % 7


@dataclass(frozen=True, slots=True)
class Span:
    """Open minutes of one local day, `start` <= minute < `end`; 1440 is the day's last midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


def duration_text(span: timedelta) -> str:
    """Write a span as the policy file does: `now`, `90s`, `7m`, `2h`, `3d`."""
    seconds = int(span.total_seconds())
    if seconds == 0:
        return "now"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def read_duration(value: Any) -> timedelta:
    """Return `7m`, `2h`, `3 days` as a span of time."""
    if isinstance(value, timedelta):
        return value
    text = word(value)
    match = _DURATION.fullmatch(text)
    if match and match[2].lower() in _UNITS:
        return _bounded(timedelta(**{_UNITS[match[2].lower()]: float(match[1])}), text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        fix = f"write {text}m (minutes) or {text}h (hours)."
        raise wrong("duration", f"{text} has no unit.", fix=fix)
    raise wrong(
        "duration",
        f'"{text}" is not a length of time.',
        fix="write a number and a unit: 90s, 7m, 2h, 3 days, 1 week.",
    )


def _bounded(span: timedelta, text: str) -> timedelta:
    if span > _LONGEST:
        raise wrong("duration", f"{text} is longer than ten years.", fix="write a shorter time.")
    return span


def read_clock(value: Any) -> time:
    """Return `09:00` as a time of day."""
    if isinstance(value, time):
        return value
    text = word(value)
    match = _CLOCK.fullmatch(text)
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return time(int(match[1]), int(match[2]))
    better = _meant_clock(text) or "18:00"
    raise wrong("time", f'"{text}" is not a time.', fix=f'write "{better}" (24 hours).')


def _meant_clock(text: str) -> str | None:
    """Return `9`, `9.30`, `0930` or `9 pm` as it should be written; None for what is no time of day."""
    match = _LOOSE_CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def read_handoff(value: Any) -> Handoff:
    """Return `mon 09:00`, or `09:00` alone, as a handoff."""
    if isinstance(value, Handoff):
        return value
    text = word(value)
    words = text.split()
    if len(words) == 1:
        return Handoff(None, read_clock(words[0]))
    if len(words) == 2 and words[0][:3].lower() in DAYS:
        return Handoff(DAYS.index(words[0][:3].lower()), read_clock(words[1]))
    raise wrong("time", f'"{text}" is not a handoff.', fix="write a weekday and a time: mon 09:00.")


def _minute(text: str) -> int:
    if text.strip() == "24:00":
        return 1440
    at = read_clock(text)
    return at.hour * 60 + at.minute


def read_spans(value: Any) -> tuple[Span, ...]:
    """Return one stretch of hours, or a list of them."""
    if isinstance(value, tuple):
        return value
    texts = value if isinstance(value, list) else [value]
    return tuple(_span(word(text)) for text in texts)


def _span(text: str) -> Span:
    start, dash, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise wrong("hours", f'"{text}" is not a stretch of hours.', fix='write "09:00-18:00".')
    span = _read_span(text, start, end)
    if span.end <= span.start:
        raise wrong(
            "hours",
            f'"{text}" ends before it starts.',
            fix=_over_midnight(start.strip()),
        )
    return span


def _read_span(text: str, start: str, end: str) -> Span:
    try:
        return Span(_minute(start), _minute(end))
    except PydanticCustomError:
        fix = _meant_span(start, end)
        raise wrong("time", f'"{text}" is not a stretch of hours.', fix=fix) from None


def _meant_span(start: str, end: str) -> str:
    first = _meant_clock(start) or "09:00"
    last = "24:00" if end.strip() == "24" else _meant_clock(end) or "18:00"
    # Who writes 9-5 means five in the afternoon; of two-digit times the text sorts as the time does.
    if last <= first < "12:00":
        last = f"{int(last[:2]) + 12}{last[2:]}"
    return f'write "{first}-{last}" (24 hours).' if first < last else _over_midnight(first)


def _over_midnight(start: str) -> str:
    return f'for over midnight write "{start}-24:00" and add the rest to the next day.'


def weekdays(text: str) -> tuple[int, ...] | None:
    """Return the weekdays (0 = Monday) of `mon` or `fri-mon`; None when it names none."""
    first, _, last = text.lower().strip().partition("-")
    first, last = first.strip(), last.strip()
    if first[:3] not in DAYS or (last and last[:3] not in DAYS):
        return None
    start = DAYS.index(first[:3])
    length = (DAYS.index(last[:3]) - start) % 7 + 1 if last else 1
    return tuple((start + step) % 7 for step in range(length))


def read_weekdays(value: Any) -> tuple[int, ...]:
    """Return `mon-fri` as weekdays, 0 = Monday."""
    if isinstance(value, tuple):
        return value
    text = word(value)
    days = weekdays(text)
    if days is None:
        raise wrong("hours", f'"{text}" is not a weekday.', fix="write mon, or mon-fri.")
    return days


def read_date(value: Any) -> date:
    """Return `2026-12-24` as a date."""
    if isinstance(value, date):
        return value
    text = word(value)
    try:
        day = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        fix = 'write year-month-day: "2026-12-24".'
        raise wrong("date", f"{text} is not a date.", fix=fix)
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        fix = "correct the year."
        raise wrong("date", f"{text} is not between {_YEARS[0]} and {_YEARS[1]}.", fix=fix)
    return day


@cache
def zone_names() -> frozenset[str]:
    """Every time zone name this machine knows."""
    return frozenset(available_timezones())


def read_zone(value: Any) -> ZoneInfo:
    """Return a time zone by its name."""
    if isinstance(value, ZoneInfo):
        return value
    name = word(value)
    if name not in zone_names():
        raise wrong(
            "timezone",
            f'"{name}" is not a known time zone.',
            fix="write a place name such as Europe/Bucharest.",
            hint=did_you_mean(name, zone_names()),
        )
    return ZoneInfo(name)
