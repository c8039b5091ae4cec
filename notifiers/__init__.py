"""One small file per channel, and one line here that finds it. Loads no channel that is not set up."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from notifiers.base import Channel, Notifier

if TYPE_CHECKING:
    from notifiers.settings import Services

# Channel: the service it needs, and its module. By name, because Twilio's client is large and slow to load,
# and `oncall who` or a demo without Twilio should not pay for it.
CHANNELS: Mapping[Channel, tuple[str, str]] = {
    Channel.SMS: ("twilio", "notifiers.sms"),
    Channel.CALL: ("twilio", "notifiers.voice"),
    Channel.EMAIL: ("mail", "notifiers.mail"),
}


def build(services: Services) -> dict[Channel, Notifier]:
    """Return a notifier for every channel whose service is set up."""
    return {
        channel: import_module(module).open_channel(settings, services.clock)
        for channel, (service, module) in CHANNELS.items()
        if (settings := getattr(services, service)) is not None
    }
