"""Every text exists in every language, fits its length, and loses nothing that matters."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from notifiers import sms_text
from notifiers.base import Channel
from oncall import links, messages, texts
from oncall.messages import Envelope, Matter, PageKind
from oncall.policy.load import parse
from oncall.policy.model import Policy
from oncall.ready_texts import READY_TEXTS
from tests.world import EXAMPLE

LANGUAGES = ("en", "tr", "ro", "fa")
MATTER = Matter(
    ref=412,
    subject="Door system down, guests locked out in front of the building",
    who="Hotel Astoria",
    caller="+12025550111",
)
NEXT = {"next_name": "maria", "next_time": datetime(2026, 1, 10, 1, 19, tzinfo=UTC).isoformat()}


def policy_speaking(language: str, *, url: str = "https://oncall.example.com") -> Policy:
    text = EXAMPLE.read_text(encoding="utf-8")
    policy = parse(text).policy
    ana = policy.people["ana"].model_copy(update={"language": language})
    company = policy.company.model_copy(update={"url": url})
    return policy.model_copy(update={"people": {**policy.people, "ana": ana}, "company": company})


def worded(language: str, kind: PageKind = PageKind.ALERT, **fact: str) -> str:
    policy = policy_speaking(language)
    token = links.new_token()
    link = f"{policy.company.url}/a/{links.letters_of(b'key', token)}"
    envelope = Envelope(kind, "ana", Channel.SMS, token, link, {**NEXT, **fact})
    return messages.word(policy, envelope, MATTER).text


@pytest.mark.parametrize("name", sorted(texts.TEXTS))
def test_every_text_exists_in_every_language(name: str) -> None:
    spoken_only = name.startswith("call-")

    missing = set(LANGUAGES) - set(texts.TEXTS[name]) - ({"fa"} if spoken_only else set())

    assert missing == set()


@pytest.mark.parametrize("name", sorted(texts.TEXTS))
def test_a_translation_uses_only_the_holes_of_the_english_text(name: str) -> None:
    english = set(re.findall(r"\{(\w+)\}", texts.TEXTS[name]["en"]))

    for language, words in texts.TEXTS[name].items():
        assert set(re.findall(r"\{(\w+)\}", words)) <= english, language


@pytest.mark.parametrize("language", ["en", "tr", "ro"])
@pytest.mark.parametrize("fact", [{}, {"before": "bora"}, {"before": "bora", "passed": "yes"}])
def test_an_urgent_text_is_one_sms_and_ends_in_its_link(
    language: str, fact: dict[str, str]
) -> None:
    text = worded(language, **fact)

    assert sms_text.size_of(text).parts == 1
    assert re.search(r"https://oncall\.example\.com/a/[0-9A-Za-z]{10}$", text)
    assert "#412" in text
    assert "+12025550111" in text
    assert "Maria 03:19" in text


FACTS = {
    "start": "2026-12-07T07:00:00+00:00",
    "end": "2026-12-14T07:00:00+00:00",
    "name": "maria",
    "backup": "bora",
    "open": "3",
    "why": "flu",
    "path": "/n/12345",
}


@pytest.mark.parametrize("language", ["en", "tr", "ro"])
@pytest.mark.parametrize(
    "name",
    [one for one in READY_TEXTS if not one.startswith(("call-", "calendar-", "code-", "test-sms"))],
)
def test_what_is_told_around_a_turn_is_one_sms(name: str, language: str) -> None:
    policy = policy_speaking(language)
    envelope = Envelope(PageKind.NOTICE, "ana", Channel.SMS, "t", "", {**FACTS, "text": name})

    assert sms_text.size_of(messages.word(policy, envelope, None).text).parts == 1


@pytest.mark.parametrize("language", ["en", "tr", "ro"])
@pytest.mark.parametrize(
    ("phone", "has_link"),
    [("+12025550101", True), ("+40721000102", True), ("+905321000102", False)],
)
def test_a_test_is_one_sms_and_bears_its_link_where_links_arrive(
    language: str, phone: str, has_link: bool
) -> None:
    policy = policy_speaking(language)
    ana = policy.people["ana"].model_copy(update={"phone": phone})
    policy = policy.model_copy(update={"people": {**policy.people, "ana": ana}})
    link = "https://oncall.example.com/r/7Q4K7Q4K7Q"
    envelope = Envelope(
        PageKind.TEST, "ana", Channel.SMS, "t", link, {"start": FACTS["start"]}, phone
    )

    text = messages.word(policy, envelope, None).text

    assert sms_text.size_of(text).parts == 1
    assert (link in text) is has_link


@pytest.mark.parametrize(
    "name", [one for one in READY_TEXTS if not one.startswith(("call-", "calendar-"))]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_link_no_text_points_at_one(name: str, language: str) -> None:
    text = texts.fill(texts.wording(policy_speaking(language), name, language), {"start": "Mon"})

    assert not text.endswith(":")


def test_a_persian_text_is_two_sms_and_ends_in_its_link() -> None:
    text = worded("fa")

    assert sms_text.size_of(text).parts == 2
    assert re.search(r"/a/[0-9A-Za-z]{10}$", text)


def test_the_words_of_the_ticket_are_shortened_before_anything_else() -> None:
    assert "Hotel Astoria: Door system" in worded("en")
    assert "..." in worded("en", before="bora")


def worded_for(phone: str, language: str, **fact: object) -> str:
    policy = policy_speaking(language)
    ana = policy.people["ana"].model_copy(update={"phone": phone})
    policy = policy.model_copy(update={"people": {**policy.people, "ana": ana}})
    link = "https://oc.example/a/x"
    envelope = Envelope(PageKind.ALERT, "ana", Channel.SMS, "t", link, {**NEXT, **fact})
    return messages.word(policy, envelope, MATTER).text


def test_where_an_sms_cannot_be_answered_the_link_or_the_call_must_do() -> None:
    text = worded_for("+400000000000", "ro")

    assert "Tasta 1 la apel sau preia aici" in text
    assert text.endswith("https://oc.example/a/x")


@pytest.mark.parametrize("fact", [{}, {"before": "bora"}, {"count": 3, "refs": "#1 #2 #3"}])
def test_where_links_are_blocked_too_the_text_announces_the_call(fact: dict[str, object]) -> None:
    text = worded_for("+900000000000", "tr", **fact)

    assert "aramada 1'e basin" in text
    assert "http" not in text
    assert "2 devret" not in text


def test_a_call_to_somebody_without_a_voice_is_in_english() -> None:
    policy = policy_speaking("fa")
    envelope = Envelope(PageKind.ALERT, "ana", Channel.CALL, "t", "", NEXT)

    message = messages.word(policy, envelope, MATTER)

    assert message.language == "en"
    assert message.text == (
        "Hello Ana, Acme emergency phone. Urgent. Hotel Astoria. Door system down, guests locked out"
        " in front of the building. Press 1 to take it. Press 2 to pass it to Maria. Press 0 to hear it again."
    )


def test_a_part_with_an_empty_hole_disappears() -> None:
    assert (
        texts.fill("URGENT [{who}: ]{what}. [Caller {caller}. ]Reply 1.", {"what": "fire"})
        == "URGENT fire. Reply 1."
    )


def test_square_brackets_in_a_customers_words_stay() -> None:
    assert texts.fill("{what}", {"what": "[prod] disk {full}"}) == "[prod] disk {full}"


def test_the_policy_may_replace_a_text_in_one_language() -> None:
    policy = policy_speaking("tr").model_copy(
        update={"templates": {"taken-sms": {"en": "{name} has it."}}}
    )

    assert texts.wording(policy, "taken-sms", "en") == "{name} has it."
    assert texts.wording(policy, "taken-sms", "tr") == texts.TEXTS["taken-sms"]["tr"]


def test_the_letters_of_a_link_are_ten_and_differ_by_token_and_key() -> None:
    letters = {links.letters_of(key, token) for key in (b"a", b"b") for token in ("t1", "t2")}

    assert len(letters) == 4
    assert all(len(word) == 10 and word.isalnum() and word.isascii() for word in letters)
