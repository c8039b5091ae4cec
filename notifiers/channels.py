"""Every channel by name, one line each. Apart from `notifiers` itself: loading Twilio's client takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from twilio.rest import Client

from notifiers.base import Channel, Notifier
from notifiers.mail import MailSettings, SmtpMail
from notifiers.sms import TwilioSms
from notifiers.twilio_client import TwilioSettings, open_client
from notifiers.voice import TwilioVoice


@dataclass(frozen=True, slots=True)
class Providers:
    """The outside services a program has; a channel whose service is None is not there."""

    clock: Callable[[], datetime]
    twilio: tuple[TwilioSettings, Client] | None = None
    mail: MailSettings | None = None


CHANNELS: Mapping[Channel, Callable[[Providers], Notifier | None]] = {
    Channel.SMS: lambda has: TwilioSms(*has.twilio) if has.twilio else None,
    Channel.CALL: lambda has: TwilioVoice(*has.twilio) if has.twilio else None,
    Channel.EMAIL: lambda has: SmtpMail(has.mail, has.clock) if has.mail else None,
}


def open_channels(
    clock: Callable[[], datetime],
    twilio: TwilioSettings | None = None,
    mail: MailSettings | None = None,
) -> dict[Channel, Notifier]:
    """Return a notifier for each channel whose service is configured; both Twilio channels share one client."""
    has = Providers(clock, (twilio, open_client(twilio)) if twilio else None, mail)
    opened = {channel: make(has) for channel, make in CHANNELS.items()}
    return {channel: notifier for channel, notifier in opened.items() if notifier is not None}
