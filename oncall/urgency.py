"""Decide whether a ticket is urgent: the first matching rule wins. Reads nothing, stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oncall.policy.folding import plain
from oncall.policy.model import Urgency, UrgencyRule, When


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at."""

    text: str
    source: str
    customer: str = ""
    type: str = ""
    tags: tuple[str, ...] = ()
    priority: str = ""
    key: str = ""
    is_open: bool = False
    """Whether the office was open when the ticket came."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How urgent, and the name of the rule that said so."""

    urgency: Urgency
    rule: str


def classify(rules: Sequence[UrgencyRule], facts: Facts) -> Verdict:
    """Return the verdict of the first rule that matches `facts`.

    A policy always ends with `otherwise`; should none match all the same, the ticket is urgent, since
    waking somebody for nothing is the smaller mistake.
    """
    for rule in rules:
        if rule.otherwise is not None:
            return Verdict(rule.otherwise, rule.name)
        if rule.when is not None and rule.is_ is not None and _matches(rule.when, facts):
            return Verdict(rule.is_, rule.name)
    return Verdict(Urgency.URGENT, "no-rule-matched")


def _matches(when: When, facts: Facts) -> bool:
    return (
        _has_words(when.text_has, facts.text)
        and _is_one_of(when.source, (facts.source,))
        and _is_one_of(when.customer, (facts.customer,))
        and _is_one_of(when.type, (facts.type,))
        and _is_one_of(when.priority, (facts.priority,))
        and _is_one_of(when.tags, facts.tags)
        and when.key in (None, facts.key)
        and when.time in (None, "office_hours" if facts.is_open else "out_of_hours")
    )


def _has_words(words: Iterable[str], text: str) -> bool:
    wanted = [plain(word) for word in words]
    return not wanted or any(word in plain(text) for word in wanted)


def _is_one_of(allowed: Iterable[str], given: Iterable[str]) -> bool:
    wanted = {plain(value) for value in allowed}
    return not wanted or any(plain(value) in wanted for value in given)
