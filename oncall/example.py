"""The example policy that comes with the program. Only reads it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

NAME = "config.example.yaml"


def example_policy() -> str:
    """Return the text of the example policy: from the installed package, else from the repository."""
    packaged = resources.files("oncall") / NAME
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parent.parent / NAME).read_text(encoding="utf-8")
