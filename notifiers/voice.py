"""Phone calls through Twilio that say their words and wait for a key. Words nothing and remembers nothing."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from twilio.rest import Client

from notifiers import twiml
from notifiers.base import Channel, Message, NotifierError, Receipt
from notifiers.settings import TwilioSettings
from notifiers.twilio_client import LOOKED_THROUGH, is_since, open_client
from notifiers.twilio_errors import CALL_IS_OVER, translated

RING_FOR = 27
"""Seconds a phone rings: most voicemails pick up later than this."""


class TwilioVoice:
    """The `call` channel. Blocks up to the client's time limits."""

    channel = Channel.CALL
    can_look_up = True

    def __init__(self, settings: TwilioSettings, client: Client) -> None:
        self._settings = settings
        self._client = client

    def send(self, message: Message) -> Receipt:
        """Start a call that says the words and, if they ask for one, takes a key; `NotifierError`."""
        with translated():
            taken = self._client.calls.create(
                to=message.to,
                from_=message.sender or self._settings.caller(),
                twiml=self._script(message),
                timeout=RING_FOR,
                status_callback=self._settings.hook(f"status/{message.token}"),
                status_callback_event=["initiated", "ringing", "answered", "completed"],
                status_callback_method="POST",
            )
        return Receipt(taken.sid, taken.status)

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        """Return the calls we made to this number since then, newest first; `NotifierError`."""
        with translated():
            listed = self._client.calls.list(
                to=message.to, from_=message.sender or self._settings.caller(), limit=LOOKED_THROUGH
            )
        return tuple(
            Receipt(call.sid, call.status) for call in listed if is_since(call.date_created, since)
        )

    def cancel(self, provider_id: str) -> None:
        """Stop a call that still rings; one that was answered goes on, so nobody is cut off in a word."""
        if not provider_id:
            return
        try:
            with translated():
                self._client.calls(provider_id).update(status="canceled")
        except NotifierError as error:
            if error.code not in CALL_IS_OVER:
                raise

    def _script(self, message: Message) -> str:
        if not message.asks_for_key:
            return twiml.answer(message.text, message.language)
        # The language rides along so that a call can be answered in it even when the database is away.
        query = urlencode({"language": message.language})
        return twiml.alert_call(
            message.text, message.language, self._settings.hook(f"key/{message.token}?{query}")
        )


def open_channel(settings: TwilioSettings, _clock: object) -> TwilioVoice:
    """Return the channel over a Twilio account; Twilio keeps its own time."""
    return TwilioVoice(settings, open_client(settings))
