"""Reads TwiML as strictly as Twilio should, and says what a phone hears. Fetches nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree

# What our calls may use, attribute by attribute; https://www.twilio.com/docs/voice/twiml
ATTRIBUTES = {
    "Say": {"voice", "language"},
    "Pause": {"length"},
    "Gather": {"action", "method", "numDigits", "timeout", "finishOnKey"},
    "Hangup": set(),
    "prosody": {"rate"},
}
INSIDE = {
    "Response": {"Say", "Pause", "Gather", "Hangup"},
    "Gather": {"Say", "Pause"},
    "Say": {"prosody"},
}
MOST_INLINE = 4000


class TwimlFault(Exception):
    """Twilio would say "an application error has occurred" and hang up."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that are said, and the language of the voice."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Question:
    """Words that are said while one key is awaited, and where the key goes."""

    said: tuple[Spoken, ...]
    action: str
    seconds: int


Line = Spoken | Question


def read(document: str) -> deque[Line]:
    """Return the lines of a TwiML document in order; raises `TwimlFault`."""
    try:
        root = ElementTree.fromstring(document.encode())  # noqa: S314 (our own product wrote it)
    except ElementTree.ParseError as error:
        raise TwimlFault(f"not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlFault(f"<{root.tag}> is not a response")
    _check(root)
    lines: deque[Line] = deque()
    for verb in root:
        if verb.tag == "Hangup":
            break
        if verb.tag == "Say":
            lines.append(_spoken(verb))
        elif verb.tag == "Gather":
            lines.append(_question(verb))
    return lines


def _check(element: ElementTree.Element) -> None:
    for child in element:
        if child.tag not in INSIDE.get(element.tag, set()):
            raise TwimlFault(f"<{child.tag}> inside <{element.tag}>")
        unknown = set(child.attrib) - ATTRIBUTES[child.tag]
        if unknown:
            raise TwimlFault(f"<{child.tag}> with {', '.join(sorted(unknown))}")
        _check(child)


def _spoken(say: ElementTree.Element) -> Spoken:
    words = "".join(say.itertext()).strip()
    if not words:
        raise TwimlFault("nothing to say")
    return Spoken(words, say.attrib["language"])


def _question(gather: ElementTree.Element) -> Question:
    action = gather.get("action", "")
    if urlsplit(action).scheme not in ("http", "https"):
        raise TwimlFault(f"the key goes to {action!r}")
    if gather.get("numDigits") != "1" or gather.get("method", "POST") != "POST":
        raise TwimlFault("one key, by POST")
    said = tuple(_spoken(say) for say in gather if say.tag == "Say")
    return Question(said, action, int(gather.get("timeout", "5")))
