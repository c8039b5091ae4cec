"""Write days and times as people read them in their language and zone. Knows no ticket and no rota."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime


def moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return an instant as `Mon 7 Dec 09:00`, in `language` and on the clock of `zone`."""
    return format_datetime(instant, "EEE d MMM HH:mm", tzinfo=zone, locale=_locale(language))


def day(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return the local day of an instant as `Mon 7 Dec`."""
    return format_datetime(instant, "EEE d MMM", tzinfo=zone, locale=_locale(language))


def of(day_: date, language: str) -> str:
    """Return a day of the calendar as `Mon 7 Dec`."""
    return format_date(day_, "EEE d MMM", locale=_locale(language))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)
