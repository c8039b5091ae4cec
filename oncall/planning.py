"""Set up what the fair planner plans: slots, people, leave and history of one rotation. Stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from oncall.policy.model import Person, Rotation
from oncall.roster import Roster, cadence_of
from rotations.fair import engine
from rotations.fair.plan import Move, Plan
from rotations.fair.problem import (
    BACKUP,
    CHRISTMAS,
    HOLIDAY,
    ORDINARY,
    PRIMARY,
    Assignment,
    Fixed,
    Problem,
    Rules,
    Slot,
)
from rotations.fair.problem import Person as Planner
from rotations.schedule import HOLDER, Planned, Published, Shift
from rotations.wall import start_of

MOST_CREDIT = 1500
"""Thousandths of a turn: more than this is not carried on, so that nobody pays back in one quarter."""
HISTORY = timedelta(days=3 * 366)
"""So far back turns count for credit and for Christmas."""
_CHRISTMAS = frozenset({(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One turn that a proposal gives to somebody: `before` is who had it published, None when nobody was told yet.

    `kind` is `new` for a turn nobody was told about, else `repair` or `rebalance`; `why` is one sentence.
    """

    start: datetime
    end: datetime
    role: str
    before: str | None
    after: str | None
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan of one rotation that nobody was told about yet, and what publishing it would change."""

    rotation: str
    slots: tuple[Planned, ...]
    problem: Problem
    plan: Plan
    published: int
    """So many of the slots, from the first on, are published already."""
    rota_version: int

    @property
    def moved(self) -> tuple[Change, ...]:
        """Published turns that would go to somebody else."""
        return tuple(_moved(self, move) for move in self.plan.moves)

    @property
    def fresh(self) -> tuple[Change, ...]:
        """Turns that would be published for the first time."""
        return tuple(_fresh(self, number) for number in range(self.published, len(self.slots)))

    def after(self, roster: Roster) -> tuple[Planned, ...]:
        """Return the turns as they would stand published, with the backups that follow from them."""
        turns = tuple(
            Published(slot.start, slot.end, one.primary, one.backup)
            for slot, one in zip(self.slots, self.plan.assignments, strict=True)
        )
        kept = (
            turn
            for turn in roster.laid.published.get(self.rotation, ())
            if turn.end <= turns[0].start
        )
        published = {**roster.laid.published, self.rotation: (*kept, *turns)}
        supposed = Roster(roster.policy, replace(roster.laid, published=published))
        return supposed.turns(self.rotation, turns[0].start, turns[-1].end)

    @property
    def is_empty(self) -> bool:
        """Whether publishing would change nothing."""
        return not self.plan.moves and self.published == len(self.slots)


def propose(
    roster: Roster,
    rotation: str,
    now: datetime,
    *,
    ahead: timedelta | None = None,
    keep: bool = False,
) -> Proposal:
    """Return the plan of `rotation` from the turn that runs at `now`, `ahead` (else `publish_ahead`) from then.

    Published turns are repaired and rebalanced as the policy allows; with `keep` they stay whatever happens.
    Raises ValueError when the rotation has no turn in that time.
    """
    rules = roster.policy.rotations[rotation]
    begin = max(now, roster.starts_at(rotation))
    told_until = max((turn.end for turn in roster.laid.published.get(rotation, ())), default=begin)
    # A plan of a part of what people were told would put right what is only cut off.
    until = max(begin + (ahead or rules.publish_ahead), told_until)
    slots = roster.turns(rotation, begin, until)
    if not slots:
        raise ValueError(f"{rotation} has no turn in that time")
    told = max((number for number, slot in enumerate(slots, 1) if slot.is_published), default=0)
    problem = _Setting(roster, rotation, slots, now).problem(told, keep=keep)
    return Proposal(rotation, slots, problem, engine.plan(problem), told, roster.laid.version)


class _Setting:
    """One rotation with its slots, while they are turned into a problem."""

    def __init__(
        self, roster: Roster, rotation: str, slots: tuple[Planned, ...], now: datetime
    ) -> None:
        self.roster = roster
        self.name = rotation
        self.rules: Rotation = roster.policy.rotations[rotation]
        self.slots = slots
        self.now = now
        self.zone = cadence_of(roster.policy, self.rules).zone
        self.roles = 2 if self.rules.backup == "next" else 1
        self.first = slots[0].start
        since = max(roster.starts_at(rotation), self.first - HISTORY)
        self.past = roster.turns(rotation, since, self.first) if since < self.first else ()
        shifts = roster.final_schedule(since, slots[-1].end, rotation)
        self.held = _held_by_turn(shifts)

    def problem(self, told: int, *, keep: bool) -> Problem:
        people = tuple(dict.fromkeys(self.rules.order))
        return Problem(
            name=self.name,
            slots=tuple(self._slot(slot) for slot in self.slots),
            people=tuple(self._person(name) for name in people),
            rules=self._rules(told, keep=keep),
            roles=self.roles,
            fixed=tuple(self._fixed(told, frozenset(people))),
            previous_plan=self._previous(told),
            order=people,
            mode=self.rules.mode,
            holiday_balance=self.rules.holiday_balance,
        )

    def _rules(self, told: int, *, keep: bool) -> Rules:
        limits = self.rules.limits
        until = self.now + self.rules.freeze
        frozen = sum(slot.start < until for slot in self.slots[:told])
        return Rules(
            min_gap=self._gap(limits.rest_between),
            max_per_quarter=self._turns(limits.weeks_per_quarter),
            max_per_year=self._turns(limits.weeks_per_year),
            chain=self.roles > 1,
            no_go_pairs=frozenset(_pair(pair) for pair in limits.never_together),
            frozen_slots=told if keep else frozen,
        )

    def _gap(self, rest: timedelta) -> int:
        """Return how many slots later the next turn of one person may be, so that `rest` lies between them."""
        gap = 1
        for number, slot in enumerate(self.slots):
            while (
                number + gap < len(self.slots) and self.slots[number + gap].start - slot.end < rest
            ):
                gap += 1
        return gap

    def _turns(self, weeks: int | None) -> int | None:
        """Return a limit in weeks as turns; a part of a split turn counts by its average length."""
        if weeks is None:
            return None
        return max(1, int(weeks * timedelta(weeks=1) * len(self.rules.handoff) / self.rules.turn))

    def _previous(self, told: int) -> tuple[Assignment, ...] | None:
        if not told:
            return None
        return tuple(
            Assignment(self._holder(slot), slot.backup if self.roles > 1 else None)
            for slot in self.slots[:told]
        )

    def _fixed(self, told: int, people: frozenset[str]) -> Iterator[Fixed]:
        """Yield what planning leaves alone: what people agreed on, the running turn, near turns shown as a preview."""
        near = self.now if told else self.now + self.rules.freeze
        for number, slot in enumerate(self.slots):
            holder = self._holder(slot)
            agreed = holder != slot.holder or slot.start <= near
            if agreed and holder in people and holder is not None:
                yield Fixed(number, PRIMARY, holder)
        running = self.slots[0]
        if not told and self.roles > 1 and running.backup in people and running.backup is not None:
            yield Fixed(0, BACKUP, running.backup)

    def _holder(self, slot: Planned) -> str | None:
        """Return who holds most of a turn in the end: covers of a few hours leave it whose it is."""
        held = self.held.get(slot.start, {})
        return max(held, key=lambda name: (held[name], name == slot.holder), default=slot.holder)

    def _slot(self, slot: Planned) -> Slot:
        start = slot.start.astimezone(self.zone).date()
        first = self.first.astimezone(self.zone).date()
        return Slot(
            date=start.isoformat(),
            year=start.year - first.year,
            quarter=(start.year - first.year) * 4 + (start.month - 1) // 3 - (first.month - 1) // 3,
            holiday=self._holiday(slot),
        )

    def _holiday(self, slot: Planned) -> int:
        days = _days_of(slot, self.zone)
        if any((day.month, day.day) in _CHRISTMAS for day in days):
            return CHRISTMAS
        closed = self.roster.hours(self.rules.calendar).closed
        return HOLIDAY if any(day in closed for day in days) else ORDINARY

    def _person(self, name: str) -> Planner:
        person = self.roster.policy.people[name]
        away = self.roster.laid.leave.get(name, ())
        long = self.roster.laid.long_leave.get(name, ())
        majors = [number for number in self._past_turns_of(name) if self._is_major(number)]
        years = [self._year(self.past[number]) for number in majors]
        turns = self._past_turns_of(name)
        return Planner(
            id=name,
            weight=person.contract.weight,
            start=self._first_slot(person),
            end=self._last_slot(person),
            unavailable=self._slots_in(away),
            paused=self._slots_in(long),
            carry=self._carry(name),
            last_turn=turns[-1] - len(self.past) if turns else None,
            major_history=len(majors),
            last_major_year=min(-1, max(years)) if years else None,
        )

    def _slots_in(self, spans: tuple[tuple[datetime, datetime], ...]) -> frozenset[int]:
        return frozenset(
            number
            for number, slot in enumerate(self.slots)
            if any(start < slot.end and slot.start < end for start, end in spans)
        )

    def _first_slot(self, person: Person) -> int:
        begins = self._joins(person)
        return sum(slot.start < begins for slot in self.slots)

    def _joins(self, person: Person) -> datetime:
        """Return the first instant a person may hold a turn: somebody who joins is given time to learn."""
        if person.since is None:
            return self.roster.starts_at(self.name)
        arrives = start_of(person.since, self.zone)
        if arrives <= self.roster.starts_at(self.name):
            return arrives
        return arrives + self.rules.joiner_lead

    def _last_slot(self, person: Person) -> int:
        if person.until is None:
            return len(self.slots)
        leaves = start_of(person.until + _DAY, self.zone)
        return sum(slot.end <= leaves for slot in self.slots) - 1

    def _past_turns_of(self, name: str) -> list[int]:
        return [number for number, turn in enumerate(self.past) if self._holder(turn) == name]

    def _is_major(self, number: int) -> bool:
        return self._holiday(self.past[number]) == CHRISTMAS

    def _year(self, turn: Planned) -> int:
        return turn.start.astimezone(self.zone).year - self.first.astimezone(self.zone).year

    def _carry(self, name: str) -> int:
        """Return thousandths of a turn held above the fair share so far, by the hours really held."""
        above = sum((self._above(turn, name) for turn in self.past), Fraction(0))
        return max(-MOST_CREDIT, min(MOST_CREDIT, round(above * 1000)))

    def _above(self, turn: Planned, name: str) -> Fraction:
        people = {
            one: self.roster.policy.people[one].contract.weight
            for one in dict.fromkeys(self.rules.order)
            if self._counted(one, turn)
        }
        held = self.held.get(turn.start, {})
        covered = sum(held.values())
        share = Fraction(held.get(name, 0), covered) if covered else Fraction(0)
        if name not in people:
            return share
        return share - (Fraction(people[name], sum(people.values())) if covered else 0)

    def _counted(self, name: str, turn: Planned) -> bool:
        """Say whether a turn counts towards somebody's share: there, and not on a long absence."""
        person = self.roster.policy.people[name]
        if turn.start < self._joins(person):
            return False
        if person.until is not None and turn.end > start_of(person.until + _DAY, self.zone):
            return False
        long = self.roster.laid.long_leave.get(name, ())
        return not any(start < turn.end and turn.start < end for start, end in long)


