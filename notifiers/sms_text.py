"""Make a text fit for SMS: letters a phone network has, and no more parts than allowed. Knows no provider."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

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
        "…": "...", "•": "*", "·": "*", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": "",
    }
)  # fmt: skip

_ZERO_WIDTH_JOINER = "\u200d"
_JOINERS = frozenset("\u200c\u200d")
# Direction controls from a stranger's words could show a phone number backwards.
_DIRECTION = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ELLIPSIS = "..."


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


def plain(text: str) -> str:
    """Return `text` in plain letters (`çalışmıyor` -> `calismiyor`) if GSM then has them all; else as it came.

    ö, ü, ä, ñ, Ç and the like stay: GSM has them. A text that needs UCS-2 anyway gains nothing from folding.
    """
    folded = "".join(map(_plain_letter, unicodedata.normalize("NFC", text)))
    return folded if _GSM.issuperset(folded) else text


def _plain_letter(letter: str) -> str:
    if letter in _GSM:
        return letter
    swapped = letter.translate(_PLAIN)
    if swapped != letter:
        return swapped
    base = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return base if base and _GSM.issuperset(base) else letter


def finish(text: str, *, plain_letters: bool = True) -> str:
    """Return `text` as it leaves the house: cleaned and, unless told otherwise, in plain letters."""
    return plain(clean(text)) if plain_letters else clean(text)


def fit(
    render: Callable[[str], str], words: str, *, max_parts: int, plain_letters: bool = True
) -> str:
    """Return the longest `render(shortened words)` that fits `max_parts`, finished.

    Words are cut between words where that keeps at least half of what fits, else between graphemes, and
    end in `...`. When not even `render("")` fits, that is returned: the frame is the caller's to shorten.
    """

    def finished(shortened: str) -> str:
        return finish(render(shortened), plain_letters=plain_letters)

    def fits(shortened: str) -> bool:
        return size_of(finished(shortened)).parts <= max_parts

    line = one_line(words)
    if len(line) <= 160 * max_parts and fits(line):
        return finished(line)
    pieces = list(graphemes(line[: 160 * max_parts]))
    kept = _most(lambda count: fits("".join(pieces[:count]).rstrip() + _ELLIPSIS), len(pieces))
    shortened = _back_to_a_word(pieces, kept)
    return finished(shortened + _ELLIPSIS if shortened else "")


def _most(holds: Callable[[int], bool], most: int) -> int:
    """Return the largest count up to `most` for which `holds`; 0 when none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _back_to_a_word(pieces: list[str], kept: int) -> str:
    if kept == len(pieces) or pieces[kept] == " ":
        return "".join(pieces[:kept]).rstrip()
    last_space = next((at for at in range(kept - 1, 0, -1) if pieces[at] == " "), 0)
    return "".join(pieces[: last_space if last_space * 2 >= kept else kept]).rstrip()


def graphemes(text: str) -> Iterator[str]:
    """Yield what a reader sees as one sign each: letters with their marks, joined emoji, flags.

    The part of Unicode's UAX 29 that matters for cutting; where in doubt it keeps signs together.
    """
    cluster = ""
    for letter in text:
        if cluster and not _belongs(cluster, letter):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _belongs(cluster: str, letter: str) -> bool:
    if cluster[-1] == _ZERO_WIDTH_JOINER or letter in _JOINERS or _extends(letter):
        return True
    return _is_flag_half(letter) and len(cluster) == 1 and _is_flag_half(cluster)


def _extends(letter: str) -> bool:
    code = ord(letter)
    is_skin_tone = 0x1F3FB <= code <= 0x1F3FF
    is_tag = 0xE0020 <= code <= 0xE007F
    is_hangul_vowel_or_tail = 0x1160 <= code <= 0x11FF
    return (
        is_skin_tone or is_tag or is_hangul_vowel_or_tail
        or unicodedata.category(letter) in ("Mn", "Me", "Mc")
    )  # fmt: skip


def _is_flag_half(letter: str) -> bool:
    return 0x1F1E6 <= ord(letter) <= 0x1F1FF
