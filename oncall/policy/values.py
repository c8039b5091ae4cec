"""The small written forms of the policy file (`7m`, `mon 09:00`, `sms now`) as typed values. Reads no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from notifiers.base import Channel

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES = ("en", "tr", "ro", "fa")
_UNITS = {
    "s": "seconds", "second": "seconds", "seconds": "seconds",
    "m": "minutes", "min": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hour": "hours", "hours": "hours",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
}  # fmt: skip
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Handoff:
    """When a turn starts: a wall-clock time, on a named weekday (0 = Monday) or, for None, every turn's first day."""

    weekday: int | None
    at: time

    def __str__(self) -> str:
        clock = f"{self.at:%H:%M}"
        return clock if self.weekday is None else f"{DAYS[self.weekday]} {clock}"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a person's ladder: a channel and how long after the step starts it is used."""

    channel: Channel
    after: timedelta

    def __str__(self) -> str:
        return f"{self.channel} {duration_text(self.after)}"


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


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    match = _DURATION.fullmatch(text)
    if match and match[2].lower() in _UNITS:
        return timedelta(**{_UNITS[match[2].lower()]: float(match[1])})
    if re.fullmatch(r"\d+(\.\d+)?", text):
        raise PydanticCustomError(
            "duration",
            "{text} has no unit. write {text}m (minutes) or {text}h (hours).",
            {"text": text},
        )
    raise PydanticCustomError(
        "duration",
        '"{text}" is not a length of time. write 90s, 7m, 2h, 3 days or 1 week.',
        {"text": text},
    )


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    text = str(value).strip()
    match = _CLOCK.fullmatch(text)
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return time(int(match[1]), int(match[2]))
    hint = re.sub(r"[.,h]", ":", text)
    suggestion = f'write "{hint}".' if _CLOCK.fullmatch(hint) else 'write it as "18:00" (24 hours).'
    raise PydanticCustomError(
        "time", '"{text}" is not a time. {suggestion}', {"text": text, "suggestion": suggestion}
    )


def _handoff(value: Any) -> Handoff:
    if isinstance(value, Handoff):
        return value
    words = str(value).lower().split()
    if len(words) == 2 and words[0][:3] in DAYS:
        return Handoff(DAYS.index(words[0][:3]), _clock(words[1]))
    if len(words) == 1:
        return Handoff(None, _clock(words[0]))
    raise PydanticCustomError(
        "handoff",
        '"{text}" is not a handoff. write a weekday and a time: mon 09:00.',
        {"text": str(value)},
    )


def _rung(value: Any) -> Rung:
    if isinstance(value, Rung):
        return value
    words = str(value).lower().split()
    if not words or words[0] not in set(Channel):
        raise PydanticCustomError(
            "channel",
            '"{text}" names no channel. write sms, call or email and when: sms now, call 1m.',
            {"text": str(value)},
        )
    after = " ".join(words[1:]) or "now"
    return Rung(Channel(words[0]), timedelta(0) if after == "now" else _duration(after))


def _minute(text: str) -> int:
    if text.strip() == "24:00":
        return 1440
    at = _clock(text)
    return at.hour * 60 + at.minute


def _spans(value: Any) -> tuple[Span, ...]:
    if isinstance(value, tuple):
        return value
    texts = value if isinstance(value, list) else [value]
    return tuple(_span(str(text)) for text in texts)


def _span(text: str) -> Span:
    start, dash, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise PydanticCustomError(
            "hours", '"{text}" is not a stretch of hours. write "09:00-18:00".', {"text": text}
        )
    span = Span(_minute(start), _minute(end))
    if span.end <= span.start:
        raise PydanticCustomError(
            "hours",
            '"{text}" ends before it starts. for over midnight write "{start}-24:00" and add the rest to the next day.',
            {"text": text, "start": start.strip()},
        )
    return span


def _weekdays(value: Any) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return value
    text = str(value).lower().strip()
    first, _, last = text.partition("-")
    if first[:3] not in DAYS or (last and last[:3] not in DAYS):
        raise PydanticCustomError(
            "weekday", '"{text}" is not a weekday. write mon, or mon-fri.', {"text": str(value)}
        )
    start = DAYS.index(first[:3])
    length = (DAYS.index(last[:3]) - start) % 7 + 1 if last else 1
    return tuple((start + step) % 7 for step in range(length))


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise PydanticCustomError(
            "date",
            '"{text}" is not a date. write year-month-day: "2026-12-24".',
            {"text": str(value)},
        ) from None


@cache
def zone_names() -> frozenset[str]:
    """Every time zone name this machine knows."""
    return frozenset(available_timezones())


def _zone(value: Any) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    name = str(value).strip()
    if name not in zone_names():
        raise PydanticCustomError(
            "timezone",
            '"{text}" is not a known time zone. write one such as Europe/Bucharest.',
            {"text": name},
        )
    return ZoneInfo(name)


def _phone(value: Any) -> str:
    text = str(value).strip()
    compact = re.sub(r"[\s().-]", "", text)
    if not compact.startswith("+"):
        raise PydanticCustomError(
            "phone",
            '{text} is not an international number. write "+", the country code and the number, in quotes.',
            {"text": text},
        )
    try:
        number = phonenumbers.parse(compact)
    except phonenumbers.NumberParseException:
        raise PydanticCustomError(
            "phone", "{text} is not a phone number.", {"text": text}
        ) from None
    if not phonenumbers.is_possible_number(number):
        raise PydanticCustomError(
            "phone",
            "{text} cannot exist: it has too few or too many digits for +{code}.",
            {"text": text, "code": str(number.country_code)},
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _texts(value: Any) -> Any:
    """One word may stand for a list of one."""
    return [value] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(duration_text)]
WallTime = Annotated[time, BeforeValidator(_clock)]
HandoffTime = Annotated[Handoff, BeforeValidator(_handoff), PlainSerializer(str)]
LadderRung = Annotated[Rung, BeforeValidator(_rung), PlainSerializer(str)]
OpenSpans = Annotated[
    tuple[Span, ...],
    BeforeValidator(_spans),
    PlainSerializer(lambda spans: [str(s) for s in spans]),
]
Weekdays = Annotated[
    tuple[int, ...],
    BeforeValidator(_weekdays),
    PlainSerializer(lambda days: "+".join(DAYS[d] for d in days)),
]
CalendarDate = Annotated[date, BeforeValidator(_date)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), PlainSerializer(str)]
Phone = Annotated[str, BeforeValidator(_phone)]
TextList = Annotated[tuple[str, ...], BeforeValidator(_texts)]
