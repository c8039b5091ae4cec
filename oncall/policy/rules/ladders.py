"""Ladders that climb: a wait after every step but the last, and time that passes in every round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oncall.policy.draft import IF_NOBODY, Draft
from oncall.policy.findings import Note, Path, Severity, nearest
from oncall.policy.model import Role
from oncall.policy.times import duration_text

_LONG = timedelta(days=1)


def waits_are_written(draft: Draft) -> Iterator[Note]:
    """How long a step waits decides when the next person is woken; it is never guessed."""
    for path, steps in draft.ladders.items():
        last = draft.count(*path) - 1
        for position, step in steps.items():
            if position < last and "wait" not in step.model_fields_set:
                yield Note(
                    "missing",
                    draft.item(path, position),
                    f'step {position + 1} has no "wait", and a step follows it.',
                    fix=f"write  {{ to: {step.to}, wait: 5m }}",
                )


def round_takes_time(draft: Draft) -> Iterator[Note]:
    """Urgent ladders start again; a round that takes no time would page everybody without a pause."""
    for path, steps in draft.urgent_ladders().items():
        is_said_already = any(
            "wait" not in step.model_fields_set for step in list(steps.values())[:-1]
        )
        if _starts_at_once(draft, path) and not is_said_already:
            yield Note(
                "no-pause",
                path,
                "one round of this ladder takes no time, so it would start again at once, for ever.",
                fix="give the last step a wait: 5m.",
                at_key=True,
            )


def steps_begin_apart(draft: Draft) -> Iterator[Note]:
    """A step that waits no time begins together with the one after it, which no longer is a step up."""
    for path, steps in draft.ladders.items():
        last = draft.count(*path) - 1
        for position, step in steps.items():
            is_written = "wait" in step.model_fields_set
            if (
                position < last
                and is_written
                and not step.wait
                and not _starts_at_once(draft, path)
            ):
                yield Note(
                    "no-pause",
                    (*draft.item(path, position), "wait"),
                    f"steps {position + 1} and {position + 2} begin at the same moment.",
                    fix=f"give step {position + 1} a wait: 5m.",
                    severity=Severity.WARNING,
                )


def last_step_has_time(draft: Draft) -> Iterator[Note]:
    """Urgent ladders start again when the last step has waited; without a wait it is not even given a minute."""
    for path, steps in draft.urgent_ladders().items():
        last = draft.count(*path) - 1
        step = steps.get(last)
        if step and not step.wait and not _starts_at_once(draft, path):
            yield Note(
                "no-pause",
                draft.item(path, last),
                "the last step does not wait: the next round, and after the last one the message that nobody took it, "
                f"begin the very moment {step.to} is paged.",
                fix="give it a wait: 5m.",
                severity=Severity.WARNING,
            )


def waits_are_short(draft: Draft) -> Iterator[Note]:
    """A wait of days is a slip of the pen: until it ends nobody else is asked."""
    for path, steps in draft.ladders.items():
        for position, step in steps.items():
            if step.wait > _LONG:
                yield Note(
                    "duration",
                    (*draft.item(path, position), "wait"),
                    f"step {position + 1} waits {duration_text(step.wait)} before anybody else is asked.",
                    fix="write a day at most: 5m (minutes), 4h (hours), 1 day.",
                    severity=Severity.WARNING,
                )


def backup_steps_have_a_backup(draft: Draft) -> Iterator[Note]:
    """A step to the backup of a rotation without one reaches nobody, every time."""
    for path, steps in draft.ladders.items():
        for position, step in steps.items():
            name, _, backup = step.to.partition(".")
            rotation = draft.rotations.get(name)
            if backup == "backup" and rotation and rotation.backup == "none":
                yield Note(
                    "no-address",
                    (*draft.item(path, position), "to"),
                    f'{name} has "backup: none", so this step reaches nobody.',
                    fix=f"delete the step, or give {name} a backup: previous.",
                    severity=Severity.WARNING,
                )


def somebody_is_told(draft: Draft) -> Iterator[Note]:
    """`if_nobody` names at least one person: it is the last resort."""
    for where, told in draft.if_nobody.items():
        if not told.tell:
            path = (*where, "tell")
            fix = "write a person: [omar]."
            yield Note("missing", path, "nobody is told.", fix=fix, at_key=True)


def somebody_is_named_to_tell(draft: Draft) -> Iterator[Note]:
    """Without `if_nobody` the admins hear that nobody took a ticket; that should be known, not found out."""
    path = IF_NOBODY[:-1]
    urgent = draft.document.at(path)
    is_misspelt_or_there = isinstance(urgent, dict) and nearest("if_nobody", urgent)
    is_readable = len(draft.people) == len(draft.names("people"))
    if not isinstance(urgent, dict) or is_misspelt_or_there or not is_readable:
        return
    admins = [name for name, person in draft.people.items() if person.role is Role.ADMIN]
    instead = (
        f"the admins are told: {', '.join(admins)}."
        if admins
        else "no one is told: nobody is admin."
    )
    yield Note(
        "missing",
        path,
        f'there is no "if_nobody"; when nobody takes an urgent ticket, {instead}',
        fix=f"add  if_nobody: {{ tell: [{', '.join(admins) or '...'}] }}  under escalation.urgent",
        severity=Severity.WARNING,
        at_key=True,
    )


def _starts_at_once(draft: Draft, path: Path) -> bool:
    """Say whether a whole round of this ladder takes no time, and another follows."""
    steps = draft.ladders.get(path, {})
    is_readable = 0 < len(steps) == draft.count(*path)
    return path[-2] == "urgent" and is_readable and not any(step.wait for step in steps.values())
