"""What the outside services need to know to be used. Opens nothing and loads no client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Literal

import phonenumbers

Tls = Literal["starttls", "tls", "none"]
_USUAL_PORT: dict[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}


# Compared by identity: whoever has the same settings object shares its client.
@dataclass(frozen=True, slots=True, eq=False)
class TwilioSettings:
    """A Twilio account and how we use it. `public_url` is where Twilio reaches our callbacks."""

    account: str
    token: str = field(repr=False)
    public_url: str
    sms_from: Mapping[str, str]
    """`default` and, per country (`TR`), the number or registered name that texts come from."""
    call_from: str | None = None
    """The number that calls come from; None takes `sms_from.default`."""
    plain_letters: bool = True
    """Fold letters that would make a text three times as dear (`sms_letters: plain`)."""
    api_key: str | None = None
    """Signs requests instead of the account's token, together with `api_secret`."""
    api_secret: str | None = field(default=None, repr=False)
    api_base: str | None = None
    """Scheme and host that stand in for https://api.twilio.com; for tests and proxies."""
    more_signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Secrets whose signature we believe besides the token's: its successor, or a shared key."""
    connect_timeout: float = 3.05
    """Seconds; just above a multiple of TCP's 3 s retransmission."""
    read_timeout: float = 9.0
    """Seconds of silence after which the outcome of a request counts as unknown; with the above under half a lease."""

    def sms_sender(self, number: str) -> str:
        """Return what texts to `number` (E.164) come from."""
        return self.sms_from.get(country_of(number)) or self.sms_from["default"]

    def caller(self) -> str:
        """Return the number calls come from."""
        return self.call_from or self.sms_from["default"]

    def signing_secrets(self) -> tuple[str, ...]:
        """Return the secrets one of which must have signed a request that claims to be Twilio's."""
        return (self.token, *self.more_signing_secrets)

    def hook(self, path: str) -> str:
        """Return the address of one of our callbacks."""
        return f"{self.public_url.rstrip('/')}/hooks/twilio/{path}"


def country_of(number: str) -> str:
    """Return the country of an E.164 number as two letters, empty when nobody can tell."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    # A number outside every known range still has its country code.
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that takes our mail (`host` or `host:port`) and who it comes from."""

    server: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = "starttls"
    patience: float = 12.0
    """Seconds for one mail from the first word to the last; under half a lease."""

    def address(self) -> tuple[str, int]:
        """Return host and port; without a port the usual one for `tls`."""
        host, colon, port = self.server.rpartition(":")
        if not (colon and port.isdecimal()):
            return self.server.strip("[]"), _USUAL_PORT[self.tls]
        return host.strip("[]"), int(port)

    def domain(self) -> str:
        """Return the domain our mail comes from."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"


@dataclass(frozen=True, slots=True)
class Services:
    """The outside services a program has; a channel whose service is None is not there."""

    clock: Callable[[], datetime]
    twilio: TwilioSettings | None = None
    mail: MailSettings | None = None
