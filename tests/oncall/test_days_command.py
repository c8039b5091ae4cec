"""`oncall days` tells balances, prints a statement, writes files, and shows what other rules would have meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from oncall.cli import main
from tests.ledger_world import Books, local, policy_text
from tests.oncall.ledger.test_posting import without_comp_days
from tests.world import a_world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company whose Ana gave one night of her week to Bora."""
    (tmp_path / "config.yaml").write_text(policy_text(), encoding="utf-8")
    with a_world(f"sqlite:///{tmp_path / 'config.db'}", at=local("2026-01-05 12:00")) as world:
        books = Books(world)
        books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
        books.go_to("2026-01-12 10:00")
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["days", *words, "--config", str(folder / "config.yaml")])


def test_balances_are_listed_for_people_and_programs(folder: Path) -> None:
    text, plain = run(folder, "balances"), run(folder, "balances", "--format", "json")

    assert "ana                 1.411    0.000    1.411  Ana Popescu" in text.output
    assert json.loads(plain.output)[1]["balance"] == "0.089"


def test_a_statement_says_opening_movements_and_closing(folder: Path) -> None:
    done = run(folder, "statement", "ana", "--period", "2026-01")

    assert done.output.splitlines()[:4] == [
        "opening          0.000",
        "earned           0.911",
        "extras           0.500",
        "closing          1.411",
    ]
    assert "held 153.00 of 168.00 h of emergency-phone; bora 15.00 h" in done.output


def test_the_file_for_payroll_is_printed(folder: Path) -> None:
    done = run(folder, "export", "--period", "2026")

    assert done.output.splitlines()[0].startswith("person_id,name,date,kind,days,hours,lot,expires")
    assert len(done.output.splitlines()) == 4


def test_an_auditor_gets_four_files(folder: Path) -> None:
    done = run(folder, "export", "--audit", str(folder / "audit"))

    assert done.exit_code == 0
    assert sorted(file.name for file in (folder / "audit").iterdir()) == [
        "ledger.csv",
        "pages.csv",
        "rules.json",
        "schedule.json",
    ]


def test_a_dry_run_shows_what_other_rules_would_have_meant_and_changes_nothing(
    folder: Path,
) -> None:
    same = run(folder, "recompute", "--dry-run")
    config = folder / "config.yaml"
    config.write_text(
        policy_text(lambda text: text.replace("per_week: 1 ", "per_week: 2 ")), encoding="utf-8"
    )

    doubled = run(folder, "recompute", "--dry-run", "--format", "json")
    config.write_text(policy_text(), encoding="utf-8")

    assert same.output == "0 differences; nothing was changed\n"
    assert [
        (row["person"], row["written"], row["counted"]) for row in json.loads(doubled.output)
    ] == [
        ("ana", "1.411", "2.321"),
        ("bora", "0.089", "0.179"),
    ]
    assert run(folder, "recompute", "--dry-run").output == "0 differences; nothing was changed\n"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("statement", "nobody"), 'there is no book of "nobody"', 1),
        (("statement", "ana", "--period", "soon"), "write 2026 or 2026-12", 2),
        (("recompute",), "Missing option '--dry-run'", 2),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(
    folder: Path, words: tuple[str, ...], said: str, code: int
) -> None:
    done = run(folder, *words)

    assert said in done.output
    assert done.exit_code == code


def test_a_policy_without_comp_days_has_no_ledger_to_show(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(policy_text(without_comp_days), encoding="utf-8")

    done = run(tmp_path, "balances")

    assert done.exit_code == 1
    assert "no comp_days: section" in done.output
