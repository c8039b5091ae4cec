"""The example policy is right, shows every setting there is, and stays readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oncall.errors import PolicyError
from oncall.policy.document import read
from oncall.policy.keys import all_settings, model_at
from oncall.policy.load import load, parse

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
COMMENTED = re.compile(r"^( *)# ?( *(?:[a-z_-]+:|- \{)(?: .*)?)$", re.MULTILINE)


def uncommented() -> str:
    return COMMENTED.sub(r"\1\2", EXAMPLE.read_text(encoding="utf-8"))


def test_the_example_has_no_findings() -> None:
    assert load(EXAMPLE).warnings == ()


def test_the_example_names_every_setting_there_is() -> None:
    written = {(model_at(path[:-1]), path[-1]) for path in read(uncommented(), "example").keys}

    assert [one for one in all_settings() if one not in written] == []


def test_what_stands_behind_a_comment_sign_is_right_too() -> None:
    with pytest.raises(PolicyError) as caught:
        parse(uncommented())

    # No one country fits everybody: the example is Romanian and the part of a country is not.
    assert {finding.path for finding in caught.value.findings if finding.is_error} == {
        "calendars.office.holidays.subdivision"
    }


def test_the_example_uses_reserved_phone_numbers_only() -> None:
    numbers = re.findall(r"\+\d{6,}", EXAMPLE.read_text(encoding="utf-8"))

    assert all(re.fullmatch(r"\+120255501\d\d|\+447700900\d{3}", number) for number in numbers)
