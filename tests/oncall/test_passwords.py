"""Good passwords are long and nobody's name; none is kept in the clear."""

from __future__ import annotations

import pytest

from oncall import passwords
from oncall.passwords import Weakness

ANA = ("ana", "Ana Popescu", "ana@example.com", "Acme")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", Weakness.SHORT),
        ("elevenchars", Weakness.SHORT),
        ("a" * 129, Weakness.LONG),
        ("Password-1234", Weakness.COMMON),
        ("abababababab", Weakness.COMMON),
        ("AnaPopescu12", Weakness.NAME),
        ("acme ana popescu 7", Weakness.NAME),
        ("correct ladder moonlight", None),
        ("gece yarısı üç martı", None),
        ("Ana reads by moonlight", None),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, why: Weakness | None) -> None:
    assert passwords.weakness(password, ANA) == why


def test_a_kept_password_is_argon2id_and_fits_only_itself() -> None:
    kept = passwords.keep("correct ladder moonlight")

    assert kept.startswith("$argon2id$")
    assert passwords.fits(kept, "correct ladder moonlight")
    assert not passwords.fits(kept, "correct ladder moonlighT")


def test_nobody_fits_an_account_without_a_password() -> None:
    assert not passwords.fits(None, "")
    assert not passwords.fits(None, "nobody has this password")


def test_a_password_kept_with_weaker_settings_is_renewed() -> None:
    weak = (
        "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21l$S3pXyX3mVIDd0a6uRlqLYFoyqQCyKkNPHyMX4sVvRPk"
    )

    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.keep("correct ladder moonlight"))
