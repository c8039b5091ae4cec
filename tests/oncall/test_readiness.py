"""Green, amber and red: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oncall.readiness import Facts, Light, Why, readiness

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
READY = Facts(
    channels=2,
    has_phone=True,
    is_verified=True,
    is_opted_out=False,
    card_saved=True,
    tested_at=NOW - timedelta(days=3),
    shift_start=NOW + timedelta(days=2),
)


def test_somebody_with_everything_in_place_is_green() -> None:
    found = readiness(READY, NOW)

    assert (found.light, found.reasons) == (Light.GREEN, ())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_verified": False}, Why.NOT_VERIFIED),
        ({"tested_at": None}, Why.NEVER_TESTED),
        ({"tested_at": NOW - timedelta(days=31)}, Why.TEST_OLD),
        ({"channels": 1}, Why.ONE_CHANNEL),
        ({"card_saved": False}, Why.NO_CARD),
        ({"has_backup": False}, Why.NO_BACKUP),
        ({"test_sent": True}, Why.TEST_WAITS),
    ],
)
def test_what_can_still_be_put_right_is_amber(change: dict[str, object], why: Why) -> None:
    found = readiness(replace(READY, **change), NOW)  # type: ignore[arg-type]

    assert (found.light, found.reasons) == (Light.AMBER, (why,))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"has_phone": False}, Why.NO_PHONE),
        ({"is_opted_out": True}, Why.OPTED_OUT),
        ({"is_away": True}, Why.AWAY),
        (
            {"test_sent": True, "shift_start": NOW + timedelta(hours=2)},
            Why.TEST_SILENT,
        ),
    ],
)
def test_what_would_leave_the_phone_silent_is_red(change: dict[str, object], why: Why) -> None:
    found = readiness(replace(READY, **change), NOW)  # type: ignore[arg-type]

    assert (found.light, found.reasons) == (Light.RED, (why,))


def test_an_answered_test_is_no_reason_to_worry_however_near_the_shift() -> None:
    near = replace(READY, test_sent=True, test_answered=True, shift_start=NOW)

    assert readiness(near, NOW).light is Light.GREEN


def test_the_worst_reason_comes_first_and_decides() -> None:
    found = readiness(replace(READY, is_opted_out=True, card_saved=False), NOW)

    assert found.light is Light.RED
    assert found.reasons == (Why.OPTED_OUT, Why.NO_CARD)
