"""Whoever a ladder pages can be reached on it, and urgent ladders wake people. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from notifiers.base import Channel
from notifiers.countries import reach_of
from notifiers.settings import country_of
from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import Step
from oncall.policy.values import Rung

_NEEDS = {Channel.SMS: "phone", Channel.CALL: "phone", Channel.EMAIL: "email"}


def urgent_reaches_everybody(draft: Draft) -> Iterator[Note]:
    """Whoever an urgent step may page has an address for at least one rung of the ladder used."""
    for name, rungs in _failing(draft, _urgent_steps(draft), "urgent", _is_nothing):
        text = f"{name} is paged for urgent tickets and could not be woken: {_lack(rungs)}"
        yield Note("no-address", ("people", name), text, fix=_add(rungs, name), at_key=True)


def normal_reaches_everybody(draft: Draft) -> Iterator[Note]:
    """The same for normal tickets, where it only costs time."""
    steps = [step for ladder in draft.normal_ladders().values() for step in ladder.values()]
    for name, rungs in _failing(draft, steps, "normal", _is_nothing):
        text = f"{name} is told of normal tickets and would not hear of them: {_lack(rungs)}"
        yield Note(
            "no-address",
            ("people", name),
            text,
            fix=_add(rungs, name),
            severity=Severity.WARNING,
            at_key=True,
        )


def urgent_steps_wake(draft: Draft) -> Iterator[Note]:
    """A step with channels of its own, and only mail among them, wakes nobody."""
    for path, steps in draft.urgent_ladders().items():
        for position, step in steps.items():
            if _is_mail(step.by or ()):
                yield Note(
                    "mail-only",
                    (*draft.item(path, position), "by"),
                    "this step pages by email alone, and mail wakes nobody.",
                    fix="write  by: [sms now, call 1m]",
                    severity=Severity.WARNING,
                )


def urgent_ladders_wake(draft: Draft) -> Iterator[Note]:
    """Whoever an urgent step may page is texted or rung, not only mailed."""
    steps = (step for step in _urgent_steps(draft) if not _is_mail(step.by or ()))
    for name, rungs in _failing(draft, steps, "urgent", _is_mail):
        path: Path = ("people", name)
        has_other_rungs = not _is_mail(rungs)
        yield Note(
            "mail-only",
            path if has_other_rungs else (*path, "notify", "urgent"),
            f"{name} is paged for urgent tickets by email alone, and mail wakes nobody.",
            fix=f"add phone under people.{name}"
            if has_other_rungs
            else "write  urgent: [sms now, call 1m]",
            severity=Severity.WARNING,
            at_key=has_other_rungs,
        )


def urgent_ladders_can_be_answered(draft: Draft) -> Iterator[Note]:
    """Where an SMS can be neither answered nor bear a link, a ladder that begins with one wastes its first minutes."""
    for name, person in draft.people.items():
        own = person.notify.urgent if "urgent" in person.notify.model_fields_set else ()
        country = country_of(person.phone or "")
        if not own or reach_of(country).can_answer:
            continue
        soonest = min(rung.after for rung in own)
        if not any(rung.channel is Channel.CALL and rung.after == soonest for rung in own):
            yield Note(
                "one-way",
                ("people", name, "notify", "urgent"),
                f"in {country} an SMS can be neither answered nor bear a link: {name} can take a ticket by call alone, "
                "and this ladder does not begin with one.",
                fix="write  urgent: [call now, sms now, call 2m]",
                severity=Severity.WARNING,
            )


def behind(draft: Draft, target: str) -> Iterable[str]:
    """Return everybody a step's `to:` may ever mean."""
    if target in draft.teams:
        return draft.teams[target].members
    rotation = draft.rotations.get(target.partition(".")[0])
    if rotation is None:
        return (target,)
    if not target.endswith(".backup") or rotation.backup in ("previous", "next"):
        return rotation.order
    return (rotation.backup,)


def _urgent_steps(draft: Draft) -> Iterator[Step]:
    for steps in draft.urgent_ladders().values():
        yield from steps.values()
    for told in draft.if_nobody.values():
        yield from (Step(to=name) for name in told.tell)


def _failing(
    draft: Draft,
    steps: Iterable[Step],
    ladder: Literal["urgent", "normal"],
    fails: Callable[[tuple[Rung, ...]], bool],
) -> Iterator[tuple[str, tuple[Rung, ...]]]:
    """Yield each person the steps may page and whose usable rungs `fails` says are not enough, once, with all rungs."""
    said: set[str] = set()
    for step in steps:
        for name in behind(draft, step.to):
            person = draft.people.get(name)
            if person is None or name in said:
                continue
            rungs = step.by or getattr(person.notify, ladder)
            if fails(tuple(rung for rung in rungs if getattr(person, _NEEDS[rung.channel]))):
                said.add(name)
                yield name, rungs


def _is_nothing(usable: tuple[Rung, ...]) -> bool:
    return not usable


def _is_mail(usable: tuple[Rung, ...]) -> bool:
    return bool(usable) and all(rung.channel is Channel.EMAIL for rung in usable)


def _lack(rungs: Iterable[Rung]) -> str:
    channels = list(dict.fromkeys(rung.channel for rung in rungs))
    if not channels:
        return "the ladder has no rung."
    return f"the ladder is {', '.join(channels)}, and there is no {' and no '.join(_needs(rungs))}."


def _add(rungs: Iterable[Rung], name: str) -> str:
    needs = " or ".join(_needs(rungs)) or "notify"
    return f"add {needs} under people.{name}"


def _needs(rungs: Iterable[Rung]) -> list[str]:
    return list(dict.fromkeys(_NEEDS[rung.channel] for rung in rungs))
