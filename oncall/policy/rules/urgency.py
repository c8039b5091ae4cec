"""The list that decides what is urgent: read from the top, the first match wins, the last takes the rest."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import UrgencyRule, When

LIST: Path = ("urgency",)


def each_rule_decides(draft: Draft) -> Iterator[Note]:
    """A rule is either `when` and `is`, or `otherwise`."""
    for position, rule in draft.urgency.items():
        fault = _fault(rule)
        if fault:
            fix = "write  when: {...}, is: urgent  or, as the last rule,  otherwise: normal"
            yield Note("rule", (*LIST, position), f'rule "{rule.name}" {fault}', fix=fix)


def names_differ(draft: Draft) -> Iterator[Note]:
    """The name of a rule is shown on the ticket, so it must tell which one it was."""
    first: dict[str, int] = {}
    for position, rule in draft.urgency.items():
        path: Path = (*LIST, position, "name")
        if rule.name in first:
            line = draft.document.place((*LIST, first[rule.name], "name")).line
            text = f'a rule called "{rule.name}" stands on line {line} already.'
            yield Note("duplicate", path, text, fix="give this one another name.")
        first.setdefault(rule.name, position)


def ends_with_otherwise(draft: Draft) -> Iterator[Note]:
    """Without a last `otherwise` some ticket would match nothing."""
    count = draft.count(*LIST)
    is_readable = len(draft.urgency) == count and count > 0
    if is_readable and not any(rule.otherwise for rule in draft.urgency.values()):
        missed = "not matching its only rule" if count == 1 else f"matching none of {count} rules"
        yield Note(
            "no-otherwise",
            LIST,
            f'there is no "otherwise" at the end; a ticket {missed} would reach nobody.',
            fix="add as the last line  - { name: the-rest, otherwise: normal }",
            at_key=True,
        )


def every_rule_can_fire(draft: Draft) -> Iterator[Note]:
    """Nothing stands behind the rule that takes everything."""
    rules = sorted(draft.urgency.items())
    taker = next(((at, rule) for at, rule in rules if rule.otherwise), None)
    if taker is None:
        return
    line = draft.document.place((*LIST, taker[0])).line
    for position, rule in rules:
        if position > taker[0]:
            yield Note(
                "unreachable",
                (*LIST, position),
                f'rule "{rule.name}" can never fire; "{taker[1].name}" on line {line} already takes everything.',
                fix=f'move "{taker[1].name}" to the end.',
                severity=Severity.ERROR if rule.otherwise else Severity.WARNING,
            )


def _fault(rule: UrgencyRule) -> str:
    if rule.otherwise is not None:
        return (
            ""
            if rule.when is None and rule.is_ is None
            else 'mixes "otherwise" with "when" or "is".'
        )
    if rule.when is None and rule.is_ is None:
        return "decides nothing."
    if rule.when is None:
        return 'has "is" but no "when".'
    if rule.is_ is None:
        return 'has "when" but no "is".'
    return 'has an empty "when", which matches every ticket.' if rule.when == When() else ""
