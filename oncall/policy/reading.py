"""How a single written value is refused, in words that become a finding. Knows no particular value."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError


def wrong(name: str, text: str, *, fix: str = "", hint: str = "") -> PydanticCustomError:
    """Return the error of a value; `name` is the finding's word, `fix` and `hint` travel in its context."""
    return PydanticCustomError(name, "{text}", {"text": text, "fix": fix, "hint": hint})


def word(value: Any) -> str:
    """Return the one word a value should be; raises the error for a list, a block or nothing."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, str):
        raise wrong("value", "the text is empty.", fix="write a value, or delete the line.")
    kind = "a list" if isinstance(value, list | tuple) else "a block of settings"
    fix = "write one value after the colon."
    raise wrong("value", f"{kind} stands where one value should be.", fix=fix)
