"""Who decides about a rotation. Stores and tells nothing."""

from __future__ import annotations

from collections.abc import Iterable

from oncall.policy.model import Policy, Role


def leads_of(policy: Policy, rotation: str, *, but: Iterable[str | None] = ()) -> tuple[str, ...]:
    """Return who decides about `rotation` (none of `but`): its team's lead, else other leads, else admins."""
    rules = policy.rotations.get(rotation)
    team = policy.teams.get((rules.team if rules else None) or "")
    barred = set(but)
    if team and team.lead and team.lead not in barred:
        return (team.lead,)
    for role in (Role.LEAD, Role.ADMIN):
        found = tuple(
            name for name, one in policy.people.items() if one.role is role and name not in barred
        )
        if found:
            return found
    return ()


def is_lead(policy: Policy, person: str) -> bool:
    """Say whether `person` may act for others: a lead or an admin."""
    known = policy.people.get(person)
    return known is not None and known.role is not Role.STAFF
