"""Ladders of their own for types and teams: each can be met, and says something."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.policy.draft import TEAM_SECTIONS, TYPE_SECTIONS, Draft
from oncall.policy.findings import Note, Path, Severity, did_you_mean
from oncall.policy.folding import plain
from oncall.policy.model import UrgencyRule, When

LONGEST_TYPE = 80
"""Letters of a ticket's type that a source may send."""


def known_in_sections(draft: Draft) -> Iterator[Note]:
    """A ticket names a team of `teams:`; a section for any other is never met."""
    for name in draft.sections(TEAM_SECTIONS):
        if name not in draft.names("teams"):
            yield Note(
                "unknown-name",
                (*TEAM_SECTIONS, name),
                f'there is no team called "{name}"',
                hint=did_you_mean(name, draft.names("teams"), label="teams"),
                fix=f'correct the name here, or add "{name}" under teams:',
                at_key=True,
            )


def sections_differ(draft: Draft) -> Iterator[Note]:
    """Types are compared without regard to case, so two that differ in nothing else are one."""
    first: dict[str, str] = {}
    for name in draft.sections(TYPE_SECTIONS):
        before = first.setdefault(plain(name), name)
        if before != name:
            line = draft.document.place((*TYPE_SECTIONS, before)).line
            yield Note(
                "duplicate",
                (*TYPE_SECTIONS, name),
                f'type "{before}" on line {line} is the same word in another case.',
                fix="put both sections together.",
                at_key=True,
            )


def sections_say_something(draft: Draft) -> Iterator[Note]:
    """A section that leaves out everything is the general ladder."""
    for path in (TYPE_SECTIONS, TEAM_SECTIONS):
        for name, section in draft.sections(path).items():
            if isinstance(section, dict) and not any(section.values()):
                yield Note(
                    "missing",
                    (*path, name),
                    "this section changes nothing: its tickets walk the general ladders.",
                    fix="write what is different, such as  urgent: { steps: [...] }, or delete it.",
                    severity=Severity.WARNING,
                    at_key=True,
                )


def types_can_come(draft: Draft) -> Iterator[Note]:
    """No ticket has a type longer than a source may send."""
    for name in draft.sections(TYPE_SECTIONS):
        if len(name) > LONGEST_TYPE:
            text = f"no ticket has a type of {len(name)} letters; a source may send {LONGEST_TYPE}."
            yield _unreachable((*TYPE_SECTIONS, name), text, fix="shorten it, here and there.")


def section_ladders_are_walked(draft: Draft) -> Iterator[Note]:
    """An urgency rule that always decides about a type leaves the other half of its section without a ticket."""
    is_readable = len(draft.urgency) == draft.count("urgency")
    for name, section in draft.sections(TYPE_SECTIONS).items():
        decider = _decider(draft, name) if is_readable else None
        if decider is None or not isinstance(section, dict):
            continue
        always = decider.is_ or decider.otherwise
        never = "normal" if always == "urgent" else "urgent"
        if section.get(never):
            yield _unreachable(
                (*TYPE_SECTIONS, name, never),
                f'no ticket of type "{name}" is ever {never}: rule "{decider.name}" makes each {always}.',
                fix="delete this part, or change the rule.",
            )


def _decider(draft: Draft, name: str) -> UrgencyRule | None:
    """Return the rule that decides about every ticket of a type; None when that depends on something else."""
    for _, rule in sorted(draft.urgency.items()):
        if rule.otherwise is not None:
            return rule
        when = rule.when
        if when is None:
            return None
        if not when.type:
            # It may match some of them, or none.
            return None
        is_meant = plain(name) in {plain(word) for word in when.type}
        if is_meant and when == When(type=when.type):
            return rule
        if is_meant:
            return None
    return None


def _unreachable(path: Path, text: str, *, fix: str) -> Note:
    return Note("unreachable", path, text, fix=fix, severity=Severity.WARNING, at_key=True)
