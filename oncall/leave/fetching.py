"""Fetch a calendar from the web: https only, never from inside our own network, never much and never long.

The address is somebody's secret: it is in no error and no log.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from oncall.clock import since_boot

LARGEST = 1024 * 1024
LONGEST = 20.0
"""Seconds for everything, redirects included."""
PATIENCE = urllib3.Timeout(connect=5.0, read=5.0)
MOST_REDIRECTS = 3
MOST_ADDRESSES = 4
CHUNK = 16 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: `body` is None when nothing changed since `etag` / `modified`."""

    body: bytes | None
    etag: str
    modified: str


class NotFetched(Exception):
    """It could not be had. `code` says why: address, private, unreachable, refused, too-large, too-slow, redirects."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_public(address: str) -> bool:
    """Say whether an IP address is out on the internet: no loopback, private, link-local or otherwise special one."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and found.ipv4_mapped is not None
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    if found in _PROTOCOLS:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


# Python before 3.13 knows only parts of it (RFC 6890).
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches calendars. `may_reach` decides about each IP address, `trusts` names the file of certificates."""

    may_reach: Callable[[str], bool] = is_public
    trusts: str = ""
    longest: float = LONGEST

    def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Fetched:
        """Return what lies at `url`, unless it is what came with `etag` or `modified`; raises `NotFetched`."""
        came: list[Fetched | NotFetched] = []

        def work() -> None:
            try:
                came.append(self._fetch(url, etag, modified))
            except NotFetched as refused:
                came.append(refused)

        # A server that sends a byte now and then never times out; it may keep this thread, but nobody else.
        worker = threading.Thread(target=work, name="calendar", daemon=True)
        worker.start()
        worker.join(self.longest)
        if not came:
            raise NotFetched("too-slow")
        if isinstance(came[0], NotFetched):
            raise came[0]
        return came[0]

    def _fetch(self, url: str, etag: str, modified: str) -> Fetched:
        until = since_boot() + self.longest
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, etag, modified, until)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise NotFetched("redirects")

    def _ask(self, url: str, etag: str, modified: str, until: float) -> Fetched | str:
        """Return what came, or where we were sent on to."""
        parts = parts_of(url)
        headers = {"Host": parts.netloc, "Accept": "text/calendar", "User-Agent": "emergency-phone"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        for address in self._resolve(parts):
            try:
                with self._pool(address, parts) as pool:
                    return _read(pool, _path(parts), headers, until)
            except (NewConnectionError, ConnectTimeoutError):
                # A host may have addresses of a kind that this machine cannot reach.
                continue
            except (HTTPError, OSError, ValueError):
                # Not chained: the text of the fault holds the address.
                raise NotFetched("unreachable") from None
        raise NotFetched("unreachable")

    def _pool(self, address: str, parts: SplitResult) -> urllib3.HTTPSConnectionPool:
        """Connect to the very address that was judged: a second look-up could answer with another one."""
        return urllib3.HTTPSConnectionPool(
            address,
            parts.port or 443,
            timeout=PATIENCE,
            retries=False,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
            ca_certs=self.trusts or certifi.where(),
        )

    def _resolve(self, parts: SplitResult) -> tuple[str, ...]:
        """Return the addresses of the host; one forbidden address among them spoils them all."""
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotFetched("unreachable") from None
        addresses = tuple(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
        if not all(self.may_reach(address) for address in addresses):
            raise NotFetched("private")
        return addresses[:MOST_ADDRESSES]


def parts_of(url: str) -> SplitResult:
    """Return the parts of an https address without a password; raises `NotFetched` for anything else."""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.username or parts.password or any(ord(one) <= 32 for one in url):
        raise NotFetched("address")
    return parts


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(
    pool: urllib3.HTTPSConnectionPool, path: str, headers: dict[str, str], until: float
) -> Fetched | str:
    answer = pool.urlopen(
        "GET", path, headers=headers, redirect=False, preload_content=False, retries=False
    )
    try:
        if answer.status in REDIRECTS and answer.headers.get("Location"):
            return str(answer.headers["Location"])
        etag = answer.headers.get("ETag", "")[:200]
        modified = answer.headers.get("Last-Modified", "")[:100]
        if answer.status == 304:
            return Fetched(None, etag, modified)
        if answer.status != 200:
            raise NotFetched("refused")
        return Fetched(_body(answer, until), etag, modified)
    finally:
        answer.close()


def _body(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    body = bytearray()
    for chunk in answer.stream(CHUNK, decode_content=True):
        body += chunk
        if len(body) > LARGEST:
            raise NotFetched("too-large")
        if since_boot() > until:
            raise NotFetched("too-slow")
    return bytes(body)
