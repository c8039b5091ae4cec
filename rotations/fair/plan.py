"""A finished plan as frozen values: who holds what, how good it is, what is proved, and why. Computes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from rotations.fair.problem import Assignment

ENGINE = "fair/1"
"""The engine and its version: the same problem gives the same plan as long as this stays the same."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the objective: its value, what no plan can beat (None: nothing known), and whether they meet."""

    name: str
    value: float
    bound: float | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one person holds one turn (or nobody does), as figures and as a sentence.

    `due` and `held` are turns up to and before this one, `free` how many people were free and rested, `ahead` how
    many of them were further behind.
    """

    slot: int
    role: str
    person: str | None
    kind: str
    due: float
    held: int
    free: int
    ahead: int
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """What one person was due and what they hold, in turns; `credit` is what they held too little (+) or too much."""

    person: str
    due: float
    held: int
    carried: float
    credit: float
    majors: int
    backups: int


@dataclass(frozen=True, slots=True)
class Move:
    """One turn that a re-plan gave to somebody else; `kind` is `repair`, `rebalance` or `new`."""

    slot: int
    role: str
    before: str | None
    after: str | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: what is wrong, from which slot to which, why, and what would help."""

    code: str
    first: int
    last: int
    role: str | None
    people: tuple[str, ...]
    text: str
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Improvement:
    """What came of asking a solver: whether it was tried, whether its plan is the one at hand, and why (not)."""

    tried: bool
    used: bool
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to a problem; `moves` and `offers` are there after a re-plan, `improvement` if one was asked for."""

    name: str
    input_hash: str
    assignments: tuple[Assignment, ...]
    levels: tuple[Level, ...]
    reasons: tuple[Reason, ...]
    accounts: tuple[Account, ...]
    findings: tuple[Finding, ...]
    moves: tuple[Move, ...] = ()
    offers: tuple[Move, ...] = ()
    engine: str = ENGINE
    improvement: Improvement | None = None

    @property
    def proved(self) -> tuple[str, ...]:
        """Return the levels in which no plan at all can be better."""
        return tuple(level.name for level in self.levels if level.proved)

    def level(self, name: str) -> Level:
        """Return one level by its name; raises KeyError for an unknown one."""
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(name)

    def verdict(self) -> str:
        """Say in one sentence how fair the plan is, as far as it is proved."""
        if {"uncovered", "largest_deviation", "squares"} <= set(self.proved):
            return "proved: no plan can be fairer"
        deviation = self.level("largest_deviation")
        if deviation.bound is None:
            return "no bound is known"
        return f"within {max(0.0, deviation.value - deviation.bound):.2f} turn of the bound"
