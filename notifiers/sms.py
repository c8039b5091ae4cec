"""Text messages through Twilio. Words nothing and remembers nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from twilio.rest import Client

from notifiers import sms_text
from notifiers.base import Channel, Message, Receipt
from notifiers.settings import TwilioSettings
from notifiers.twilio_client import LOOKED_THROUGH, is_since, open_client
from notifiers.twilio_errors import translated

# Twilio's limits for ValidityPeriod, in seconds; under 5 it advises against.
_SHORTEST, _LONGEST = 10, 36_000


class TwilioSms:
    """The `sms` channel. Blocks up to the client's time limits."""

    channel = Channel.SMS
    can_look_up = True

    def __init__(self, settings: TwilioSettings, client: Client) -> None:
        self._settings = settings
        self._client = client

    def send(self, message: Message) -> Receipt:
        """Hand the text over, in the letters and from the sender its country calls for; `NotifierError`."""
        body = sms_text.finish(message.text, plain_letters=self._settings.plain_letters)
        with translated():
            taken = self._client.messages.create(
                to=message.to,
                from_=message.sender or self._settings.sms_sender(message.to),
                body=body,
                status_callback=self._settings.hook(f"status/{message.token}"),
                validity_period=_seconds(message.valid_for),
            )
        return Receipt(taken.sid, taken.status, sms_text.size_of(body).parts)

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        """Return the newest texts to this number that hold our mark, or all our words; `NotifierError`.

        Not filtered by the day of sending: Twilio leaves it empty until a text is out.
        """
        body = sms_text.finish(message.text, plain_letters=self._settings.plain_letters)
        mark = message.mark or body
        with translated():
            listed = self._client.messages.list(to=message.to, limit=LOOKED_THROUGH)
        parts = sms_text.size_of(body).parts
        return tuple(
            Receipt(text.sid, text.status, parts)
            for text in listed
            if mark in (text.body or "") and is_since(text.date_created, since)
        )

    def cancel(self, provider_id: str) -> None:
        """A text cannot be called back."""


def _seconds(span: timedelta) -> int:
    return min(max(int(span.total_seconds()), _SHORTEST), _LONGEST)


def open_channel(settings: TwilioSettings, _clock: object) -> TwilioSms:
    """Return the channel over a Twilio account; Twilio keeps its own time."""
    return TwilioSms(settings, open_client(settings))
