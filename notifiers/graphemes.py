"""Where a text may be cut: between what a reader sees as one sign each. Knows no language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_NON_JOINER, _JOINER = "\u200c", "\u200d"


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
    if cluster[-1] == _JOINER or letter in (_JOINER, _NON_JOINER) or _extends(letter):
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
