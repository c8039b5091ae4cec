"""Tell people about their days: which text, to whom, at an hour at which nobody is woken. Words nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import outbox, store, texts
from oncall.app import App
from oncall.ledger import terms
from oncall.ledger.entries import days_text
from oncall.messages import PageKind
from oncall.policy.model import Policy
from rotations.wall import instant_of

QUIET_FROM, QUIET_TO = 21, 8
"""Local hours between which what can wait waits."""

WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "tr": ("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"),
    "ro": ("lun.", "mar.", "mie.", "joi", "vin.", "sâm.", "dum."),
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
}
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "tr": ("Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"),
    "ro": ("ian.", "feb.", "mar.", "apr.", "mai", "iun.", "iul.", "aug.", "sep.", "oct.", "nov.", "dec."),
    "fa": ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """What to tell one person: the name of a text and what fills its holes."""

    person: str
    text: str
    fact: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    """Even in quiet hours: the person is awake, and it helps them now."""


def tell(session: Session, app: App, word: Word, now: datetime) -> None:
    """Write down a text to `word.person`; by mail when they have no phone. Somebody unreachable is told nothing."""
    policy = app.shelf.current
    person = policy.people.get(word.person)
    if person is None or not (person.phone or person.email):
        return
    due_at = now if word.at_once else by_day(now, terms.own(policy, word.person).zone)
    row = outbox.row_of(
        secret=None,
        kind=PageKind.ANSWER,
        person=word.person,
        channel=Channel.SMS if person.phone else Channel.EMAIL,
        due_at=due_at,
        fact={"text": word.text, "address": page_address(policy), **word.fact},
    )
    session.execute(outbox.PAGES.insert(), row)
    store.wake(session)


def by_day(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return `instant`, or the next morning's end of quiet hours when it lies in them."""
    local = instant.astimezone(zone)
    if QUIET_TO <= local.hour < QUIET_FROM:
        return instant
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM else 0)
    return instant_of(day, local.time().replace(hour=QUIET_TO, minute=0, second=0, microsecond=0, fold=0), zone)


def day_for(policy: Policy, person: str, day: date) -> str:
    """Write a day as `person` reads it in a text: Fri 18 Dec."""
    language = policy.language_of(person)
    names = WEEKDAYS.get(language, WEEKDAYS["en"])
    months = MONTHS.get(language, MONTHS["en"])
    return f"{names[day.weekday()]} {day.day} {months[day.month - 1]}"


def days_for(amount: int) -> str:
    """Write milli-days as a text does: 1.41, 0.5, 1."""
    short = days_text(amount).rstrip("0").rstrip(".")
    return short if len(short.partition(".")[2]) < 3 else days_text(amount)[:-1]


def page_address(policy: Policy) -> str:
    """Return where a person finds their days."""
    return f"{policy.company.url.rstrip('/')}/days"


__all__ = ["Word", "by_day", "day_for", "days_for", "tell", "texts"]
