"""The small written forms of the policy file (`7m`, `mon 09:00`, `sms now`) as typed values. Reads no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

from notifiers.base import Channel
from oncall.policy.findings import did_you_mean

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES = ("en", "tr", "ro", "fa")
RESERVED = ("previous", "next", "none", "default")
"""Words that mean something else where a short name may stand."""

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
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = (1900, 2100)
_SHORT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_-]{1,11}")


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


def secret_name(text: str) -> str | None:
    """Return NAME of a value written `${NAME}`; None for anything else."""
    match = _SECRET.fullmatch(text.strip())
    return match[1] if match else None


@cache
def zone_names() -> frozenset[str]:
    """Every time zone name this machine knows."""
    return frozenset(available_timezones())


def _wrong(name: str, text: str, *, fix: str = "", hint: str = "") -> PydanticCustomError:
    """Return the error of a value; `name` is the finding's word, `fix` and `hint` travel in its context."""
    return PydanticCustomError(name, "{text}", {"text": text, "fix": fix, "hint": hint})


def _word(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, str):
        raise _wrong("value", "the text is empty.", fix="write a value, or delete the line.")
    kind = "a list" if isinstance(value, list | tuple) else "a block of settings"
    fix = "write one value after the colon."
    raise _wrong("value", f"{kind} stands where one value should be.", fix=fix)


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    text = _word(value)
    match = _DURATION.fullmatch(text)
    if match and match[2].lower() in _UNITS:
        return _bounded(timedelta(**{_UNITS[match[2].lower()]: float(match[1])}), text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        fix = f"write {text}m (minutes) or {text}h (hours)."
        raise _wrong("duration", f"{text} has no unit.", fix=fix)
    raise _wrong(
        "duration",
        f'"{text}" is not a length of time.',
        fix="write a number and a unit: 90s, 7m, 2h, 3 days, 1 week.",
    )


def _bounded(span: timedelta, text: str) -> timedelta:
    if span > _LONGEST:
        raise _wrong("duration", f"{text} is longer than ten years.", fix="write a shorter time.")
    return span


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    text = _word(value)
    match = _CLOCK.fullmatch(text)
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return time(int(match[1]), int(match[2]))
    guess = re.sub(r"[.,h]", ":", text)
    better = guess if guess != text and _CLOCK.fullmatch(guess) else "18:00"
    raise _wrong("time", f'"{text}" is not a time.', fix=f'write "{better}" (24 hours).')


def _handoff(value: Any) -> Handoff:
    if isinstance(value, Handoff):
        return value
    text = _word(value)
    words = text.split()
    if len(words) == 1:
        return Handoff(None, _clock(words[0]))
    if len(words) == 2 and words[0][:3].lower() in DAYS:
        return Handoff(DAYS.index(words[0][:3].lower()), _clock(words[1]))
    raise _wrong(
        "time", f'"{text}" is not a handoff.', fix="write a weekday and a time: mon 09:00."
    )


def _rung(value: Any) -> Rung:
    if isinstance(value, Rung):
        return value
    text = _word(value)
    channel, _, after = text.lower().partition(" ")
    if channel not in set(Channel):
        raise _wrong(
            "unknown-name",
            f'"{channel}" is not a way to reach somebody.',
            fix="write a channel and when: sms now, call 1m, email 10m.",
            hint=did_you_mean(channel, Channel, label="channels"),
        )
    at_once = after.strip() in ("", "now")
    return Rung(Channel(channel), timedelta(0) if at_once else _duration(after))


def _minute(text: str) -> int:
    if text.strip() == "24:00":
        return 1440
    at = _clock(text)
    return at.hour * 60 + at.minute


def _spans(value: Any) -> tuple[Span, ...]:
    if isinstance(value, tuple):
        return value
    texts = value if isinstance(value, list) else [value]
    return tuple(_span(_word(text)) for text in texts)


def _span(text: str) -> Span:
    start, dash, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash:
        raise _wrong("hours", f'"{text}" is not a stretch of hours.', fix='write "09:00-18:00".')
    span = Span(_minute(start), _minute(end))
    if span.end <= span.start:
        raise _wrong(
            "hours",
            f'"{text}" ends before it starts.',
            fix=f'for over midnight write "{start.strip()}-24:00" and add the rest to the next day.',
        )
    return span


def weekdays(text: str) -> tuple[int, ...] | None:
    """Return the weekdays (0 = Monday) of `mon` or `fri-mon`; None when it names none."""
    first, _, last = text.lower().strip().partition("-")
    first, last = first.strip(), last.strip()
    if first[:3] not in DAYS or (last and last[:3] not in DAYS):
        return None
    start = DAYS.index(first[:3])
    length = (DAYS.index(last[:3]) - start) % 7 + 1 if last else 1
    return tuple((start + step) % 7 for step in range(length))


def _weekdays(value: Any) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return value
    text = _word(value)
    days = weekdays(text)
    if days is None:
        raise _wrong("hours", f'"{text}" is not a weekday.', fix="write mon, or mon-fri.")
    return days


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    text = _word(value)
    try:
        day = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        fix = 'write year-month-day: "2026-12-24".'
        raise _wrong("date", f"{text} is not a date.", fix=fix)
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        fix = "correct the year."
        raise _wrong("date", f"{text} is not between {_YEARS[0]} and {_YEARS[1]}.", fix=fix)
    return day


def _zone(value: Any) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    name = _word(value)
    if name not in zone_names():
        raise _wrong(
            "timezone",
            f'"{name}" is not a known time zone.',
            fix="write a place name such as Europe/Bucharest.",
            hint=did_you_mean(name, zone_names()),
        )
    return ZoneInfo(name)


def _phone(value: Any) -> str:
    text = _word(value)
    compact = re.sub(r"[\s().-]", "", text)
    if not compact.startswith("+"):
        raise _wrong(
            "phone",
            f"{text} is not an international number.",
            fix='write "+", the country code and the number, in quotes.',
        )
    try:
        number = phonenumbers.parse(compact)
    except phonenumbers.NumberParseException:
        raise _wrong(
            "phone", f"{text} is not a phone number.", fix='write it like "+12025550101".'
        ) from None
    if not phonenumbers.is_possible_number(number):
        raise _wrong(
            "phone",
            f"{text} cannot exist: it has too few or too many digits for +{number.country_code}.",
            fix="check the number.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _country(value: Any) -> str:
    text = _word(value)
    if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise _wrong(
            "unknown-name",
            f'"{text}" is not a country code.',
            fix="write the two letters of the country: RO, TR, GB.",
        )
    return text.upper()


def _language(value: Any) -> str:
    text = _word(value)
    if text not in LANGUAGES:
        raise _wrong(
            "unknown-name",
            f'there are no texts in the language "{text}".',
            fix=f"write one of: {', '.join(LANGUAGES)}",
            hint=did_you_mean(text, LANGUAGES),
        )
    return text


def _short_name(value: Any) -> str:
    text = _word(value)
    if not _SHORT_NAME.fullmatch(text):
        fix = "use letters a to z, digits, - and _, starting with a letter, 40 at most."
        raise _wrong("value", f'"{text}" cannot be a short name.', fix=fix)
    if text.lower() in RESERVED:
        raise _wrong(
            "name-clash", f'"{text}" has a meaning of its own.', fix="choose another name."
        )
    return text


def _secret(value: Any) -> str:
    text = _word(value)
    if secret_name(text) is None:
        raise _wrong("secret", "a secret stands in the file itself.")
    return text


def _mail_address(value: Any) -> str:
    text = _word(value)
    if not _MAIL.fullmatch(text):
        raise _wrong("value", f'"{text}" is not a mail address.', fix="write name@example.com.")
    return text


def _web_address(value: Any) -> str:
    text = _word(value)
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or re.search(r"\s", text):
        raise _wrong(
            "value", f'"{text}" is not a web address.', fix="write https://phone.example.com."
        )
    return text.rstrip("/")


def _mail_server(value: Any) -> str:
    text = _word(value)
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise _wrong("value", f'"{text}" is not host:port.', fix='write "smtp.example.com:587".')
    return text


def _sender(value: Any) -> str:
    text = _word(value)
    return text if _SENDER_NAME.fullmatch(text) else _phone(text)


def _sender_scope(value: Any) -> str:
    text = _word(value)
    return text if text == "default" else _country(text)


def _texts(value: Any) -> Any:
    """One word may stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _steps(value: Any) -> Any:
    """One step may stand for a list of one."""
    return [value] if isinstance(value, dict) else value


Text = Annotated[str, BeforeValidator(_word)]
ShortName = Annotated[str, BeforeValidator(_short_name)]
Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(duration_text)]
HandoffTime = Annotated[Handoff, BeforeValidator(_handoff), PlainSerializer(str)]
LadderRung = Annotated[Rung, BeforeValidator(_rung), PlainSerializer(str)]
Ladder = Annotated[tuple[LadderRung, ...], BeforeValidator(_texts)]
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
DateList = Annotated[tuple[CalendarDate, ...], BeforeValidator(_texts)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), PlainSerializer(str)]
Phone = Annotated[str, BeforeValidator(_phone)]
Country = Annotated[str, BeforeValidator(_country)]
Language = Annotated[str, BeforeValidator(_language)]
LanguageList = Annotated[tuple[Language, ...], BeforeValidator(_texts)]
Secret = Annotated[str, BeforeValidator(_secret)]
MailAddress = Annotated[str, BeforeValidator(_mail_address)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
MailServer = Annotated[str, BeforeValidator(_mail_server)]
Sender = Annotated[str, BeforeValidator(_sender)]
SenderScope = Annotated[str, BeforeValidator(_sender_scope)]
TextList = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
AsSteps = BeforeValidator(_steps)