def _held_by_turn(shifts: tuple[Shift, ...]) -> dict[datetime, dict[str, int]]:
    """Return, per turn (by its start), the seconds each person really holds the phone."""
    held: dict[datetime, dict[str, int]] = {}
    for shift in shifts:
        if shift.role == HOLDER:
            seconds = int((shift.end - shift.start).total_seconds())
            people = held.setdefault(shift.turn_start, {})
            people[shift.person] = people.get(shift.person, 0) + seconds
    return held


def _days_of(slot: Planned, zone: ZoneInfo) -> list[date]:
    """Return the local days of which a turn covers at least half."""
    day = slot.start.astimezone(zone).date()
    found = []
    while (begins := start_of(day, zone)) < slot.end:
        ends = start_of(day + _DAY, zone)
        covered = min(ends, slot.end) - max(begins, slot.start)
        if covered * 2 >= ends - begins:
            found.append(day)
        day += _DAY
    return found


def _pair(pair: tuple[str, ...]) -> tuple[str, str]:
    first, second = sorted(pair)
    return first, second


def _moved(proposal: Proposal, move: Move) -> Change:
    slot = proposal.slots[move.slot]
    return Change(
        slot.start, slot.end, _ROLES[move.role], move.before, move.after, move.kind, move.text
    )


def _fresh(proposal: Proposal, number: int) -> Change:
    slot, one = proposal.slots[number], proposal.plan.assignments[number]
    why = reason_of(proposal.plan, number, PRIMARY)
    return Change(slot.start, slot.end, HOLDER, None, one.primary, "new", why)


def reason_of(plan: Plan, slot: int, role: int) -> str:
    """Return the sentence that says why a turn went to whom it went; empty when the plan gives none."""
    name = "backup" if role == BACKUP else "primary"
    return next((one.text for one in plan.reasons if one.slot == slot and one.role == name), "")


_ROLES = {"primary": HOLDER, "backup": "backup"}
