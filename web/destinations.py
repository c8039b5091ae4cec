"""Where a page may send a browser next: only to addresses of our own."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for


def local_path(wanted: str | None) -> str:
    """Return `wanted` when it is a path on this site, else the home page."""
    text = wanted or ""
    parts = urlsplit(text)
    # Browsers read "//host" and "/\\host" as another site.
    is_local = text.startswith("/") and not text.startswith(("//", "/\\"))
    if not is_local or parts.scheme or parts.netloc or any(ord(letter) < 32 for letter in text):
        return url_for("home.show")
    return text
