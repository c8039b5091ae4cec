"""Read absences out of somebody's own calendar (RFC 5545). Fetches, stores and shows nothing; titles stay private."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from rotations.wall import start_of

SHORTEST_BUSY = timedelta(hours=4)
"""A meeting keeps nobody from the phone: what is only marked busy counts from this length on."""
MOST_EVENTS = 5000
MOST_SERIES = 300
MOST_ABSENCES = 1000
MOST_TIMES_A_DAY = 24
_PARTS_OF_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_NOT_AWAY = frozenset({"FREE", "TENTATIVE", "WORKINGELSEWHERE"})
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Absence:
    """One time away. `uid` stays the same while the entry is moved about: a SHA-256, so that it tells nothing."""

    uid: str
    start: datetime
    end: datetime


class Unreadable(Exception):
    """It is no calendar, or more than any person's: `code` is `not-a-calendar` or `too-much`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def absences(body: bytes, zone: ZoneInfo, start: datetime, end: datetime) -> tuple[Absence, ...]:
    """Return the absences that touch [start, end) in order; whole days are days in `zone`. Raises `Unreadable`."""
    calendar = _calendar(body)
    series = _series(calendar)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end)
        read = {one.uid: one for event in found for one in _absence(event, series, zone)}
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        raise Unreadable("not-a-calendar") from None
    if len(read) > MOST_ABSENCES:
        raise Unreadable("too-much")
    touching = (one for one in read.values() if one.start < end and start < one.end)
    return tuple(sorted(touching, key=lambda one: (one.start, one.uid)))


def _calendar(body: bytes) -> Calendar:
    try:
        calendar = Calendar.from_ical(body)
    except (ValueError, TypeError, KeyError, IndexError):
        raise Unreadable("not-a-calendar") from None
    if not isinstance(calendar, Calendar) or calendar.name != "VCALENDAR":
        raise Unreadable("not-a-calendar")
    return calendar


def _series(calendar: Calendar) -> frozenset[str]:
    """Return the UIDs of what repeats; refuses calendars that would keep us counting."""
    events = calendar.walk("VEVENT")
    repeating = [event for event in events if "RRULE" in event or "RDATE" in event]
    if len(events) > MOST_EVENTS or len(repeating) > MOST_SERIES:
        raise Unreadable("too-much")
    if any(_is_damaged(event) for event in events):
        raise Unreadable("not-a-calendar")
    for event in repeating:
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            # Daily at every second is as often as secondly: counting up to today would take hours.
            times = prod(max(1, len(rule.get(part, []))) for part in _PARTS_OF_A_DAY)
            if times > MOST_TIMES_A_DAY:
                raise Unreadable("too-much")
            if not _TOO_OFTEN.isdisjoint(str(one).upper() for one in rule.get("FREQ", [])):
                raise Unreadable("too-much")
    return frozenset(str(event.get("UID", "")) for event in repeating)


def _is_damaged(event: Component) -> bool:
    """Say whether the reader left out a time it did not understand: without it leave would be lost."""
    return "DTSTART" not in event or any(name in _TIMES for name, _ in event.errors)


def _absence(event: Component, series: frozenset[str], zone: ZoneInfo) -> Iterator[Absence]:
    uid = str(event.get("UID", ""))
    first, last = _date(event["DTSTART"]), _date(event["DTEND"])
    start, end = _instant(first, zone), _instant(last, zone)
    if not isinstance(first, datetime) and end <= start:
        # RFC 5545 3.6.1: a date without an end lasts that day.
        end = _instant(first + _DAY, zone)
    if not uid or start >= end or not _is_away(event, end - start):
        return
    original = event.get("RECURRENCE-ID")
    which = first if original is None else _date(original)
    name = f"{uid}\0{which.isoformat()}" if uid in series else uid
    yield Absence(hashlib.sha256(name.encode()).hexdigest(), start, end)


def _date(property_: Any) -> date:
    """Return a property's date or date-time; raises TypeError for what is neither."""
    found = property_.dt
    if not isinstance(found, date):
        raise TypeError("neither a date nor a time")
    return found


def _is_away(event: Component, length: timedelta) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    marked = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if marked == "OOF":
        return True
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or marked in _NOT_AWAY
    return not is_free and length >= SHORTEST_BUSY


def _instant(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return start_of(at, zone)
    # A time without a zone is meant where the person is (RFC 5545 3.3.5, form 1).
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
