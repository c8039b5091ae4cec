"""What a turn earns: shares of hours held, by contract, each hour counted once. Reads no clock and no database."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from oncall.ledger import shares, spans
from oncall.ledger.entries import BACKUP, HOLDER, Kind
from rotations.schedule import Shift

NO_HELP = timedelta(0)


class Uncounted(StrEnum):
    """Why hours held bring no day off."""

    NO = ""
    CONTRACT = "contract"
    """The person's contract earns pay, or nothing."""
    TWICE = "twice"
    """The same hours count in another rotation already."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one person."""

    zone: ZoneInfo
    earns: bool = True
    holidays: Container[date] = frozenset()
    per_holiday: int = 500
    per_night: int = 100
    most_extras: int = 1500
    """Of both together, per calendar week."""
    night: tuple[int, int] = (22 * 60, 6 * 60)
    """Minutes of the local day at which the night begins and ends."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every turn; amounts in milli-days."""

    per_week: int
    rotations: tuple[str, ...]
    """Of hours held in two rotations those of the earlier one count."""
    zones: Mapping[str, ZoneInfo]
    """The zone in which each rotation changes hands."""
    terms: Mapping[str, Terms]
    backup_per_week: int = 0
    small_help: timedelta = NO_HELP
    """A cover shorter than this stays credited to whoever's turn it is."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What a turn brings one person, ready to become an entry."""

    person: str
    kind: Kind
    amount: int
    role: str = ""
    day: date | None = None
    uncounted: Uncounted = Uncounted.NO
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether it becomes an entry: the rest is only shown, so that the shares of a turn are seen to sum."""
        return self.amount != 0 and self.uncounted is Uncounted.NO


@dataclass(frozen=True, slots=True)
class TurnId:
    """One turn of one rotation."""

    rotation: str
    start: datetime
    end: datetime


@dataclass(slots=True)
class _Claim:
    """Hours of a turn that one person held in one way."""

    person: str
    uncounted: Uncounted
    since: int
    seconds: int = 0
    helped: int = 0
    """Seconds of small help somebody gave them."""


def turns_of(shifts: Iterable[Shift]) -> tuple[TurnId, ...]:
    """Return the turns in which somebody held something, by their end."""
    found = {TurnId(one.rotation, one.turn_start, one.turn_end) for one in shifts}
    return tuple(sorted(found, key=lambda turn: (turn.end, turn.rotation)))


def credited(shifts: Sequence[Shift], small_help: timedelta) -> tuple[Shift, ...]:
    """Return the shifts with every small cover given back to whoever's turn it is; their `override` stays."""
    if not small_help:
        return tuple(shifts)
    covered: dict[tuple[object, ...], timedelta] = {}
    for one in shifts:
        key = _cover(one)
        covered[key] = covered.get(key, NO_HELP) + (one.end - one.start)
    return tuple(
        replace(one, person=one.planned)
        if _is_help(one) and one.planned and covered[_cover(one)] < small_help
        else one
        for one in shifts
    )


def shares_of(turn: TurnId, shifts: Sequence[Shift], rules: Rules) -> tuple[Credit, ...]:
    """Return the shares of `turn`, holders and then backups; those of each role sum exactly to the turn's worth.

    `shifts` are the final schedule around the turn, of every rotation: hours a person holds in two rotations
    count once. A share that does not count is there too, with the reason.
    """
    credit_to = credited(shifts, rules.small_help)
    here = [
        (one, given)
        for one, given in zip(shifts, credit_to, strict=True)
        if one.rotation == turn.rotation and one.turn_start == turn.start
    ]
    found: list[Credit] = []
    for role, rate in ((HOLDER, rules.per_week), (BACKUP, rules.backup_per_week)):
        pairs = [pair for pair in here if pair[0].role == role]
        claims = _claims(pairs, credit_to, rules)
        worth = shares.worth(rate, turn.start, turn.end, rules.zones[turn.rotation])
        amounts = shares.split(worth, [claim.seconds for claim in claims])
        found += _credits(role, claims, amounts)
    return tuple(found)


def _claims(
    pairs: Iterable[tuple[Shift, Shift]], everything: Sequence[Shift], rules: Rules
) -> list[_Claim]:
    claims: dict[tuple[str, Uncounted], _Claim] = {}
    for real, given in sorted(pairs, key=lambda pair: (pair[0].start, pair[1].person)):
        span = spans.span_of(given.start, given.end)
        twice = spans.overlap(span, _before(given, everything, rules))
        whole = span[1] - span[0]
        terms = rules.terms.get(given.person)
        ours = Uncounted.NO if terms and terms.earns else Uncounted.CONTRACT
        for uncounted, seconds in ((ours, whole - twice), (Uncounted.TWICE, twice)):
            if not seconds:
                continue
            key = (given.person, uncounted)
            claim = claims.setdefault(key, _Claim(given.person, uncounted, span[0]))
            claim.seconds += seconds
            claim.helped += seconds if real.person != given.person else 0
    return sorted(claims.values(), key=lambda claim: (claim.since, claim.person, claim.uncounted))


def _before(shift: Shift, everything: Sequence[Shift], rules: Rules) -> list[spans.Span]:
    """Return the hours of the same person that count before those of `shift`: holding before backing up."""
    rank = _rank(shift, rules)
    return [
        spans.span_of(one.start, one.end)
        for one in everything
        if one.person == shift.person
        and one.start < shift.end
        and one.end > shift.start
        and one.role in (HOLDER, BACKUP)
        and _rank(one, rules) < rank
    ]


def _rank(shift: Shift, rules: Rules) -> tuple[bool, int]:
    return shift.role == BACKUP, rules.rotations.index(shift.rotation)


def _credits(role: str, claims: Sequence[_Claim], amounts: Sequence[int]) -> list[Credit]:
    total = sum(claim.seconds for claim in claims)
    with_others = len({claim.person for claim in claims}) > 1
    parts = [
        [claim.person, claim.seconds, amount] for claim, amount in zip(claims, amounts, strict=True)
    ]
    found = []
    for claim, amount in zip(claims, amounts, strict=True):
        facts: dict[str, Any] = {"seconds": claim.seconds, "of": total}
        if with_others:
            facts["others"] = [part for part in parts if part[0] != claim.person]
        if claim.helped:
            facts["helped"] = claim.helped
        found.append(
            Credit(
                claim.person,
                Kind.EARNED,
                amount,
                role,
                uncounted=claim.uncounted,
                facts=facts,
            )
        )
    return found


def _is_help(shift: Shift) -> bool:
    return (
        shift.override is not None and shift.planned is not None and shift.person != shift.planned
    )


def _cover(shift: Shift) -> tuple[object, ...]:
    return shift.rotation, shift.turn_start, shift.role, shift.person, shift.override
