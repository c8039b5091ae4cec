"""What a call says, read as strictly as Twilio reads it."""

from __future__ import annotations

import pytest

from notifiers import twiml
from tests.twilio_stand_in import script

KEY = "https://oc.example/hooks/twilio/key/tok?language=tr"


@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en-US"), ("tr", "tr-TR"), ("ro", "ro-RO"), ("fa", "en-US")]
)
def test_words_are_said_in_the_voice_of_their_language(language: str, locale: str) -> None:
    lines = script.read(twiml.alert_call("Door down", language, KEY))

    assert [line.said[0].language for line in lines] == [locale] * 3  # type: ignore[union-attr]


def test_each_round_waits_ten_seconds_for_a_key() -> None:
    lines = script.read(twiml.alert_call("Door down", "en", KEY))

    assert {(line.action, line.seconds) for line in lines} == {(KEY, 10)}  # type: ignore[union-attr]


def test_an_answer_without_a_question_speaks_and_ends() -> None:
    [line] = script.read(twiml.answer("It is yours.", "en"))

    assert line == script.Spoken("It is yours.", "en-US")


def test_an_answer_with_a_question_asks_once() -> None:
    [line] = script.read(twiml.answer("Press 1.", "en", KEY))

    assert isinstance(line, script.Question)


def test_words_of_others_cannot_become_verbs() -> None:
    words = "</Say><Dial>+12025550199</Dial> \x00 & more"

    [line] = script.read(twiml.answer(words, "en"))

    assert line == script.Spoken("</Say><Dial>+12025550199</Dial> & more", "en-US")


@pytest.mark.parametrize("words", ["a" * 900, "word " * 400, "&" * 3000, "ş" * 5000])
def test_a_long_story_is_said_less_often_and_then_shortened(words: str) -> None:
    document = twiml.alert_call(words, "tr", KEY)

    assert len(document) <= twiml.MOST_TWIML
    assert script.read(document)


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Dial>+12025550199</Dial></Response>",
        '<Response><Say loop="0">x</Say></Response>',
        "<Response><Say/></Response>",
        '<Response><Gather numDigits="1" action="/key"><Say language="en">x</Say></Gather></Response>',
        "<Answer/>",
        "Hello",
    ],
)
def test_the_stand_in_refuses_what_our_calls_never_need(document: str) -> None:
    with pytest.raises(script.TwimlFault):
        script.read(document)
