"""The Twilio stand-in, and the real channels pointed at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notifiers.sms import TwilioSms
from notifiers.twilio_client import open_client
from notifiers.voice import TwilioVoice
from tests.twilio_stand_in.stand_in import TwilioStandIn


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    """A Twilio whose callbacks go nowhere; at the end its document must have found no fault."""
    with TwilioStandIn(post=lambda url, form, headers: (204, "")) as stand_in:
        yield stand_in
        assert stand_in.faults == []


@pytest.fixture
def sms(twilio: TwilioStandIn) -> TwilioSms:
    """The real text channel."""
    settings = twilio.settings()
    return TwilioSms(settings, open_client(settings))


@pytest.fixture
def voice(twilio: TwilioStandIn) -> TwilioVoice:
    """The real call channel."""
    settings = twilio.settings()
    return TwilioVoice(settings, open_client(settings))
