"""What of a policy has not begun yet: findings that need to know the time. Reads no clock and no file."""

from __future__ import annotations

from datetime import datetime

from oncall.policy.document import Document
from oncall.policy.findings import Finding, Note, Severity
from oncall.policy.model import Policy
from oncall.roster import cadence_of, roster_of


def unstarted_findings(policy: Policy, document: Document, now: datetime) -> list[Finding]:
    """Return a warning for every rotation whose first handoff lies after `now`: until then nobody holds its phone."""
    roster = roster_of(policy)
    findings = []
    for name, rotation in policy.rotations.items():
        first = roster.starts_at(name)
        if first <= now:
            continue
        zone = cadence_of(policy, rotation).zone
        text = (
            f"nobody holds this phone until the first handoff, {first.astimezone(zone):%a %d %b %Y %H:%M} ({zone}); "
            "steps to it are skipped until then."
        )
        note = Note(
            "date",
            ("rotations", name, "starts"),
            text,
            fix="write a day whose handoff has passed, if somebody holds the phone already.",
            severity=Severity.WARNING,
        )
        findings.append(document.finding(note))
    return findings
