"""The one Twilio client of a program: its settings, its time limits, its lines. Words and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

LINES_KEPT_OPEN = 32


@dataclass(frozen=True, slots=True)
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
    connect_timeout: float = 3.05
    """Seconds; just above a multiple of TCP's 3 s retransmission."""
    read_timeout: float = 10.0
    """Seconds of silence after which the outcome of a request counts as unknown."""

    def sms_sender(self, number: str) -> str:
        """Return what texts to `number` (E.164) come from."""
        return self.sms_from.get(country_of(number)) or self.sms_from["default"]

    def caller(self) -> str:
        """Return the number calls come from."""
        return self.call_from or self.sms_from["default"]

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


class Lines(TwilioHttpClient):  # type: ignore[misc] # the package has no types
    """Twilio's HTTP client with time limits, lines that stay open, no repeats and no word in a log.

    Safe to share between threads. A POST is never repeated by itself: that would ring a phone twice.
    """

    def __init__(self, settings: TwilioSettings) -> None:
        super().__init__()
        self.timeout = (settings.connect_timeout, settings.read_timeout)
        lines = HTTPAdapter(pool_maxsize=LINES_KEPT_OPEN, max_retries=0)
        self.session.mount("https://", lines)
        self.session.mount("http://", lines)
        # A cookie jar would be the one thing threads share and change.
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._base = urlsplit(settings.api_base) if settings.api_base else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request, to `api_base` when it is set."""
        if self._base is not None:
            url = (
                urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
            )
        return super().request(method, url, *args, **kwargs)

    def log_request(self, kwargs: Any) -> None:
        """Log nothing: the address holds the account, the query a phone number."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Log nothing; the sender logs what became of its page."""


def open_client(settings: TwilioSettings) -> Client:
    """Return the client every Twilio channel of a program shares."""
    client = Client(
        settings.api_key or settings.account,
        settings.api_secret or settings.token,
        account_sid=settings.account,
        http_client=Lines(settings),
    )
    # The package loads these on first use, and that must not be the first page of a night.
    _ = client.messages, client.calls
    return client
