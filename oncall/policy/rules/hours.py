"""Open hours and holidays that say what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from oncall.closed_days import known_countries, known_subdivisions, public_holidays
from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity, did_you_mean
from oncall.policy.model import Holidays
from oncall.policy.times import DAYS, Span, weekdays

Weekly = Mapping[tuple[int, ...], tuple[Span, ...]]


def country_is_known(draft: Draft) -> Iterator[Note]:
    """The holidays of the country (and its part) can be worked out."""
    for name, calendar in draft.calendars.items():
        if calendar.holidays:
            yield from _country(("calendars", name, "holidays"), calendar.holidays)


def each_day_once(draft: Draft) -> Iterator[Note]:
    """A weekday named twice would leave open which hours hold."""
    for path, _ in _weekly(draft):
        written = draft.document.at(path)
        seen: dict[int, str] = {}
        for key in written if isinstance(written, dict) else ():
            for day in weekdays(key) or ():
                if day in seen and seen[day] != key:
                    text = f'{DAYS[day]} is set again; "{seen[day]}" sets it already.'
                    fix = 'name each weekday once; several stretches are a list: ["09:00-12:00", "13:00-18:00"].'
                    yield Note("hours", path, text, fix=fix, at=(*path, key), at_key=True)
                    break
                seen[day] = key


def spans_apart(draft: Draft) -> Iterator[Note]:
    """Stretches of one day do not overlap."""
    for path, weekly in _weekly(draft):
        for days, spans in weekly.items():
            for one, other in pairwise(sorted(spans, key=lambda span: span.start)):
                if other.start < one.end:
                    key = _written_as(draft, path, days)
                    text = f'"{one}" and "{other}" overlap.'
                    yield Note("hours", (*path, key), text, fix="join them into one.")


def phone_is_held_sometimes(draft: Draft) -> Iterator[Note]:
    """A rotation whose hours are empty would never wake anybody."""
    for name, rotation in draft.rotations.items():
        if rotation.hours is not None and not any(rotation.hours.values()):
            yield Note(
                "hours",
                ("rotations", name, "hours"),
                "nobody ever holds this phone: its hours are empty.",
                fix='write the hours it is held in: { mon-fri: "18:00-24:00" }, or delete the line.',
                at_key=True,
            )


def _weekly(draft: Draft) -> Iterator[tuple[Path, Weekly]]:
    """Yield every table of weekly hours in the file with its path."""
    for name, calendar in draft.calendars.items():
        yield ("calendars", name, "open"), calendar.open
    for name, rotation in draft.rotations.items():
        if rotation.hours is not None:
            yield ("rotations", name, "hours"), rotation.hours


def opens_at_all(draft: Draft) -> Iterator[Note]:
    """An office that never opens would let normal tickets wait for ever."""
    for name, calendar in draft.calendars.items():
        if not any(calendar.open.values()):
            yield Note(
                "hours",
                ("calendars", name, "open"),
                "this office never opens; a normal ticket would wait for ever.",
                fix='write open hours: { mon-fri: "09:00-18:00" }.',
                at_key=True,
            )


def removed_days_are_holidays(draft: Draft) -> Iterator[Note]:
    """Removing a day that is no holiday changes nothing; the date is probably wrong."""
    for name, calendar in draft.calendars.items():
        rules = calendar.holidays
        if rules is None or next(_country((), rules), None):
            continue
        public = public_holidays(rules.country, rules.subdivision)
        path: Path = ("calendars", name, "holidays", "remove")
        for position, day in enumerate(rules.remove):
            if day not in public:
                yield Note(
                    "date",
                    path,
                    f"{day} is no public holiday in {rules.country}; removing it changes nothing.",
                    fix="correct the date, or delete it.",
                    severity=Severity.WARNING,
                    at=draft.item(path, position),
                )


def _country(path: Path, rules: Holidays) -> Iterator[Note]:
    countries = known_countries()
    if rules.country not in countries:
        yield Note(
            "unknown-name",
            (*path, "country"),
            f'the holidays of "{rules.country}" are not known.',
            fix="write the two letters of the country: RO, TR, GB.",
        )
    elif rules.subdivision and rules.subdivision not in known_subdivisions(rules.country):
        parts = sorted(known_subdivisions(rules.country))
        yield Note(
            "unknown-name",
            (*path, "subdivision"),
            f'{rules.country} has no part called "{rules.subdivision}".',
            hint=did_you_mean(rules.subdivision, parts, label="known"),
            fix="correct it, or delete the line." if parts else "delete the line.",
        )


def _written_as(draft: Draft, path: Path, days: tuple[int, ...]) -> str:
    written = draft.document.at(path)
    keys = written if isinstance(written, dict) else ()
    return next((key for key in keys if weekdays(key) == days), "")
