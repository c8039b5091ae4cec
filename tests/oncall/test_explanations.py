"""Every sentence that explains a turn of the demo company is true: its figures are counted again here, another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from oncall import planning, supposing
from oncall.cli import main
from oncall.example import example_policy
from oncall.planning import Proposal
from oncall.policy.load import parse
from oncall.roster import Roster, roster_of

PHONE = "emergency-phone"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENTENCE = re.compile(
    r"(?P<name>\w+) holds week (?P<week>\d+): due (?P<due>-?[\d.]+) turns, held (?P<held>\d+), (?P<why>.+)"
)
GUESSES = (
    (),
    ("bora away 2026-12-07 2026-12-20",),
    ("ana away 2026-12-14 2027-01-10", "maria away 2027-02-01 2027-02-14"),
    ("ana away 2027-01-04 2027-01-10", "bora away 2027-01-04 2027-01-10"),
    ("maria leaves 2027-03-07",),
)


@pytest.fixture(params=GUESSES, ids=lambda guesses: ", ".join(guesses) or "nobody away")
def planned(request: pytest.FixtureRequest) -> tuple[Proposal, Roster]:
    roster = supposing.suppose(roster_of(parse(example_policy()).policy), *request.param)
    return planning.propose(roster, PHONE, NOW), roster


class Count:
    """The demo company counted by hand: three people of equal weight, one turn a week."""

    def __init__(self, proposal: Proposal, roster: Roster) -> None:
        self.proposal = proposal
        self.roster = roster
        self.holders = [one.primary for one in proposal.plan.assignments]

    def is_there(self, name: str, slot: int) -> bool:
        until = self.roster.policy.people[name].until
        end = self.proposal.slots[slot].end
        return until is None or end.date() <= until

    def is_free(self, name: str, slot: int) -> bool:
        turn = self.proposal.slots[slot]
        away = self.roster.laid.leave.get(name, ())
        return self.is_there(name, slot) and not any(
            start < turn.end and turn.start < end for start, end in away
        )

    def due(self, name: str, slot: int) -> Fraction:
        carried = next(one for one in self.proposal.problem.people if one.id == name).carry
        total = Fraction(-carried, 1000)
        for number in range(slot + 1):
            there = [one for one in ("ana", "bora", "maria") if self.is_there(one, number)]
            total += Fraction(name in there, len(there))
        return total

    def held(self, name: str, slot: int) -> int:
        return self.holders[:slot].count(name)

    def behind(self, name: str, slot: int) -> Fraction:
        return self.due(name, slot) - self.held(name, slot)

    def free(self, slot: int) -> list[str]:
        return [one for one in ("ana", "bora", "maria") if self.is_free(one, slot)]


def sentences(proposal: Proposal) -> Iterator[tuple[int, re.Match[str]]]:
    for reason in proposal.plan.reasons:
        found = SENTENCE.fullmatch(reason.text)
        assert found, reason.text
        yield reason.slot, found


def test_who_which_week_what_was_due_and_what_was_held_are_right(
    planned: tuple[Proposal, Roster],
) -> None:
    proposal, roster = planned
    count = Count(proposal, roster)

    for slot, said in sentences(proposal):
        name = said["name"]
        monday = proposal.slots[slot].start.date()
        assert name == count.holders[slot]
        assert int(said["week"]) == date.isocalendar(monday).week
        assert abs(Fraction(said["due"]) - count.due(name, slot)) <= Fraction(6, 100)
        assert int(said["held"]) == count.held(name, slot)


def test_the_reason_given_is_so(planned: tuple[Proposal, Roster]) -> None:
    proposal, roster = planned
    count = Count(proposal, roster)
    kinds = set()

    for slot, said in sentences(proposal):
        name, why = said["name"], said["why"]
        free = count.free(slot)
        behind = {one: count.behind(one, slot) for one in free}
        if why == "pinned by agreement":
            near = proposal.slots[slot].start - NOW
            assert near <= timedelta(weeks=4), (
                "only what runs, or was shown as near, is pinned here"
            )
            kinds.add("pinned")
            continue
        assert name in free, "whoever holds is free"
        if why == "the only one free and rested":
            assert free == [name]
            kinds.add("only")
        elif why.startswith("furthest behind"):
            assert f"of the {len(free)} people" in why
            assert behind[name] >= max(behind.values()) - Fraction(1, 500)
            kinds.add("credit")
        elif "Christmas or New Year" in why:
            assert (monday_of(proposal, slot).month, 20) in ((12, 20), (1, 20))
            kinds.add("holiday")
        else:
            ahead = sum(behind[one] > behind[name] for one in free)
            assert why.startswith(f"{ahead} of the {len(free)} people")
            largest = max(abs(Fraction(one.credit)) for one in proposal.plan.accounts)
            stated = Fraction(re.findall(r"within ([\d.]+) turns", why)[0])
            assert abs(stated - largest) <= Fraction(1, 100)
            kinds.add("balance")

    assert "pinned" in kinds
    assert len(kinds) >= 3


def monday_of(proposal: Proposal, slot: int) -> date:
    return proposal.slots[slot].start.date()


def test_a_turn_is_explained_with_why_it_is_nobody_elses(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(example_policy(), encoding="utf-8")
    words = ["plan", "--config", str(config), "--from", "2026-11-23", "--why", "2026-12-21"]

    answer = CliRunner().invoke(main, words)

    assert answer.exit_code == 0, answer.output
    first, *others = answer.output.splitlines()
    assert SENTENCE.fullmatch(first)
    assert len(others) == 2
    assert all(line.startswith("  why not ") and len(line) > 25 for line in others)
