"""Which tickets are urgent."""

from __future__ import annotations

import pytest

from oncall.policy.load import parse
from oncall.policy.model import Urgency, UrgencyRule
from oncall.urgency import Facts, classify
from tests.world import EXAMPLE

RULES = parse(EXAMPLE.read_text(encoding="utf-8")).policy.urgency


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (Facts("Guests LOCKED OUT", "mail"), "danger-words"),
        (Facts("Kapı ÇALIŞMIYOR", "mail"), "danger-words"),
        (Facts("kapi calismiyor", "mail"), "danger-words"),
        (Facts("Ușa NU MERGE", "mail"), "danger-words"),
        (Facts("برق قطع است", "mail"), "danger-words"),
        (Facts("hello", "mail", priority="URGENT"), "marked-urgent"),
        (Facts("hello", "mail", customer="hotel astoria", is_open=False), "vip"),
        (Facts("hello", "mail", customer="hotel astoria", is_open=True), "the-rest"),
        (Facts("an address change", "mail"), "the-rest"),
    ],
)
def test_the_first_rule_that_matches_decides(facts: Facts, rule: str) -> None:
    assert classify(RULES, facts).rule == rule


def test_every_given_key_of_a_rule_must_match() -> None:
    rule = UrgencyRule.model_validate(
        {"name": "both", "when": {"tags": ["prod"], "type": ["outage", "fire"]}, "is": "urgent"}
    )

    assert classify([rule], Facts("x", "s", tags=("prod", "eu"), type="outage")).rule == "both"
    assert (
        classify([rule], Facts("x", "s", tags=("test",), type="outage")).rule == "no-rule-matched"
    )


def test_without_any_rule_it_is_urgent_since_waking_somebody_is_the_smaller_mistake() -> None:
    assert classify([], Facts("x", "s")).urgency is Urgency.URGENT
