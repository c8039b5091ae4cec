"""Green, amber or red: whether a person's phone would wake them in time. Pure rules; reads and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TEST_HOLDS = timedelta(days=30)
"""A test that was answered counts for so long."""
ALARM_BEFORE = timedelta(hours=2)
"""So long before a shift what was amber about its test turns red, and a lead is told."""


class Light(StrEnum):
    """How ready a person is; the worst reason decides."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Why(StrEnum):
    """What keeps a light from being green."""

    NO_PHONE = "no-phone"
    OPTED_OUT = "opted-out"
    TEST_SILENT = "test-silent"
    TEST_WAITS = "test-waits"
    NOT_VERIFIED = "not-verified"
    NEVER_TESTED = "never-tested"
    TEST_OLD = "test-old"
    ONE_CHANNEL = "one-channel"
    NO_CARD = "no-card"
    NO_BACKUP = "no-backup"
    AWAY = "away"


ALWAYS_RED = frozenset({Why.NO_PHONE, Why.OPTED_OUT, Why.TEST_SILENT, Why.AWAY})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one person, and about the shift that comes next for them or runs."""

    channels: int
    """How many ways of waking lead to them: texts, calls, mail."""
    has_phone: bool
    is_verified: bool
    is_opted_out: bool
    card_saved: bool
    tested_at: datetime | None
    """When they answered a test last."""
    shift_start: datetime | None = None
    has_backup: bool = True
    test_sent: bool = False
    """Whether the test for that shift went out."""
    test_answered: bool = False
    is_away: bool = False
    """On leave at some time of that shift."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """A light and everything that keeps it from being green, the worst first."""

    light: Light
    reasons: tuple[Why, ...]


def readiness(facts: Facts, now: datetime) -> Readiness:
    """Return how ready the person of `facts` is at `now`."""
    reasons = tuple(dict.fromkeys((*_red(facts, now), *_amber(facts, now))))
    if not reasons:
        return Readiness(Light.GREEN, ())
    return Readiness(Light.RED if reasons[0] in ALWAYS_RED else Light.AMBER, reasons)


def _red(facts: Facts, now: datetime) -> Iterator[Why]:
    if not facts.has_phone:
        yield Why.NO_PHONE
    if facts.is_opted_out:
        yield Why.OPTED_OUT
    if _is_silent(facts) and facts.shift_start and now >= facts.shift_start - ALARM_BEFORE:
        yield Why.TEST_SILENT
    if facts.is_away:
        yield Why.AWAY


def _amber(facts: Facts, now: datetime) -> Iterator[Why]:
    if _is_silent(facts) and facts.shift_start and now < facts.shift_start - ALARM_BEFORE:
        yield Why.TEST_WAITS
    if facts.has_phone and not facts.is_verified:
        yield Why.NOT_VERIFIED
    if facts.has_phone and facts.tested_at is None:
        yield Why.NEVER_TESTED
    elif facts.tested_at is not None and now - facts.tested_at > TEST_HOLDS:
        yield Why.TEST_OLD
    if facts.channels == 1:
        yield Why.ONE_CHANNEL
    if facts.has_phone and not facts.card_saved:
        yield Why.NO_CARD
    if not facts.has_backup:
        yield Why.NO_BACKUP


def _is_silent(facts: Facts) -> bool:
    return facts.test_sent and not facts.test_answered
