"""The one Twilio client of a program: its time limits and its lines. Words and decides nothing."""

from __future__ import annotations

from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from notifiers.settings import TwilioSettings

LINES_KEPT_OPEN = 32


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


@lru_cache(maxsize=4)
def open_client(settings: TwilioSettings) -> Client:
    """Return the client that every channel over the same settings shares."""
    client = Client(
        settings.api_key or settings.account,
        settings.api_secret or settings.token,
        account_sid=settings.account,
        http_client=Lines(settings),
    )
    # The package loads these on first use, and that must not be the first page of a night.
    _ = client.messages, client.calls
    return client
