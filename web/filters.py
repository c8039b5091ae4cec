"""How times, numbers, phones and names look to the reader: the one place where zones meet pages."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_datetime, format_skeleton, format_timedelta, get_timezone_location
from flask import Flask
from markupsafe import Markup, escape

from web import core, jalali, language, reader
from web.language import gettext

PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
JUST_NOW = timedelta(seconds=5)
HUES = 7
"""Colours that tell people apart, beside their initials."""


def configure(flask_app: Flask) -> None:
    """Give the templates every filter of this module under its own name."""
    for function in FILTERS:
        flask_app.add_template_filter(function)


def clock(instant: datetime) -> Markup:
    """Return the time of day where the reader is: 03:19."""
    return _time(instant, _left_to_right(f"{_local(instant):%H:%M}"))


def day(instant: datetime) -> Markup:
    """Return the date where the reader is: Mon 7 Dec; in Persian with the Iranian date behind it."""
    local = _local(instant)
    text = digits(_date_text(local))
    if language.current() == "fa":
        _, month, number = jalali.jalali(local.date())
        text = f"{text} ({digits(number)} {jalali.MONTHS[month - 1]})"
    return Markup('<bdi class="day">{}</bdi>').format(text)


def plain_day(date_: date) -> Markup:
    """Return a calendar date that is the same everywhere: Fri 25 Dec."""
    text = digits(_date_text(datetime.combine(date_, time())))
    return Markup('<bdi class="day">{}</bdi>').format(text)


def full_day(date_: date) -> Markup:
    """Return a calendar date with its year, for what lies far ahead: Sun 14 Jun 2026."""
    if language.current() == "en":
        text = format_datetime(datetime.combine(date_, time()), "EEE d MMM y", locale="en")
    else:
        text = str(format_skeleton("yMMMEd", date_, locale=language.current()))
    return Markup('<bdi class="day">{}</bdi>').format(digits(text))


def month_year(date_: date) -> str:
    """Return the month a date lies in, with its year: December 2026."""
    return digits(format_skeleton("yMMMM", date_, locale=language.current()))


def moment(instant: datetime) -> Markup:
    """Return the time of day, with the date before it when that is not today."""
    if _local(instant).date() == _local(core.now()).date():
        return clock(instant)
    return stamp(instant)


def stamp(instant: datetime) -> Markup:
    """Return the date and the time of day: Mon 7 Dec 09:00."""
    return Markup("{} {}").format(day(instant), clock(instant))


def wall(instant: datetime) -> str:
    """Return an instant as a form's date-and-time field holds it, where the reader is: 2026-12-07T09:00."""
    return f"{_local(instant):%Y-%m-%dT%H:%M}"


def until(instant: datetime) -> Markup:
    """Return how far away an instant is, with its direction: in 4 minutes, 2 hours ago."""
    away = instant - core.now()
    if abs(away) < JUST_NOW:
        return Markup("{}").format(gettext("just now"))
    return Markup("{}").format(_distance(away, add_direction=True))


def span(instant: datetime) -> Markup:
    """Return how long ago an instant was, without direction: 4 minutes."""
    return Markup("{}").format(_distance(instant - core.now(), add_direction=False))


def duration(length: timedelta) -> str:
    """Return a length of time in words, rounded up to whole seconds: 12 seconds."""
    return _distance(timedelta(seconds=-(-length // timedelta(seconds=1))), add_direction=False)


def digits(value: object) -> str:
    """Return a number or text with the digits of the page's language."""
    text = str(value)
    return text.translate(PERSIAN_DIGITS) if language.current() == "fa" else text


def city(zone: ZoneInfo) -> str:
    """Return the name people know a zone by: its city."""
    return str(get_timezone_location(zone, locale=language.current(), return_city=True))


def phone(number: str) -> Markup:
    """Return an E.164 number in groups, always from left to right and in Latin digits."""
    try:
        text = phonenumbers.format_number(
            phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        text = number
    return Markup('<bdi dir="ltr" class="number">{}</bdi>').format(text)


def reference(ticket_id: int) -> Markup:
    """Return what people call a ticket: #412, in Latin digits as its texts say it."""
    return Markup('<bdi dir="ltr" class="ref">#{}</bdi>').format(ticket_id)


def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:]))


def hue(person: str) -> int:
    """Return which colour marks `person`: the same everywhere, by their place in the policy file."""
    people = list(core.app().shelf.current.people)
    return people.index(person) % HUES if person in people else 0


def short_name(name: str) -> str:
    """Return a key for the policy file made from a name: "Dara Karimi" is dara."""
    words = re.findall(r"[a-z0-9]+", name.partition("@")[0].casefold())
    return words[0] if words else "name"


def with_links(text: str) -> Markup:
    """Return a text in which the addresses of this very program can be clicked."""
    host = urlsplit(core.app().shelf.current.company.url).netloc
    address = re.compile(rf"(?:https?://)?{re.escape(host)}(/[\w/-]+)")
    parts, end = [], 0
    for match in address.finditer(text):
        parts += [escape(text[end : match.start()]), _link(match[1], match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def is_night(instant: datetime) -> bool:
    """Say whether it is between 20:00 and 07:00 where the reader is."""
    return not 7 <= _local(instant).hour < 20


FILTERS = (
    full_day,
    clock, city, moment, stamp, day, plain_day, wall, until, span, digits, phone, reference, initials, hue, short_name,
    with_links,
)  # fmt: skip


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}"><bdi dir="ltr">{}</bdi></a>').format(path, text)


def _date_text(local: datetime) -> str:
    # English has no day-first order without a country; everybody else's language knows its own.
    if language.current() == "en":
        return format_datetime(local, "EEE d MMM", locale="en")
    return str(format_skeleton("MMMEd", local, locale=language.current()))


def _local(instant: datetime) -> datetime:
    return instant.astimezone(reader.current().zone)


def _left_to_right(text: str) -> Markup:
    return Markup('<bdi dir="ltr">{}</bdi>').format(digits(text))


def _time(instant: datetime, inner: Markup) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), inner
    )


def _distance(length: timedelta, *, add_direction: bool) -> str:
    # At 1 the unit changes only when a whole one is there: "90 minutes" reads as "1 hour", never as "2 hours".
    text = format_timedelta(
        _whole(length), threshold=1, add_direction=add_direction, locale=language.current()
    )
    return digits(text)


def _whole(length: timedelta) -> timedelta:
    """Cut to the unit that will be shown; minutes to come are rounded up, as the clock on the same page counts them."""
    for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        if abs(length) < unit:
            continue
        is_minutes_to_come = unit == timedelta(minutes=1) and length > timedelta(0)
        return -(-length // unit) * unit if is_minutes_to_come else _toward_zero(length, unit)
    return length


def _toward_zero(length: timedelta, unit: timedelta) -> timedelta:
    whole = (abs(length) // unit) * unit
    return whole if length > timedelta(0) else -whole
