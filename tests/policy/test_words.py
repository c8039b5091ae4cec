"""What a finding says is the true cause, and doing what it advises helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncall.errors import PolicyError
from oncall.policy.findings import Finding
from oncall.policy.load import parse
from oncall.policy.model import When

OMAR = '  omar: { name: Omar Aziz, phone: "+447700900104", email: omar@example.com, role: admin }'
SMALL = (Path(__file__).parent / "good" / "small.yaml").read_text(encoding="utf-8")


def only_finding(*changes: tuple[str, str]) -> Finding:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    try:
        (finding,) = parse(text).warnings
    except PolicyError as error:
        (finding,) = error.findings
    return finding


@pytest.mark.parametrize("backup", ["previous", "next", "ana"])
def test_somebody_alone_in_order_is_advised_a_backup_that_is_possible(backup: str) -> None:
    found = only_finding(("order: [ana, bora]", f"order: [ana]\n    backup: {backup}"))

    assert found.fix.startswith("write  backup: none, or add a second person")


def test_a_weekly_handoff_without_weekday_is_told_which_day_it_will_be() -> None:
    found = only_finding(("handoff: mon 09:00", "handoff: 9:00"))

    assert 'every turn starts on a mon, the weekday of "starts" (2026-01-05)' in found.text
    assert found.fix.startswith("write  handoff: mon 09:00 ")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9-16", "09:00-16:00"),
        ("9:00-16", "09:00-16:00"),
        ("9.30-16h15", "09:30-16:15"),
        ("0900-1730", "09:00-17:30"),
        ("9am - 5 pm", "09:00-17:00"),
        ("22-24", "22:00-24:00"),
        ("9-5", "09:00-17:00"),
        ("early-late", "09:00-18:00"),
    ],
)
def test_hours_written_another_way_are_shown_as_they_should_be(written: str, meant: str) -> None:
    assert only_finding(('"09:00-18:00"', written)).fix == f'write "{meant}" (24 hours).'


@pytest.mark.parametrize(
    ("written", "meant"), [("9", "09:00"), ("12am", "00:00"), ("7,5", "18:00")]
)
def test_a_handoff_written_another_way_is_shown_as_it_should_be(written: str, meant: str) -> None:
    found = only_finding(("handoff: mon 09:00", f"handoff: mon {written}"))

    assert found.fix == f'write "{meant}" (24 hours).'


def test_without_an_admin_the_finding_says_what_an_admin_does() -> None:
    found = only_finding((", role: admin", ""))

    assert (
        "an admin invites people to sign in, and is told when nobody takes a ticket" in found.text
    )


@pytest.mark.parametrize("name", ["'Ana O'Brien'", "'Ana O' Brien'"])
def test_a_quote_inside_a_text_in_the_same_quotes_is_named(name: str) -> None:
    omar = "  omar:\n    name: {}\n    phone: '+447700900104'\n    email: omar@example.com\n    role: admin"
    found = only_finding((OMAR, omar.format(name)))

    assert found.text == "the ' in column 17 closes this quote, and more follows after it."
    assert "put double quotes around it: \"...\" (or write two: '')" in found.fix


def test_a_missing_comma_behind_a_quote_is_not_taken_for_a_quote() -> None:
    found = only_finding(
        ('phone: "+12025550101" }', 'phone: "+12025550101" email: ana@example.com }')
    )

    assert "quote" not in found.text


def test_an_open_quote_is_shown_where_it_opens_and_not_where_the_next_one_is() -> None:
    found = only_finding(
        ('starts: "2026-01-05"', 'starts: "2026-01-05'), ("name: fire", 'name: "fire"')
    )

    assert (found.line, found.column) == (16, 13)
    assert 'the next " stands on line 20' in found.text


@pytest.mark.parametrize(
    "written",
    ["role:admin }", "role:admin}", "role:admin, country: GB }"],
)
def test_a_missing_space_after_a_colon_is_named_with_the_setting_meant(written: str) -> None:
    found = only_finding(("role: admin }", written))

    assert found.text == 'no space stands after the colon of "role".'
    assert found.fix == "write  role: admin"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"+12025550101"', "“+12025550101”"),
        ('"09:00-18:00"', "„09:00-18:00”"),
        ("mon 09:00", "‘mon 09:00’"),
        ("fire }", "«fire» }"),
    ],
)
def test_typographic_quotes_are_named_and_nothing_else_follows_from_them(
    old: str, new: str
) -> None:
    found = only_finding((old, new))

    assert found.text.startswith("these are typographic quotes (")
    assert found.fix == 'use " instead.'


def test_typographic_quotes_inside_straight_ones_are_part_of_the_text() -> None:
    text = SMALL.replace("has: fire", 'has: "“fire”"')

    assert parse(text).policy.urgency[0].when == When(text_has=("“fire”",))
