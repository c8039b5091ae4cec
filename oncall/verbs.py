"""What keys and words mean: 1 takes, 2 passes on, 3 solves, in four languages. Reads nothing, moves nothing."""

from __future__ import annotations

import itertools
import re

from oncall.policy.folding import plain
from oncall.tickets import Verb

# 4 and 6 are what PagerDuty's and GoAlert's users press without thinking.
KEYS = {"1": Verb.TAKE, "4": Verb.TAKE, "2": Verb.PASS_ON, "3": Verb.RESOLVE, "6": Verb.RESOLVE}
_WORDS = {
    Verb.TAKE: "take taking ok okay ack yes mine on-it al aldim aliyorum evet tamam da preiau iau بله باشه",
    Verb.PASS_ON: "pass devret devrediyorum pas pasez رد",
    Verb.RESOLVE: "solved done fixed cozuldu bitti rezolvat gata حل-شد",
}
WORDS = {
    plain(word.replace("-", " ")): verb for verb, words in _WORDS.items() for word in words.split()
}
_REFUSALS = frozenset(
    plain(word)
    for word in ["no", "not", "cannot", "cant", "dont", "hayir", "degil", "nu", "nao", "نه"]
)
_MOST_WORDS = 5
"""A longer text is a letter, not a command: who writes one is asked to answer with a digit."""


def western(text: str) -> str:
    """Return `text` with Persian and Arabic digits as 0-9."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def read_reply(text: str) -> tuple[Verb | None, int | None]:
    """Return the verb an SMS means and the ticket it names, if any: `1`, ` "۱" `, `ok`, `I take it`, `2 412`, `#412 1`.

    A text that means two things, or denies one, means nothing.
    """
    words = re.findall(r"#?\w+", plain(western(text)).replace("'", ""))
    refs = [word for word in words if re.fullmatch(r"#\d{1,9}|\d{2,9}", word)]
    if len(words) > _MOST_WORDS or len(refs) > 1 or not _REFUSALS.isdisjoint(words):
        return None, None
    rest = [word for word in words if word not in refs]
    if len(rest) == 2 and all(word.isdecimal() for word in rest):
        # "1 5": what to do, then the number of the ticket.
        refs, rest = [rest[1]], rest[:1]
    verbs = _verbs_in(rest)
    if len(verbs) != 1:
        return None, None
    return verbs.pop(), int(refs[0].lstrip("#")) if refs else None


def _verbs_in(words: list[str]) -> set[Verb]:
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    return {verb for word in (*words, *pairs) if (verb := KEYS.get(word) or WORDS.get(word))}
