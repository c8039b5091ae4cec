"""The short links of alert texts: ten letters that only we can compute and only their digest is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 10


def new_token() -> str:
    """Return a fresh page token: 128 random bits, safe in a URL."""
    return secrets.token_urlsafe(16)


def letters_of(secret: bytes, token: str) -> str:
    """Return the letters of the link of page `token`.

    They come from a keyed hash of the random token, so that a text that must be sent again carries the
    same link although nobody stored it.
    """
    number = int.from_bytes(hmac.digest(secret, f"alert-link:{token}".encode(), "sha256"))
    letters = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "".join(letters)


def digest_of(letters: str) -> str:
    """Return what the database stores of a link."""
    return hashlib.sha256(letters.encode()).hexdigest()
