"""What Twilio is to say and ask in a call, as TwiML. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twilio.twiml.voice_response import Gather, VoiceResponse

from notifiers import sms_text

# https://www.twilio.com/docs/voice/twiml/say/text-speech. Persian has no voice: its calls come worded in English.
VOICES = {
    "en": ("Polly.Joanna", "en-US"),
    "tr": ("Polly.Filiz", "tr-TR"),
    "ro": ("Polly.Carmen", "ro-RO"),
}
ROUNDS = 3
"""How often the words of an alert are said; somebody who wakes up misses the first."""
WAIT = 10
"""Seconds to press a key after the words."""
MOST_TWIML = 4000
"""Letters Twilio takes inline (https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource)."""
MOST_WORDS = 2400

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The answer to a text that is not answered on the spot."""


def alert_call(text: str, language: str, key_url: str) -> str:
    """Return the TwiML of an alert: the words slowly, up to three times, each time waiting for one key.

    When no key comes the call just ends: silence, and a voicemail, take nothing.
    """
    words = sms_text.one_line(text)[:MOST_WORDS]
    rounds = ROUNDS
    while len(call := _alert(words, language, key_url, rounds)) > MOST_TWIML:
        if rounds > 1:
            rounds -= 1
        else:
            words = words[: len(words) * 3 // 4]
    return call


def _alert(words: str, language: str, key_url: str, rounds: int) -> str:
    response = VoiceResponse()
    # The first second is spent lifting the phone to the ear.
    response.pause(length=1)
    for _ in range(rounds):
        _ask(response, words, language, key_url)
    response.hangup()
    return str(response)


def answer(text: str, language: str, key_url: str | None = None) -> str:
    """Return the TwiML after a key: the words once, then another key (`key_url`) or the end of the call."""
    response = VoiceResponse()
    words = sms_text.one_line(text)
    if key_url is None:
        _say(response.say, words, language)
    else:
        _ask(response, words, language, key_url)
    response.hangup()
    return str(response)


def _ask(response: VoiceResponse, words: str, language: str, key_url: str) -> None:
    # An empty finish_on_key lets # and * through as keys like any other.
    gather = Gather(num_digits=1, timeout=WAIT, action=key_url, method="POST", finish_on_key="")
    _say(gather.say, words, language)
    response.append(gather)


def _say(say: Callable[..., Any], words: str, language: str) -> None:
    voice, locale = VOICES.get(language, VOICES["en"])
    say(voice=voice, language=locale).prosody(words, rate="slow")
