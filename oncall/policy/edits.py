"""What people changed about themselves, laid over a policy. Reads and writes no row of anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oncall.policy.model import NotifyLadders, Person, Policy
from oncall.policy.values import Ladder
from oncall.tables import Contact

VERSION = select(func.sum(Contact.version))
"""Goes up with every change of anybody; None before the first."""

_LADDER: TypeAdapter[Ladder] = TypeAdapter(Ladder)


@dataclass(frozen=True, slots=True)
class Edit:
    """One person's own settings; None: as the policy file says."""

    phone: str | None
    email: str | None
    urgent: str | None
    normal: str | None


@dataclass(frozen=True, slots=True)
class Edits:
    """Everybody's own settings. `version` goes up with every change."""

    version: int = 0
    people: Mapping[str, Edit] = field(default_factory=dict)

    def over(self, policy: Policy) -> Policy:
        """Return `policy` with what people changed; the very same object when nobody did."""
        changed = {
            short: _laid(policy.people[short], edit)
            for short, edit in self.people.items()
            if short in policy.people
        }
        if not changed:
            return policy
        return policy.model_copy(update={"people": {**policy.people, **changed}})


def version(session: Session) -> int:
    """Return the version of everybody's settings."""
    return int(session.execute(VERSION).scalar() or 0)


def read(session: Session) -> Edits:
    """Return everybody's own settings."""
    # Asked first: a change that comes in between is only read twice.
    newest = version(session)
    rows = session.execute(
        select(Contact.person, Contact.phone, Contact.email, Contact.urgent, Contact.normal)
    )
    people = {row.person: Edit(*row[1:]) for row in rows}
    return Edits(newest, {short: one for short, one in people.items() if _says_it(one)})


def _says_it(edit: Edit) -> bool:
    return any(value is not None for value in (edit.phone, edit.email, edit.urgent, edit.normal))


def _laid(person: Person, edit: Edit) -> Person:
    changed: dict[str, Any] = {
        name: value
        for name, value in (("phone", edit.phone), ("email", edit.email))
        if value is not None
    }
    ladders = {
        name: _LADDER.validate_python(written.split(", "))
        for name, written in (("urgent", edit.urgent), ("normal", edit.normal))
        if written is not None
    }
    if ladders:
        notify: NotifyLadders = person.notify.model_copy(update=ladders)
        changed["notify"] = notify
    return person.model_copy(update=changed)
