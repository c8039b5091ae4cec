"""Every rule has one small file; its first line says what must be found in it, and nothing else may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncall.errors import PolicyError
from oncall.policy.findings import NUMBERS, Finding
from oncall.policy.load import load
from oncall.policy.rules import RULES

HERE = Path(__file__).parent
CASES = sorted((HERE / "rules").glob("*.yaml"))
GOOD = sorted((HERE / "good").glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_faulty_file_earns_exactly_the_findings_its_first_line_names(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")

    assert "; ".join(as_expected(finding) for finding in findings(path)) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_finding_says_what_to_do(path: Path) -> None:
    silent = [finding for finding in findings(path) if not finding.fix]

    assert silent == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_earns_no_finding(path: Path) -> None:
    assert findings(path) == ()


def test_every_word_a_finding_may_use_is_earned_by_some_file() -> None:
    earned = {finding.name for path in CASES for finding in findings(path)}

    assert set(NUMBERS) - earned == {
        "env"
    }  # the environment is not in the file; see test_secrets.py


def test_every_rule_says_why_it_exists() -> None:
    assert [rule.__name__ for rule in RULES if not rule.__doc__] == []


def findings(path: Path) -> tuple[Finding, ...]:
    try:
        return load(path).warnings
    except PolicyError as error:
        return error.findings


def as_expected(finding: Finding) -> str:
    return f"{finding.line}:{finding.column} {finding.code} {finding.name}"
