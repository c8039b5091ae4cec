"""The short links and codes of our texts: letters and digits that only we can compute; only digests are stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 10
CODE_LENGTH = 6


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


def code_of(secret: bytes, token: str) -> str:
    """Return the six digits that page `token` tells its reader; like a link's letters, nobody stored them."""
    number = int.from_bytes(hmac.digest(secret, f"number-code:{token}".encode(), "sha256"))
    return f"{number % 10**CODE_LENGTH:0{CODE_LENGTH}}"


def keyed_digest(secret: bytes, *words: str) -> str:
    """Return what the database stores of something short enough to be guessed: useless without our key."""
    return hmac.digest(secret, "\0".join(words).encode(), "sha256").hex()


def digest_of(letters: str) -> str:
    """Return what the database stores of a link."""
    return hashlib.sha256(letters.encode()).hexdigest()
