"""Decide whom a waiting ticket pages now, and when it is due again. Reads nothing, sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notifiers.base import Channel
from oncall.policy.model import Escalation, Step, Urgency
from oncall.policy.values import Rung

SHORTEST_ROUND = timedelta(minutes=1)
"""A round in which nobody could be reached is not walked again sooner than this."""

STEPS = "steps"
OFFICE_HOURS = "office_hours"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands on its ladder: the step at index `step` of round `round` (from 1) is due."""

    urgency: Urgency
    ladder: str
    round: int
    step: int
    round_started_at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is true around the ticket now; the caller looked it up."""

    now: datetime
    is_open: bool
    next_opening: datetime
    reach: Callable[[str], tuple[str, ...]]
    """People behind a step's `to`, by short name; empty when nobody is there."""
    rungs: Callable[[str, Step | None], tuple[Rung, ...]]
    """The channels on which a person can be reached for a step (None: to be told that nobody answered)."""
    passed_on: frozenset[str] = frozenset()
    """People who passed the ticket on in this round; they are not asked again before the next."""


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """One page to write down: `person` on `channel` at `due_at`; `rung` counts within the step."""

    person: str
    channel: Channel
    due_at: datetime
    rung: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to the ticket now. `due_at` None means it only waits for a human from here on."""

    standing: Standing
    """Where it stands afterwards."""
    due_at: datetime | None
    step: Step | None = None
    """The step that ran, None when none could or none was due."""
    ran: Standing | None = None
    """Where that step stood on its ladder."""
    pages: tuple[PlannedPage, ...] = ()
    skipped: tuple[str, ...] = ()
    """Targets of the steps passed over because nobody was behind them."""
    tell_nobody_took_it: bool = False
    waits_for_office: bool = False


def steps_of(escalation: Escalation, urgency: Urgency, ladder: str) -> tuple[Step, ...]:
    """Return the list of steps a ticket on `ladder` walks."""
    if urgency is Urgency.NORMAL:
        return escalation.normal.office_hours
    if ladder == OFFICE_HOURS and escalation.urgent.office_hours is not None:
        return escalation.urgent.office_hours
    return escalation.urgent.steps


def decide(escalation: Escalation, standing: Standing, around: Surroundings) -> Decision:
    """Return what a due ticket needs now: the next step somebody is behind, its pages, and the next due time."""
    if standing.urgency is Urgency.NORMAL:
        return _decide_normal(escalation, standing, around)
    return _decide_urgent(escalation, standing, around)


def choose_ladder(escalation: Escalation, *, is_open: bool) -> str:
    """Return which list a round that starts now walks."""
    return OFFICE_HOURS if is_open and escalation.urgent.office_hours is not None else STEPS


def _decide_urgent(escalation: Escalation, standing: Standing, around: Surroundings) -> Decision:
    if standing.step == 0:
        ladder = choose_ladder(escalation, is_open=around.is_open)
        standing = replace(standing, ladder=ladder, round_started_at=around.now)
    steps = steps_of(escalation, Urgency.URGENT, standing.ladder)
    # The list may be shorter than it was: a version that was lost is replaced by the policy in force.
    found, skipped = _first_reachable(steps, min(standing.step, len(steps)), around)
    tell = standing.step == 0 and _rounds_without_answer(standing, escalation.urgent.repeat)
    if found is None:
        nobody_at_all = standing.step == 0 and standing.round == 1
        return Decision(
            standing=_next_round(standing),
            due_at=max(around.now, standing.round_started_at + SHORTEST_ROUND),
            skipped=skipped,
            tell_nobody_took_it=tell or nobody_at_all,
        )
    index, step, pages = found
    ran = replace(standing, step=index)
    due_at = around.now + (step.wait or timedelta(0))
    after = replace(ran, step=index + 1)
    if index + 1 >= len(steps):
        after = _next_round(ran)
        due_at = max(due_at, standing.round_started_at + SHORTEST_ROUND)
    return Decision(after, due_at, step, ran, pages, skipped, tell_nobody_took_it=tell)


def _decide_normal(escalation: Escalation, standing: Standing, around: Surroundings) -> Decision:
    if not around.is_open:
        return Decision(standing, around.next_opening, waits_for_office=True)
    steps = escalation.normal.office_hours
    if standing.step >= len(steps):
        # Only passing on brings back a ticket that all were asked about: the others are asked once more.
        standing = _next_round(standing)
    found, skipped = _first_reachable(steps, standing.step, around)
    if found is None:
        nobody_at_all = standing.step == 0
        after = _next_round(standing) if nobody_at_all else replace(standing, step=len(steps))
        return Decision(after, None, skipped=skipped, tell_nobody_took_it=nobody_at_all)
    index, step, pages = found
    ran = replace(standing, ladder=STEPS, step=index)
    is_last = index + 1 >= len(steps)
    due_at = None if is_last else around.now + (step.wait or timedelta(0))
    return Decision(replace(ran, step=index + 1), due_at, step, ran, pages, skipped)


_Found = tuple[int, Step, tuple[PlannedPage, ...]]


def _first_reachable(
    steps: tuple[Step, ...], start: int, around: Surroundings
) -> tuple[_Found | None, tuple[str, ...]]:
    skipped: list[str] = []
    for index in range(start, len(steps)):
        pages = _pages_of(steps[index], around)
        if pages:
            return (index, steps[index], pages), tuple(skipped)
        skipped.append(steps[index].to)
    return None, tuple(skipped)


def _pages_of(step: Step, around: Surroundings) -> tuple[PlannedPage, ...]:
    return tuple(
        page
        for person in around.reach(step.to)
        if person not in around.passed_on
        for page in ladder_of(person, around.rungs(person, step), around.now)
    )


def ladder_of(person: str, rungs: tuple[Rung, ...], start: datetime) -> tuple[PlannedPage, ...]:
    """Return one page per rung of a person's ladder that starts at `start`."""
    return tuple(
        PlannedPage(person, rung.channel, start + rung.after, number)
        for number, rung in enumerate(rungs)
    )


def _next_round(standing: Standing) -> Standing:
    return replace(standing, round=standing.round + 1, step=0)


def _rounds_without_answer(standing: Standing, repeat: int) -> bool:
    return standing.round > 1 and (standing.round - 1) % repeat == 0
