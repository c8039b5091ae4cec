"""What is wrong in the rota as it stands: holes, holders on leave, short rest, limits. Finds and changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from oncall.roster import Roster
from rotations import gaps
from rotations.gaps import Finding, Limits, Watched

AHEAD = timedelta(weeks=13)
"""So far ahead the pages look."""
ALARMING = frozenset({"nobody-holds", "on-leave"})
"""What somebody has to put right before it comes."""
_WEEK = timedelta(weeks=1)


def findings(roster: Roster, start: datetime, end: datetime) -> tuple[Finding, ...]:
    """Return everything that is wrong at some time of [start, end), over all rotations, in order."""
    watched = [_watched(roster, name) for name in roster.policy.rotations]
    zone = roster.policy.company.timezone
    return gaps.findings(watched, roster.laid.leave, (start, end), zone)


def alarms(roster: Roster, now: datetime) -> tuple[Finding, ...]:
    """Return what has to be put right in the coming weeks: nobody holds, or whoever holds is on leave."""
    found = findings(roster, now, now + AHEAD)
    return tuple(one for one in found if one.code in ALARMING and _is_about_holder(roster, one))


def _is_about_holder(roster: Roster, finding: Finding) -> bool:
    """Say whether a finding is about who holds: a backup on leave can wait for the next plan."""
    held = roster.holder_at(finding.rotation, finding.start)
    return held is None or held.person in finding.people


def _watched(roster: Roster, name: str) -> Watched:
    rotation = roster.policy.rotations[name]
    limits = rotation.limits
    return Watched(
        roster.schedule(name),
        tuple(dict.fromkeys(rotation.order)),
        Limits(
            limits.rest_between,
            limits.weeks_per_quarter * _WEEK if limits.weeks_per_quarter else None,
            limits.weeks_per_year * _WEEK if limits.weeks_per_year else None,
        ),
    )
