"""The parts of a policy that have the right shape, whatever the rest looks like. Rules read it; nobody runs on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from oncall.policy.comp_days import CompDays
from oncall.policy.document import Document, Plain
from oncall.policy.findings import Path
from oncall.policy.model import (
    Calendar,
    Company,
    Email,
    IfNobody,
    Person,
    Rotation,
    Step,
    Team,
    Twilio,
    UrgencyRule,
)

_Model = TypeVar("_Model", bound=BaseModel)

URGENT_STEPS: Path = ("escalation", "urgent", "steps")
URGENT_OFFICE: Path = ("escalation", "urgent", "office_hours")
NORMAL_STEPS: Path = ("escalation", "normal", "office_hours")
IF_NOBODY: Path = ("escalation", "urgent", "if_nobody")
TYPE_SECTIONS: Path = ("escalation", "types")
TEAM_SECTIONS: Path = ("escalation", "teams")
_LADDERS = (URGENT_STEPS, URGENT_OFFICE, NORMAL_STEPS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What may be judged of a file: every part that validated by itself, keyed or placed as in the file."""

    document: Document
    company: Company | None
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    calendars: Mapping[str, Calendar]
    rotations: Mapping[str, Rotation]
    urgency: Mapping[int, UrgencyRule]
    ladders: Mapping[Path, Mapping[int, Step]]
    """Steps by position, for each ladder the file has, those of types and teams included; see `item`."""
    if_nobody: Mapping[Path, IfNobody]
    comp_days: CompDays | None
    twilio: Twilio | None
    email: Email | None

    def names(self, section: str) -> tuple[str, ...]:
        """Return every short name of a section, of broken entries too: a name with a fault still exists."""
        found = self.document.at((section,))
        return tuple(found) if isinstance(found, dict) else ()

    def count(self, *path: str | int) -> int:
        """Return how many items the list at `path` has; one item standing for a list is one."""
        found = self.document.at(path)
        return len(found) if isinstance(found, list) else int(found is not None)

    def item(self, path: Path, position: int) -> Path:
        """Return the path of an item: one that stands for a list has no position."""
        return (*path, position) if isinstance(self.document.at(path), list) else path

    def urgent_ladders(self) -> Mapping[Path, Mapping[int, Step]]:
        """Return the ladders of urgent tickets, which are walked again from their first step."""
        return {path: steps for path, steps in self.ladders.items() if path[-2] == "urgent"}

    def normal_ladders(self) -> Mapping[Path, Mapping[int, Step]]:
        """Return the ladders of normal tickets."""
        return {path: steps for path, steps in self.ladders.items() if path[-2] == "normal"}

    def sections(self, path: Path) -> Mapping[str, Plain]:
        """Return the named sections at `path` as they are written."""
        found = self.document.at(path)
        return found if isinstance(found, dict) else {}

    def is_target(self, word: str) -> bool:
        """Say whether a step's `to:` may be `word`."""
        if word.endswith(".backup"):
            return word.removesuffix(".backup") in self.sections(("rotations",))
        return any(word in self.sections((name,)) for name in ("people", "teams", "rotations"))

    def targets(self) -> tuple[str, ...]:
        """Return every word a step's `to:` may be."""
        rotations = self.names("rotations")
        backups = (f"{name}.backup" for name in rotations)
        return (*self.names("people"), *self.names("teams"), *rotations, *backups)


def draft_of(document: Document) -> Draft:
    """Return the parts of `document` that have the right shape."""
    return Draft(
        document=document,
        company=_one(document, ("company",), Company),
        people=_named(document, "people", Person),
        teams=_named(document, "teams", Team),
        calendars=_named(document, "calendars", Calendar),
        rotations=_named(document, "rotations", Rotation),
        urgency=_listed(document, ("urgency",), UrgencyRule),
        ladders={
            path: _listed(document, path, Step)
            for path in _everywhere(document, *_LADDERS)
            if document.at(path) is not None
        },
        if_nobody={
            path: told
            for path in _everywhere(document, IF_NOBODY)
            if (told := _one(document, path, IfNobody)) is not None
        },
        comp_days=_one(document, ("comp_days",), CompDays),
        twilio=_one(document, ("integrations", "twilio"), Twilio),
        email=_one(document, ("integrations", "email"), Email),
    )


def _everywhere(document: Document, *general: Path) -> Iterator[Path]:
    """Yield the paths of settings under `escalation`, then the same ones in every section of a type or team."""
    yield from general
    for group in (TYPE_SECTIONS, TEAM_SECTIONS):
        sections = document.at(group)
        for name in sections if isinstance(sections, dict) else ():
            yield from ((*group, name, *path[1:]) for path in general)


def _one(document: Document, path: Path, model: type[_Model]) -> _Model | None:
    return _valid(document.at(path), model)


def _named(document: Document, section: str, model: type[_Model]) -> dict[str, _Model]:
    found = document.at((section,))
    entries = found.items() if isinstance(found, dict) else ()
    pairs = ((name, _valid(plain, model)) for name, plain in entries)
    return {name: value for name, value in pairs if value is not None}


def _listed(document: Document, path: Path, model: type[_Model]) -> dict[int, _Model]:
    pairs = ((at, _valid(plain, model)) for at, plain in enumerate(_items(document.at(path))))
    return {at: value for at, value in pairs if value is not None}


def _items(plain: Plain) -> Iterator[Plain]:
    yield from plain if isinstance(plain, list) else (plain,)


def _valid(plain: Plain, model: type[_Model]) -> _Model | None:
    if plain is None:
        return None
    try:
        return model.model_validate(plain)
    except ValidationError:
        return None
