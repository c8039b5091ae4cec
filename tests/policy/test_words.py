"""What a finding says is the true cause, and doing what it advises helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncall.errors import PolicyError
from oncall.policy.findings import Finding
from oncall.policy.load import parse

SMALL = (Path(__file__).parent / "good" / "small.yaml").read_text(encoding="utf-8")


def only_finding(*changes: tuple[str, str]) -> Finding:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    try:
        (finding,) = parse(text).warnings
    except PolicyError as error:
        (finding,) = error.findings
    return finding


@pytest.mark.parametrize("backup", ["previous", "next", "ana"])
def test_somebody_alone_in_order_is_advised_a_backup_that_is_possible(backup: str) -> None:
    found = only_finding(("order: [ana, bora]", f"order: [ana]\n    backup: {backup}"))

    assert found.fix.startswith("write  backup: none, or add a second person")


def test_a_weekly_handoff_without_weekday_is_told_which_day_it_will_be() -> None:
    found = only_finding(("handoff: mon 09:00", "handoff: 9:00"))

    assert 'every turn starts on a mon, the weekday of "starts" (2026-01-05)' in found.text
    assert found.fix.startswith("write  handoff: mon 09:00 ")
