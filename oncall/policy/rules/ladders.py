"""Ladders that climb: a wait after every step but the last, and time that passes in every round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oncall.policy.draft import IF_NOBODY, LADDERS, URGENT_OFFICE, URGENT_STEPS, Draft
from oncall.policy.findings import Note, Severity


def waits_are_written(draft: Draft) -> Iterator[Note]:
    """How long a step waits decides when the next person is woken; it is never guessed."""
    for path in LADDERS:
        last = draft.count(*path) - 1
        for position, step in draft.ladders.get(path, {}).items():
            if position < last and "wait" not in step.model_fields_set:
                yield Note(
                    "missing",
                    draft.item(path, position),
                    f'step {position + 1} has no "wait", and a step follows it.',
                    fix=f"write  {{ to: {step.to}, wait: 5m }}",
                )


def round_takes_time(draft: Draft) -> Iterator[Note]:
    """Urgent ladders start again; a round that takes no time would page everybody without a pause."""
    for path in (URGENT_STEPS, URGENT_OFFICE):
        steps = draft.ladders.get(path, {})
        is_readable = 0 < len(steps) == draft.count(*path)
        waits = [step.wait for step in steps.values()]
        is_said_already = any(
            "wait" not in step.model_fields_set for step in list(steps.values())[:-1]
        )
        if is_readable and not is_said_already and sum(waits, timedelta(0)) == timedelta(0):
            yield Note(
                "no-pause",
                path,
                "one round of this ladder takes no time, so it would start again at once, for ever.",
                fix="give the last step a wait: 5m.",
                at_key=True,
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
    if draft.if_nobody and not draft.if_nobody.tell:
        path = (*IF_NOBODY, "tell")
        yield Note("missing", path, "nobody is told.", fix="write a person: [omar].", at_key=True)
