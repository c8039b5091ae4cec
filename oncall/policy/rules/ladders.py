"""Ladders that climb: a wait after every step but the last, and time that passes in every round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oncall.policy.draft import LADDERS, URGENT_OFFICE, URGENT_STEPS, Draft
from oncall.policy.findings import Note


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
