"""A rotation that starts later is reported until the moment of its first handoff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from oncall.policy.ahead import unstarted_findings
from oncall.policy.load import load

SMALL = load(Path(__file__).parent / "good" / "small.yaml")
FIRST_HANDOFF = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)


def test_until_the_first_handoff_the_starting_day_earns_a_warning() -> None:
    before = FIRST_HANDOFF - timedelta(seconds=1)

    (found,) = unstarted_findings(SMALL.policy, SMALL.document, before)

    assert (found.line, found.column, found.code) == (16, 13, "W23")
    assert "Mon 05 Jan 2026 09:00 (Europe/Bucharest)" in found.text


def test_from_the_first_handoff_on_there_is_nothing_to_say() -> None:
    assert unstarted_findings(SMALL.policy, SMALL.document, FIRST_HANDOFF) == []
