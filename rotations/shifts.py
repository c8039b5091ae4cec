"""The values schedules take and give: published turns, overrides, planned turns, shifts. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

HOLDER, BACKUP, SHADOW = "holder", "backup", "shadow"
ROLES = (HOLDER, BACKUP, SHADOW)


@dataclass(frozen=True, slots=True)
class Published:
    """One turn as it was published: it stays, whatever the rotation's rules say later."""

    start: datetime
    end: datetime
    holder: str | None
    backup: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """Hours of one role held by somebody else: `start` <= instant < `end`. Of two that overlap the higher `id` wins."""

    id: int
    role: str
    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One turn before overrides, `start` <= instant < `end`, aware UTC; people by short name.

    `backup` is None where a rotation of its own is the backup: that may change hands inside the turn.
    """

    start: datetime
    end: datetime
    holder: str | None
    backup: str | None
    shadow: str | None
    is_published: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """What one person holds in the final schedule, unbroken and inside one turn, aware UTC.

    `turn_start` and `turn_end` are the turn it lies in, `planned` whose turn that is; `override` is the id of the
    override that gave it to `person`, None when it is simply their turn.
    """

    rotation: str
    role: str
    person: str
    start: datetime
    end: datetime
    turn_start: datetime
    turn_end: datetime
    planned: str | None
    override: int | None = None
