"""Reminders and tests that come in time to be of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path
from oncall.policy.times import duration_text

ALARM_BEFORE = timedelta(hours=2)
"""So long before a shift a lead hears of a test that nobody answered."""
EARLIEST = timedelta(days=14)


def reminders_are_ahead(draft: Draft) -> Iterator[Note]:
    """Each reminder comes before the shift, not weeks before it, and once."""
    for name, rotation in draft.rotations.items():
        path: Path = ("rotations", name, "reminders")
        for position, before in enumerate(rotation.reminders):
            at = draft.item(path, position)
            if before in rotation.reminders[:position]:
                text = f"{duration_text(before)} stands here twice."
                yield Note("duplicate", path, text, fix="take one of them out.", at=at)
            elif not timedelta(minutes=5) <= before <= EARLIEST:
                text = f"{duration_text(before)} before a shift is no time for a reminder."
                yield Note("duration", path, text, fix="write 5 minutes to 14 days.", at=at)


def test_leaves_time(draft: Draft) -> Iterator[Note]:
    """A test is early enough for a lead to do something about its silence."""
    for name, rotation in draft.rotations.items():
        before = rotation.readiness_test
        if before and not ALARM_BEFORE < before <= EARLIEST:
            yield Note(
                "duration",
                ("rotations", name, "readiness_test"),
                f"a test {duration_text(before)} before the shift is of no use: a lead hears of its silence"
                f" {duration_text(ALARM_BEFORE)} before.",
                fix="write 24 hours (more than 2 hours, at most 14 days), or 0h for no test.",
            )
