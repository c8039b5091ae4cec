"""What a good enough password is, and how one is kept: argon2id, never in the clear. Knows no table and no page."""

from __future__ import annotations

import re
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST_BYTES = 128
LETTERS_BESIDE_NAMES = 8
DIFFERENT_LETTERS = 5

# OWASP asks for at least 19 MiB, t=2, p=1; this is one step above and small enough for the smallest server.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# Checked when there is no account, so that a wrong name takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")

COMMON = frozenset(
    word
    for line in (
        "111111111111 123123123123 123456123456 123456789000 123456789012 1234567890123 1q2w3e4r5t6y",
        "1qaz2wsx3edc abcdefghijkl abcd12345678 administrator changeme1234 changemechangeme",
        "correcthorsebatterystaple emergencyphone football1234 iloveyou1234 iloveyouiloveyou letmein12345",
        "letmeinletmein mypassword123 mypassword1234 parola123456 parolaparola password0000 password1111",
        "password1234 password12345 password123456 passwordpassword princess1234 qazwsxedcrfv qwerty123456",
        "qwerty1234567 qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiopasdf sifre1234567 sifresifresifre",
        "sunshine1234 superman1234 thisismypassword trustno1trustno1 unbelievable welcome12345",
        "welcomewelcome zaq12wsxcde3",
    )
    for word in line.split()
)
"""The commonest passwords that are long enough, letters and digits only."""


class Weakness(StrEnum):
    """Why a password was refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAME = "name"


def weakness(password: str, names: tuple[str, ...]) -> Weakness | None:
    """Return why `password` must not be used by a person called `names` (full name, short name, mail), or None."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password.encode()) > LONGEST_BYTES:
        return Weakness.LONG
    letters = _letters(password)
    if letters in COMMON or len(set(letters)) < DIFFERENT_LETTERS:
        return Weakness.COMMON
    if len(_without(letters, names)) < min(LETTERS_BESIDE_NAMES, len(letters)):
        return Weakness.NAME
    return None


def keep(password: str) -> str:
    """Return the argon2id text to store for `password`."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Say whether `password` is the one behind `kept`; takes as long when there is none (None)."""
    if len(password.encode()) > LONGEST_BYTES:
        password = ""
    try:
        matched = _hasher.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return matched and kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether `kept` was made with weaker settings than today's and should be made again."""
    return _hasher.check_needs_rehash(kept)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _without(letters: str, names: tuple[str, ...]) -> str:
    words = {_letters(word) for name in names for word in re.split(r"[\s.@_-]+", name)}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3:
            letters = letters.replace(word, "")
    return letters
