"""Secrets are named in the file and found in the environment, never the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from oncall.errors import SettingsError
from oncall.policy import secrets
from oncall.policy.findings import Severity
from oncall.policy.load import load

LARGE = Path(__file__).parent / "good" / "large.yaml"
SET = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "SMTP_USER": "u",
    "SMTP_PASSWORD": "p",
}


def test_a_secret_is_found_in_the_environment() -> None:
    assert secrets.reveal("${SMTP_USER}", SET) == "u"


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(SettingsError, match="SMTP_USER is not set"):
        secrets.reveal("${SMTP_USER}", {})


def test_an_empty_secret_is_a_missing_one() -> None:
    with pytest.raises(SettingsError, match="SMTP_USER is not set"):
        secrets.reveal("${SMTP_USER}", {"SMTP_USER": ""})


def test_nothing_is_unset_when_everything_is_set() -> None:
    assert secrets.unset(load(LARGE).policy, SET) == ()


def test_every_unset_secret_is_listed_once() -> None:
    assert secrets.unset(load(LARGE).policy, {"SMTP_USER": "u"}) == (
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "SMTP_PASSWORD",
    )


def test_an_unset_secret_is_found_where_the_file_names_it() -> None:
    loaded = load(LARGE)
    environ = {**SET, "TWILIO_AUTH_TOKEN": ""}

    (finding,) = secrets.unset_findings(loaded.policy, loaded.document, environ, Severity.ERROR)

    assert (finding.code, finding.name) == ("E19", "env")
    assert finding.snippet.strip() == 'token: "${TWILIO_AUTH_TOKEN}"'
