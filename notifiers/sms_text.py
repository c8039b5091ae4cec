"""Make a text fit for SMS: letters a phone network has, and no more parts than allowed. Knows no provider."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from notifiers.graphemes import graphemes

# GSM 03.38 (3GPP TS 23.038, 6.2.1): one unit each, and the extension table of two units each.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED

# What Unicode's own decomposition does not lead to a plain letter.
_PLAIN = str.maketrans(
    {
        "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "œ": "oe", "Œ": "OE",
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "•": "*", "·": "*", "×": "x", "°": "", "\u2044": "/", "\u00ad": "",
    }
)  # fmt: skip

# Direction controls from a stranger's words could show a phone number backwards.
_DIRECTION = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ELLIPSIS = "..."
LEAST = 13
"""Signs of each outside word a text keeps, if need be at the price of one more part."""
_MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Size:
    """How a network counts a text: its alphabet, its units (7-bit letters or 16-bit words) and its parts."""

    alphabet: Literal["gsm", "ucs2"]
    units: int
    parts: int


def size_of(text: str) -> Size:
    """Return the size of `text`: 160 GSM units or 70 UCS-2 units in one part, 153 or 67 in each of several."""
    if _GSM.issuperset(text):
        return _size("gsm", [2 if letter in _EXTENDED else 1 for letter in text], (160, 153))
    return _size("ucs2", [2 if ord(letter) > 0xFFFF else 1 for letter in text], (70, 67))


def _size(alphabet: Literal["gsm", "ucs2"], widths: list[int], limits: tuple[int, int]) -> Size:
    alone, joined = limits
    units = sum(widths)
    return Size(alphabet, units, 1 if units <= alone else _parts(widths, joined))


def _parts(widths: Iterable[int], limit: int) -> int:
    # A letter of two units never straddles two parts, so the sum alone would count too few.
    parts, used = 1, 0
    for width in widths:
        if used + width > limit:
            parts, used = parts + 1, 0
        used += width
    return parts


def clean(text: str) -> str:
    """Return `text` without controls, lone surrogates and non-characters; line ends become `\\n`, tabs a space."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in joined if c == "\n" or _is_text(c))


def _is_text(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufffe\uffff"


def one_line(words: str) -> str:
    """Return somebody else's words on one line: no controls, no direction marks, single spaces."""
    return " ".join("".join(c for c in clean(words) if c not in _DIRECTION).split())


def fold(text: str) -> str:
    """Return `text` in plain letters (`çalışmıyor` -> `calismiyor`) if GSM then has them all; else as it came.

    ö, ü, ä, ñ, Ç and the like stay: GSM has them. A text that needs UCS-2 anyway gains nothing from folding.
    """
    if _GSM.issuperset(text):
        return text
    folded = "".join(map(_plain_letter, unicodedata.normalize("NFC", text)))
    return folded if _GSM.issuperset(folded) else text


def _plain_letter(letter: str) -> str:
    if letter in _GSM:
        return letter
    # An accent left over (the dot of a lower-cased İ) decomposes to nothing at all.
    bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    plain = letter.translate(_PLAIN) if ord(letter) in _PLAIN else bare.translate(_PLAIN)
    return plain if _GSM.issuperset(plain) else letter


def finish(text: str, *, plain_letters: bool = True) -> str:
    """Return `text` as it leaves the house: cleaned and, unless told otherwise, folded to plain letters."""
    return fold(clean(text)) if plain_letters else clean(text)


def fit(
    render: Callable[..., str], *words: str, plain_letters: bool = True, max_parts: int = 3
) -> str:
    """Return `render(*words)`, finished, in the fewest parts that leave something of every word.

    `words` come from outside (what broke, for whom): each is put on one line and shortened, the first one
    first, down to `LEAST` signs before a further part is spent. Past `max_parts` they give way altogether;
    should not even `render` of empty words fit, it is returned as it is: its frame is the caller's.
    """

    def finished(shortened: Sequence[str]) -> str:
        # A shortened word at the end of a sentence needs no full stop of its own.
        return finish(render(*shortened), plain_letters=plain_letters).replace(
            _ELLIPSIS + ".", _ELLIPSIS
        )

    def fits(parts: int, shortened: Sequence[str]) -> bool:
        return size_of(finished(shortened)).parts <= parts

    lines = [list(graphemes(one_line(word)[:_MOST_LETTERS])) for word in words]
    for parts, least in (*((p, LEAST) for p in range(1, max_parts + 1)), (max_parts, 0)):
        shortened = _shortened(lines, least, partial(fits, parts))
        if shortened is not None:
            return finished(shortened)
    return finished([""] * len(words))


def _shortened(
    lines: list[list[str]], least: int, fits: Callable[[Sequence[str]], bool]
) -> list[str] | None:
    """Return the lines, as long as `fits` allows; None when some would fall below `least` signs."""
    kept = ["".join(line) for line in lines]
    if fits(kept):
        return kept
    for at, line in enumerate(lines):

        def fits_with(count: int, at: int = at, line: list[str] = line) -> bool:
            return fits([*kept[:at], _cut(line, count), *kept[at + 1 :]])

        count = _most(fits_with, len(line) - 1)
        kept[at] = _cut(line, max(count, least))
        if count >= min(least, len(line)) and fits_with(count):
            return kept
    return None


def _most(holds: Callable[[int], bool], most: int) -> int:
    """Return the largest count up to `most` for which `holds`; 0 when none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _cut(line: list[str], count: int) -> str:
    """Return the first `count` signs and `...`, back to the end of a word where that keeps half of them."""
    if count >= len(line):
        return "".join(line)
    if line[count] != " ":
        last_space = next((at for at in range(count - 1, 0, -1) if line[at] == " "), 0)
        count = last_space if last_space * 2 >= count else count
    return "".join(line[:count]).rstrip() + _ELLIPSIS if count else ""
