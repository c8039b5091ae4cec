"""Texts a company replaces: they exist, and their holes are ones that get filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, did_you_mean
from oncall.texts import TEXTS, holes_of

TEMPLATE_HOLES = tuple(sorted({hole for name in TEXTS for hole in holes_of(name)}))
"""What a template may leave to be filled in, written {ref}; each template knows its own part of them."""

_HOLE = re.compile(r"\{([^{}]*)\}")


def names_and_holes_exist(draft: Draft) -> Iterator[Note]:
    """A template replaces a text that exists and asks only for what is filled in there."""
    written = draft.document.at(("templates",))
    for name, words in written.items() if isinstance(written, dict) else ():
        if name not in TEXTS:
            yield _unknown(name)
            continue
        for language, text in words.items() if isinstance(words, dict) else ():
            if isinstance(text, str):
                yield from _holes(("templates", name, language), text, holes_of(name))


def _unknown(name: str) -> Note:
    return Note(
        "unknown-name",
        ("templates",),
        f'there is no text called "{name}"',
        hint=did_you_mean(name, TEXTS),
        fix=f"the texts are: {', '.join(TEXTS)}",
        at=("templates", name),
        at_key=True,
    )


def _holes(path: Path, text: str, allowed: frozenset[str]) -> Iterator[Note]:
    for hole in dict.fromkeys(_HOLE.findall(text)):
        if hole not in allowed:
            known = " ".join(f"{{{name}}}" for name in sorted(allowed))
            yield Note(
                "template",
                path,
                f"it uses {{{hole}}}, which is not filled in here.",
                hint=did_you_mean(hole, allowed),
                fix=f"known: {known}" if known else "this text has no holes.",
            )
