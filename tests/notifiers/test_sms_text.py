"""Letters, parts and cuts of an SMS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import sms_text
from notifiers.graphemes import graphemes

FAMILY = "👩\u200d👩\u200d👧"
FRAME = "URGENT #412 {who}: {what}. Caller +12025550111. Reply 1 take, 2 pass. http://oc.example/a/7Q4K8abcde"
TURKISH_AND_ROMANIAN = "çğıİöşüÇĞÖŞÜ ăâîșțĂÂÎȘȚ şţŞŢ ’‘“”„–—… abc"
ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("ışțé€[]\n ‍🔥درها👩🏽🇷🇴")
    ),
    max_size=400,
)


def render(what: str, who: str = "Hotel Astoria") -> str:
    return FRAME.format(what=what, who=who)


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "gsm", 0, 1),
        ("a" * 160, "gsm", 160, 1),
        ("a" * 161, "gsm", 161, 2),
        ("a" * 306, "gsm", 306, 2),
        ("a" * 307, "gsm", 307, 3),
        ("€" * 80, "gsm", 160, 1),
        ("[" * 81, "gsm", 162, 2),
        ("ş" * 70, "ucs2", 70, 1),
        ("ş" * 71, "ucs2", 71, 2),
        ("ş" * 134, "ucs2", 134, 2),
        ("ş" * 135, "ucs2", 135, 3),
        ("🔥" * 35, "ucs2", 70, 1),
        ("🔥" * 36, "ucs2", 72, 2),
        ("öüÇéàΩ\n", "gsm", 7, 1),
    ],
)
def test_a_text_is_counted_as_a_network_counts_it(
    text: str, alphabet: str, units: int, parts: int
) -> None:
    size = sms_text.size_of(text)

    assert (size.alphabet, size.units, size.parts) == (alphabet, units, parts)


def test_a_sign_of_two_units_never_straddles_two_parts() -> None:
    assert sms_text.size_of("a" * 152 + "€" + "a" * 152).parts == 3
    assert sms_text.size_of("ş" * 66 + "🔥" + "ş" * 66).parts == 3


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("kapı sistemi çalışmıyor, ĞÜŞİ", "kapi sistemi calismiyor, GÜSI"),
        ("ușă, ţară, înăuntru, Ștefan", "usa, tara, inauntru, Stefan"),
        ("öffnen übel Ça señor", "öffnen übel Ça señor"),
        ("“it’s” – 5 °C … Łódź", '"it\'s" - 5 C ... Lodz'),
        ("№ 5 ½", "No 5 1/2"),
        ("i\u0307s\u0327", "is"),
    ],
)
def test_letters_are_folded_to_what_every_network_has(written: str, sent: str) -> None:
    assert sms_text.fold(written) == sent


@pytest.mark.parametrize("text", ["فوری ş", "🔥 ışık", "Ελλάδα ı"])
def test_a_text_that_needs_the_wide_alphabet_anyway_keeps_its_letters(text: str) -> None:
    assert sms_text.fold(text) == text


@given(st.text(alphabet=TURKISH_AND_ROMANIAN))
def test_turkish_and_romanian_always_fold_to_gsm(text: str) -> None:
    assert sms_text.size_of(sms_text.fold(text)).alphabet == "gsm"


@given(ANYTHING)
def test_finishing_twice_changes_nothing(text: str) -> None:
    once = sms_text.finish(text)

    assert sms_text.finish(once) == once
    assert not any(ord(letter) < 32 and letter != "\n" for letter in once)


@given(ANYTHING, ANYTHING)
def test_more_text_never_needs_fewer_parts(text: str, more: str) -> None:
    assert sms_text.size_of(text).parts <= sms_text.size_of(text + more).parts


@given(ANYTHING)
def test_words_of_others_stay_on_one_line(words: str) -> None:
    line = sms_text.one_line(words)

    assert len(line.splitlines()) <= 1
    assert "\u202e" not in line


def test_direction_marks_cannot_turn_a_number_around() -> None:
    assert sms_text.one_line("call \u202e1110\u202c now") == "call 1110 now"


@given(ANYTHING)
def test_graphemes_are_the_whole_text(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    "sign", [FAMILY, "👍🏽", "🇷🇴", "e\u0301", "1\ufe0f\u20e3", "\u1112\u1161\u11ab"]
)
def test_what_a_reader_sees_as_one_sign_stays_one(sign: str) -> None:
    assert list(graphemes(f"a{sign}b")) == ["a", sign, "b"]


def test_two_flags_are_two_signs() -> None:
    assert list(graphemes("🇷🇴🇹🇷")) == ["🇷🇴", "🇹🇷"]


def test_words_that_fit_stay_whole() -> None:
    assert sms_text.fit(render, "door down") == render("door down")


def test_long_words_are_cut_between_words_into_one_part() -> None:
    text = sms_text.fit(
        render, "the door system is down and forty guests are locked out in the rain"
    )

    assert sms_text.size_of(text).parts == 1
    assert (
        "Hotel Astoria: the door system is down and forty guests are locked out... Caller" in text
    )


def test_one_endless_word_is_cut_inside() -> None:
    text = sms_text.fit(render, "x" * 500)

    assert sms_text.size_of(text) == sms_text.Size("gsm", 160, 1)


def test_what_broke_gives_way_before_for_whom() -> None:
    text = sms_text.fit(render, "w" * 80, "Grand Hotel Astoria Bucharest")

    assert "Grand Hotel Astoria Bucharest: www" in text


def test_words_in_a_wide_alphabet_get_the_parts_they_need() -> None:
    words = "درها باز نمی‌شود و مهمان‌ها بیرون مانده‌اند"

    text = sms_text.fit(render, words)

    assert "درها باز نمی" in text
    assert sms_text.size_of(text).parts <= 3


def test_a_frame_that_is_too_long_is_sent_all_the_same() -> None:
    assert sms_text.fit(lambda what: "f" * 200 + what, "words", max_parts=1) == "f" * 200


@given(ANYTHING, ANYTHING, st.integers(1, 4))
def test_fitted_words_never_take_more_parts_than_allowed(what: str, who: str, most: int) -> None:
    text = sms_text.fit(render, what, who, max_parts=most)

    assert sms_text.size_of(text).parts <= most


@given(st.lists(st.sampled_from([FAMILY, "👍🏽", "🇷🇴", "e\u0301", "ab", " "]), max_size=80))
def test_a_cut_never_splits_a_sign(signs: list[str]) -> None:
    words = " ".join("".join(signs).split())

    text = sms_text.fit(lambda what: what, words, plain_letters=False, max_parts=1)

    kept = text.removesuffix("...")
    assert words.startswith(kept)
    assert list(graphemes(words))[: len(list(graphemes(kept)))] == list(graphemes(kept))
