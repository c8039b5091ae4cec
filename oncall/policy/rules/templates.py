"""Texts a company replaces: they exist, and their holes are ones that get filled. Twilio's senders are there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, did_you_mean

TEMPLATE_HOLES = ("ref", "who", "what", "caller", "link", "next_name", "next_time", "name", "time")
"""What a template may leave to be filled in, written {ref}."""

_HOLE = re.compile(r"\{([^{}]*)\}")


def names_and_holes_exist(draft: Draft) -> Iterator[Note]:
    """A template replaces a text that exists and asks for nothing nobody fills in."""
    written = draft.document.at(("templates",))
    for name, words in written.items() if isinstance(written, dict) else ():
        for language, text in words.items() if isinstance(words, dict) else ():
            if isinstance(text, str):
                yield from _holes(("templates", name, language), text)


def sender_for_everybody(draft: Draft) -> Iterator[Note]:
    """Without a default sender, texts to other countries would have no number to come from."""
    if draft.twilio and "default" not in draft.twilio.sms_from:
        yield Note(
            "missing",
            ("integrations", "twilio", "sms_from"),
            'there is no "default" sender; a text to a country not listed here could not be sent.',
            fix='add  default: "+12025550100"',
            at_key=True,
        )


def _holes(path: Path, text: str) -> Iterator[Note]:
    for hole in _HOLE.findall(text):
        if hole not in TEMPLATE_HOLES:
            known = " ".join(f"{{{name}}}" for name in TEMPLATE_HOLES)
            yield Note(
                "template",
                path,
                f"it uses {{{hole}}}, which nothing fills in.",
                hint=did_you_mean(hole, TEMPLATE_HOLES),
                fix=f"known: {known}",
            )
