"""Somebody else counts the whole ledger again, from files alone, and comes to the same milli-day."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from oncall import store
from oncall.ledger import earning, export, extras, posting, terms
from oncall.ledger.earning import Rules, TurnId
from oncall.ledger.entries import Entry, Kind
from oncall.ledger.extras import Answer
from oncall.policy.load import parse
from oncall.policy.model import Policy
from oncall.roster import Laid, Roster, roster_of
from rotations.schedule import BACKUP, HOLDER, Override
from tests.ledger_world import Books, local
from tests.world import a_world

AUDITOR = Path(__file__).parents[2] / "ledger_auditor.py"
START, END = datetime(2022, 1, 3, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)
PLACES = (
    ("RO", "Europe/Bucharest"),
    ("TR", "Europe/Istanbul"),
    ("GB", "Europe/London"),
    ("US", "America/New_York"),
)


def audited(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(AUDITOR), str(folder)], capture_output=True, text=True, check=False
    )


def company(people: int, per_rotation: int) -> Policy:
    """A policy with many people of four countries; every third rotation changes hands daily, one backup is paid."""
    names = [f"p{number}" for number in range(people)]
    lines = ["version: 1", "company: { name: Acme, timezone: Europe/Bucharest }", "people:"]
    for number, name in enumerate(names):
        country, zone = PLACES[number % len(PLACES)]
        earns = "pay" if number % 17 == 3 else "days"
        lines.append(
            f'  {name}: {{ name: "P {number}", phone: "+447700900{number:03}", email: {name}@example.com,'
            f" country: {country}, timezone: {zone},"
            f" contract: {{ earns: {earns} }}, role: {'admin' if number < 2 else 'staff'} }}"
        )
    lines += ["calendars:", '  office: { open: { mon-fri: "09:00-18:00" } }', "rotations:"]
    for number in range(people // per_rotation):
        order = names[number * per_rotation : (number + 1) * per_rotation]
        # Some people stand in a second rotation, where the same hours count once.
        order = [*order, names[(number + 1) * per_rotation % people]]
        turn = (
            "handoff: 08:30, turn: 3 days"
            if number % 3 == 2
            else "handoff: mon 09:00, turn: 1 week"
        )
        lines.append(
            f'  r{number}: {{ order: [{", ".join(order)}], starts: "2022-01-03", calendar: office, {turn},'
            " mode: rotation }"
        )
    lines += [
        "urgency:", "  - { name: rest, otherwise: normal }",
        "escalation:",
        "  urgent: { steps: [{ to: r0, wait: 5m }], if_nobody: { tell: p0 } }",
        "  normal: { office_hours: { to: p0, by: email } }",
        "comp_days: { per_week: 1, backup_per_week: 0.125, small_help: 4h, countries: { US: { kind: bonus_leave } } }",
        "integrations:",
        '  email: { smtp: "mail.example.com:587", from: oncall@example.com }',
    ]  # fmt: skip
    return parse("\n".join(lines) + "\n").policy


def swapped(policy: Policy, seed: int) -> Roster:
    """Covers of an hour up to some days, of holders and backups, all over five years."""
    draw = random.Random(seed)
    serial = count(1)
    overrides: dict[str, tuple[Override, ...]] = {}
    for name, rotation in policy.rotations.items():
        laid = []
        for _ in range(60):
            start = START + timedelta(minutes=draw.randrange(0, 5 * 365 * 1440))
            hours = draw.choice((1, 2, 3, 5, 13, 15, 24, 80))
            person = draw.choice((*rotation.order, draw.choice(tuple(policy.people))))
            role = draw.choice((HOLDER, HOLDER, HOLDER, BACKUP))
            laid.append(Override(next(serial), role, person, start, start + timedelta(hours=hours)))
        overrides[name] = tuple(laid)
    return roster_of(policy, Laid(version=seed, overrides=overrides))


def nights(roster: Roster, seed: int) -> list[Answer]:
    """A page every few days, answered by whoever holds, backs up, or by somebody else."""
    draw = random.Random(seed + 1)
    found = []
    for name in roster.policy.rotations:
        at = START
        while at < END:
            at += timedelta(minutes=draw.randrange(60, 6 * 1440))
            shift = roster.holder_at(name, at, draw.choice((HOLDER, HOLDER, BACKUP)))
            person = shift.person if shift else "p0"
            found.append(Answer(draw.choice((person, person, person, "p1")), at))
    return sorted(found, key=lambda one: one.at)


def entries_of(
    roster: Roster, rules: Rules, answers: list[Answer], turns: list[TurnId]
) -> Iterator[Entry]:
    """The book as the ledger would post it, with days taken and adjustments in between."""
    draw, serial, first = random.Random(7), count(1), 0
    for turn in turns:
        begin = turn.start - extras.LOOK_BACK
        shifts = roster.final_schedule(begin, turn.end)
        while first < len(answers) and answers[first].at < turn.end - timedelta(days=40):
            first += 1
        near = [one for one in answers[first : first + 2000] if begin <= one.at < turn.end]
        found = (
            *earning.shares_of(turn, shifts, rules),
            *extras.extras_of(turn, shifts, near, rules),
        )
        counted = posting.Count(turn, roster.policy, 1, found, {})
        for credit in found:
            if credit.counts:
                yield posted(next(serial), counted, credit)
        if draw.random() < 0.1:
            person = draw.choice(sorted(rules.terms))
            kind = draw.choice((Kind.TAKEN, Kind.ADJUSTMENT, Kind.PAID))
            yield Entry(
                next(serial), turn.end, person, person, -draw.randrange(1, 2000), kind, "lot", None, 1,
                reason="drawn", day=date(2026, 1, 1),
            )  # fmt: skip


def posted(serial: int, counted: posting.Count, credit: earning.Credit) -> Entry:
    turn = counted.turn
    return Entry(
        serial, turn.end, credit.person, credit.person, credit.amount, credit.kind, posting.lot_of(turn), None, 1,
        rotation=turn.rotation, turn_start=turn.start, turn_end=turn.end, role=credit.role, day=credit.day,
        facts=credit.facts,
    )  # fmt: skip


def write(folder: Path, seed: int, people: int, per_rotation: int) -> None:
    policy = company(people, per_rotation)
    roster = swapped(policy, seed)
    answers, rules = nights(roster, seed), terms.rules_of(policy)
    turns = [
        TurnId(name, turn.start, turn.end)
        for name in policy.rotations
        for turn in roster.turns(name, START, END)
        if turn.end <= END
    ]
    turns.sort(key=lambda turn: (turn.end, turn.rotation))
    plain = {
        "versions": {"1": export.plain_rules(rules, START.date(), END.date())},
        "turns": [export.plain_turn(turn.rotation, turn.start, turn.end, 1) for turn in turns],
    }
    schedule = [export.plain_shift(shift) for shift in roster.final_schedule(START, END)]
    files = {
        "ledger.csv": export.as_csv(entries_of(roster, rules, answers, turns), policy),
        "schedule.json": export.as_json(schedule),
        "pages.csv": export.pages_csv(answers),
        "rules.json": export.as_json(plain),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_200_people_and_five_years_are_counted_again_in_ten_seconds(tmp_path: Path) -> None:
    write(tmp_path, seed=1, people=200, per_rotation=20)

    begun = time.monotonic()
    done = audited(tmp_path)

    assert done.stdout == "0 differences\n", done.stdout[-2000:] + done.stderr[-2000:]
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("seed", range(2, 6))
def test_small_companies_of_every_kind_are_counted_alike(tmp_path: Path, seed: int) -> None:
    write(tmp_path, seed=seed, people=16, per_rotation=4)

    assert audited(tmp_path).stdout == "0 differences\n"


def test_one_milli_day_too_much_is_found(tmp_path: Path) -> None:
    write(tmp_path, seed=9, people=4, per_rotation=4)
    file = tmp_path / "ledger.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace(",earned,1.000,", ",earned,1.001,", 1),
        encoding="utf-8",
    )

    done = audited(tmp_path)

    assert done.returncode == 1
    assert "2 differences" in done.stdout


def test_the_files_of_a_real_ledger_are_counted_alike(database_url: str, tmp_path: Path) -> None:
    with a_world(database_url, at=local("2026-01-05 12:00")) as world:
        books = Books(world)
        books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
        books.go_to("2026-01-09 23:10")
        world.ticket("Fire")
        world.forward(minutes=1)
        world.press("ana", "1")
        books.go_to("2026-02-09 10:00")
        books.lay("maria", "2026-01-27 18:00", "2026-01-28 09:00")
        books.decide(books.ask("bora", "2026-02-18"), "maria")
        books.go_to("2026-03-30 10:00")
        with store.reading(world.app.sessions) as session:
            files = export.audit_files(session, world.app)

    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = audited(tmp_path)
    assert done.stdout == "0 differences\n", done.stdout + done.stderr
