"""When two written words are the same word to a person. Looks nothing up."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Fold case and the dotted and dotless i, so that `ÇALIŞMIYOR` and `çalışmıyor` are one word."""
    folded = unicodedata.normalize("NFKD", text).casefold().replace("ı", "i")
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
