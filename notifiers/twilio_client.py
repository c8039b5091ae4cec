"""The one Twilio client of a program: its time limits and its lines. Words and decides nothing."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifiers.settings import TwilioSettings

API = "https://api.twilio.com"
LINES_KEPT_OPEN = 32
LOOKED_THROUGH = 50
"""How many of the newest messages to a number a look-up goes through."""
SKEW = timedelta(seconds=60)
"""How far Twilio's clock may stand from ours."""


class Lines(HttpClient):  # type: ignore[misc] # the package has no types
    """Carries the requests of Twilio's client over urllib3: time limits, lines that stay open, no repeats, no log.

    The package's own carrier costs a page half as much again, and waits without end. Safe to share between
    threads. A POST is never repeated by itself: that would ring a phone twice.
    """

    def __init__(self, settings: TwilioSettings) -> None:
        self._base = urlsplit(settings.api_base or API)
        self._patience = urllib3.Timeout(
            connect=settings.connect_timeout, read=settings.read_timeout
        )
        self._pool = _pool(self._base.scheme, self._base.hostname or "")

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_unused: Any,
    ) -> Response:
        """Send one request, to `api_base` when it is set; raises what urllib3 raises."""
        address = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        if params:
            address = address._replace(query=urlencode(params, doseq=True))
        answer = self._pool.request(
            method,
            address.geturl(),
            body=urlencode(data, doseq=True) if data else None,
            headers={**(headers or {}), **_basic(auth)},
            timeout=self._patience,
            retries=False,
            redirect=False,
        )
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)


def is_since(created: datetime | None, since: datetime) -> bool:
    """Say whether Twilio made something at or after `since`, as far as two clocks can tell."""
    return created is None or created >= since - SKEW


def _pool(scheme: str, host: str) -> urllib3.PoolManager:
    # One context for all lines: making it costs as much as fifty requests.
    context = ssl.create_default_context(cafile=certifi.where()) if scheme == "https" else None
    proxy = None if proxy_bypass(host) else getproxies().get(scheme)
    if proxy:
        return urllib3.ProxyManager(proxy, maxsize=LINES_KEPT_OPEN, ssl_context=context)
    return urllib3.PoolManager(maxsize=LINES_KEPT_OPEN, ssl_context=context)


def _basic(auth: tuple[str, str] | None) -> dict[str, str]:
    return urllib3.make_headers(basic_auth=":".join(auth)) if auth else {}


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
