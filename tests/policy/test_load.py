"""A policy file is read as the words that stand in it, and refused with words."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.base import Channel
from oncall.errors import PolicyError
from oncall.example import example_policy
from oncall.policy.document import MAX_BYTES
from oncall.policy.findings import Finding, as_text
from oncall.policy.load import load, parse
from oncall.policy.model import Policy
from oncall.policy.times import Span

LARGE = Path(__file__).parent / "good" / "large.yaml"
SMALL = Path(__file__).parent / "good" / "small.yaml"


@pytest.fixture
def large() -> Policy:
    return load(LARGE).policy


def refused(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        parse(text)
    return as_text(caught.value.findings)


def test_a_time_without_quotes_stays_a_time(large: Policy) -> None:
    assert large.calendars["office"].open[(0, 1, 2, 3)] == (Span(540, 750), Span(780, 1080))


def test_a_phone_number_without_quotes_keeps_its_plus(large: Policy) -> None:
    assert large.people["bora"].phone == "+12025550102"


def test_spaces_in_a_phone_number_do_not_matter(large: Policy) -> None:
    assert large.people["ana"].phone == "+12025550101"


def test_norway_stays_norway(large: Policy) -> None:
    assert large.people["ana"].country == "NO"


def test_words_that_yaml_takes_for_truth_stay_words(large: Policy) -> None:
    when = large.urgency[2].when

    assert when is not None
    assert (when.customer, when.type, when.tags, when.priority) == (
        ("NO",),
        ("on",),
        ("off", "yes"),
        ("012",),
    )


def test_a_date_without_quotes_is_a_date(large: Policy) -> None:
    assert large.rotations["emergency-phone"].starts == date(2026, 1, 5)


def test_one_step_may_stand_for_a_list_of_one() -> None:
    steps = load(SMALL).policy.escalation.normal.office_hours

    assert [step.to for step in steps] == ["omar"]


def test_one_word_may_stand_for_a_list_of_one() -> None:
    rungs = load(SMALL).policy.escalation.normal.office_hours[0].by

    assert rungs is not None
    assert [rung.channel for rung in rungs] == [Channel.EMAIL]


def test_the_last_step_waits_no_time_unless_it_says_so(large: Policy) -> None:
    assert large.escalation.normal.office_hours[-1].wait == timedelta(0)


def test_a_secret_stays_a_name_in_the_policy(large: Policy) -> None:
    assert large.integrations.twilio is not None
    assert large.integrations.twilio.token == "${TWILIO_AUTH_TOKEN}"


def test_windows_line_ends_and_a_byte_order_mark_are_fine() -> None:
    text = "\ufeff" + SMALL.read_text(encoding="utf-8").replace("\n", "\r\n")

    assert parse(text).policy == load(SMALL).policy


def test_a_finding_shows_the_line_a_caret_and_the_fix() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("order: [ana, bora]", "order: [ana, borra]")

    assert refused(text) == (
        'config.yaml:15:18: error E03 unknown-name: rotations.phone.order: there is no person called "borra"\n'
        "   15 |     order: [ana, borra]\n"
        '      |                  ^^^^^ did you mean "bora"?   people: ana, bora, omar\n'
        '   fix: correct the name here, or add "borra" under people:'
    )


def test_handover_is_understood_as_a_slip() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("handoff:", "handover:")

    assert '^^^^^^^^ did you mean "handoff"?' in refused(text)


def test_a_secret_in_the_file_is_not_repeated_in_the_finding() -> None:
    text = LARGE.read_text(encoding="utf-8").replace('"${SMTP_PASSWORD}"', "hunter2hunter2")

    assert "hunter2" not in refused(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('user: "${SMTP_USER}", password', "usr: hunter2hunter2, password"),
        ('password: "${SMTP_PASSWORD}"', "pasword: hunter2hunter2"),
        ("tls: tls", "tls: tsl, password: hunter2hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    token: 'hunter2\n      hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    token: 'hunter2\n      hunter2'"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    token hunter2hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "     token: hunter2hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    token:hunter2hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    tokne:hunter2hunter2"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    tokne: 'hunter2'hunter2'"),
        ('    token: "${TWILIO_AUTH_TOKEN}"', "    token: “hunter2hunter2”"),
        ('password: "${SMTP_PASSWORD}"', "password:hunter2hunter2"),
        ('password: "${SMTP_PASSWORD}"', "pasword:hunter2hunter2"),
    ],
)
def test_no_other_finding_repeats_a_secret_either(old: str, new: str) -> None:
    text = LARGE.read_text(encoding="utf-8")
    assert old in text

    assert "hunter2" not in refused(text.replace(old, new))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no such file"):
        load(tmp_path / "config.yaml")


def test_a_directory_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is a directory"):
        load(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"company: { name: Caf\xe9 }\n")

    with pytest.raises(PolicyError, match="byte 21 is not UTF-8"):
        load(path)


def test_a_very_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("# " + "x" * MAX_BYTES, encoding="utf-8")

    with pytest.raises(PolicyError, match="at most 1,000,000 are read"):
        load(path)


def test_an_invisible_character_is_named_with_its_place() -> None:
    assert refused("version: 1\ncompany: { name: Ac\x07me }").startswith(
        "config.yaml:2:20: error E01 layout: an invisible character (U+0007)"
    )


def test_half_a_character_is_refused_in_words() -> None:
    assert "not text in UTF-8" in refused("company: \ud800")


def test_brackets_without_end_do_not_crash_the_process() -> None:
    assert "more than 40 levels" in refused("[" * 300_000)


def test_no_damage_to_the_example_gets_past_the_findings() -> None:
    example = example_policy()
    shaken = random.Random(20261225)

    findings = [found for _ in range(2000) for found in findings_in(damaged(example, shaken))]

    assert len(findings) > 1500
    assert all(found.line >= 1 and found.column >= 1 for found in findings)
    assert as_text(findings)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_gets_past_the_findings(text: str) -> None:
    with pytest.raises(PolicyError):
        parse(text)


def findings_in(text: str) -> tuple[Finding, ...]:
    try:
        return parse(text).warnings
    except PolicyError as error:
        return error.findings


def damaged(text: str, shaken: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(shaken.randint(1, 3)):
        at = shaken.randrange(len(lines))
        lines[at] = shaken.choice(DAMAGES)(lines[at], shaken)
    if shaken.random() < 0.1:
        first, second = shaken.randrange(len(lines)), shaken.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return "".join(lines)


def _cut(line: str, shaken: random.Random) -> str:
    return line[: shaken.randint(0, len(line))] + "\n"


def _put(line: str, shaken: random.Random) -> str:
    at = shaken.randint(0, len(line))
    return line[:at] + shaken.choice("\t \n:-[]{}\"'*&!|>%@`#,?~\x00\x85\u2028é٣0<=$.") + line[at:]


def _drop(line: str, shaken: random.Random) -> str:
    at = shaken.randint(0, len(line))
    return line[:at] + line[at + shaken.randint(1, 4) :]


def _swap_word(line: str, shaken: random.Random) -> str:
    head, colon, _ = line.partition(":")
    return f"{head}{colon}{shaken.choice(ODD_VALUES)}\n"


def _twice(line: str, _: random.Random) -> str:
    return line + line


def _indent(line: str, shaken: random.Random) -> str:
    return " " * shaken.randint(0, 6) + line.lstrip(" ")


ODD_VALUES = (
    *("", " 0", " -1", " +", " null", " *x", " [[]]", " {}", " {a: {b: c}}", " 1e9 m", " ٣٣:٣٣"),
    *(" 24:00", " 00:00-00:00", " mon 03:30", " 9999-12-31", " 0001-01-01", " ana.backup"),
    " 99999999999999999999 weeks",
)
DAMAGES = (_cut, _put, _drop, _swap_word, _twice, _indent)
