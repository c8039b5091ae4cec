"""Which ladders a ticket of one type and team walks. Stores nothing and judges no file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from oncall.policy.folding import plain
from oncall.policy.model import (
    Escalation,
    NormalEscalation,
    NormalSection,
    Policy,
    Section,
    UrgentEscalation,
    UrgentSection,
)


@dataclass(frozen=True, slots=True)
class Ladders:
    """The ladders of one ticket. `type` and `team` name the sections with a say in them, empty where none has."""

    escalation: Escalation
    type: str = ""
    team: str = ""


class Sections:
    """Finds the ladders of a ticket by its type and team, in any case, in one step each."""

    def __init__(self, policy: Policy) -> None:
        self._general = policy.escalation
        self._types = {plain(name): name for name in policy.escalation.types}
        self._teams = {plain(name): name for name in policy.teams}
        self._known: dict[tuple[str, str], Ladders] = {}

    def team_named(self, word: str) -> str | None:
        """Return the team's name as the policy writes it, None when there is no such team."""
        return self._teams.get(plain(word))

    def of(self, type_: str, team: str) -> Ladders:
        """Return the ladders of a ticket.

        Each setting is the one of its type's section; where that leaves it out, of its team's; else the general
        one. What is broken says more about whom to wake than whose customer it is.
        """
        type_name = self._types.get(plain(type_), "") if type_ else ""
        team_name = self._teams.get(plain(team), "") if team else ""
        if team_name not in self._general.teams:
            team_name = ""
        known = self._known.get((type_name, team_name))
        if known is None:
            known = self._known[type_name, team_name] = self._merged(type_name, team_name)
        return known

    def _merged(self, type_name: str, team_name: str) -> Ladders:
        if not (type_name or team_name):
            return Ladders(self._general)
        sections = [
            section
            for section in (
                self._general.types.get(type_name),
                self._general.teams.get(team_name),
            )
            if section is not None
        ]
        escalation = Escalation(
            urgent=_urgent(self._general.urgent, sections),
            normal=_normal(self._general.normal, sections),
        )
        return Ladders(escalation, type_name, team_name)


def _urgent(general: UrgentEscalation, sections: list[Section]) -> UrgentEscalation:
    told = [section.urgent for section in sections if section.urgent is not None]
    chosen = {
        name: next((value for one in told if (value := getattr(one, name)) is not None), None)
        for name in UrgentSection.model_fields
    }
    return general.model_copy(update={k: v for k, v in chosen.items() if v is not None})


def _normal(general: NormalEscalation, sections: list[Section]) -> NormalEscalation:
    told = [section.normal for section in sections if section.normal is not None]
    chosen = {
        name: next((value for one in told if (value := getattr(one, name)) is not None), None)
        for name in NormalSection.model_fields
    }
    return general.model_copy(update={k: v for k, v in chosen.items() if v is not None})


class _Same:
    """A policy as a cache key: the very object, not its content."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.policy is self.policy


def sections_of(policy: Policy) -> Sections:
    """Return the sections of `policy`; the same object again for the same policy object."""
    return _sections(_Same(policy))


@lru_cache(maxsize=32)
def _sections(same: _Same) -> Sections:
    return Sections(same.policy)
