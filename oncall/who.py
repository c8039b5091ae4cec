"""Who holds each phone at an instant, as one plain answer and in words. Works nothing out and imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rotations.wall import instant_of, is_repeated, is_skipped

YEARS = (1971, 2099)
"""The years that can be asked about: zones and holidays are guesswork outside them."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One rotation at one instant; people by short name, instants aware UTC."""

    rotation: str
    starts_at: datetime
    """The first handoff of all; before it there is no holder."""
    holder: str | None
    backup: str | None
    until: datetime | None
    next_holder: str | None
    is_open: bool
    """Whether the rotation's calendar is open."""
    changes_at: datetime | None
    """When that calendar opens or closes next; None when it never does."""
    shadow: str | None = None
    """Who listens in to learn."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the answer says about a person beside the short name."""

    name: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Every rotation at one instant."""

    at: datetime
    zone: str
    duties: tuple[Duty, ...]
    people: dict[str, Known]

    def is_employed(self, person: str) -> bool:
        """Say whether `person` works here on that day."""
        known, day = self.people[person], self.at.astimezone(ZoneInfo(self.zone)).date()
        return (known.since is None or known.since <= day) and (
            known.until is None or day <= known.until
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as somebody wrote it; `remark` says which one a doubtful wall clock was taken for."""

    instant: datetime
    remark: str = ""


def moment(text: str, zone: ZoneInfo) -> Moment:
    """Return the instant `text` means: with an offset as it stands, without one as the wall clock of `zone`.

    Raises ValueError, with words for the person, for what is no time.
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"{text}" is not a time; write "2026-12-25 03:00".') from None
    if not YEARS[0] <= read.year <= YEARS[1]:
        raise ValueError(f"the year {read.year} is not between {YEARS[0]} and {YEARS[1]}.")
    if read.tzinfo is not None:
        return Moment(read.astimezone(UTC))
    return _wall_moment(read.date(), read.time(), zone)


def _wall_moment(day: date, at: time, zone: ZoneInfo) -> Moment:
    instant = instant_of(day, at, zone)
    shown = f"{instant.astimezone(zone):%H:%M} ({instant:%H:%M} UTC)"
    if is_skipped(day, at, zone):
        return Moment(
            instant, f"the clocks skip {at:%H:%M} that day; taken as {shown}, when they jump"
        )
    if is_repeated(day, at, zone):
        return Moment(
            instant, f"the clocks show {at:%H:%M} twice that day; taken as the first, {shown}"
        )
    return Moment(instant)


def in_words(standing: Standing, remark: str = "") -> str:
    """Return the answer for a terminal, in the company's local time."""
    zone = ZoneInfo(standing.zone)
    lines = [f"{_local(standing.at, zone)} {standing.zone} ({standing.at:%H:%M} UTC)"]
    if remark:
        lines.append(f"  {remark}")
    for duty in standing.duties:
        lines.extend(_duty_lines(duty, standing, zone))
    if not standing.duties:
        lines.append("there is no rotation, so nobody holds a phone")
    return "\n".join(lines)


def as_plain(standing: Standing, remark: str = "") -> dict[str, Any]:
    """Return the answer for a program: ISO instants in UTC, people by short name with their names beside."""
    return {
        "at": standing.at.isoformat(),
        "zone": standing.zone,
        "remark": remark,
        "rotations": [_duty_plain(duty, standing) for duty in standing.duties],
    }


def _duty_lines(duty: Duty, standing: Standing, zone: ZoneInfo) -> Iterator[str]:
    if duty.until is None:
        yield f"{duty.rotation}: nobody yet; the first turn starts {_local(duty.starts_at, zone)}"
    else:
        after = f", then {_person(duty.next_holder, standing)}" if duty.next_holder else ""
        holder = _person(duty.holder, standing)
        yield f"{duty.rotation}: {holder} until {_local(duty.until, zone)}{after}"
        yield f"  backup: {_person(duty.backup, standing)}"
        if duty.shadow:
            yield f"  learning: {_person(duty.shadow, standing)}"
    state = "open" if duty.is_open else "out of hours"
    until = f" until {_local(duty.changes_at, zone)}" if duty.changes_at else ", always"
    yield f"  {state}{until}"


def _duty_plain(duty: Duty, standing: Standing) -> dict[str, Any]:
    return {
        "rotation": duty.rotation,
        "starts_at": duty.starts_at.isoformat(),
        "holder": _person_plain(duty.holder, standing),
        "until": _iso(duty.until),
        "backup": _person_plain(duty.backup, standing),
        "next": _person_plain(duty.next_holder, standing),
        "learning": _person_plain(duty.shadow, standing),
        "open": duty.is_open,
        "open_changes_at": _iso(duty.changes_at),
    }


def _person(short: str | None, standing: Standing) -> str:
    if short is None:
        return "nobody"
    gone = "" if standing.is_employed(short) else ", not employed then: is not paged"
    return f"{standing.people[short].name} ({short}{gone})"


def _person_plain(short: str | None, standing: Standing) -> dict[str, Any] | None:
    if short is None:
        return None
    known = standing.people[short]
    return {"person": short, "name": known.name, "employed": standing.is_employed(short)}


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %d %b %Y %H:%M}"


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
