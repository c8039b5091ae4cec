"""Calendars are fetched from outside only, over https only, never much and never through a back door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oncall.leave import fetching
from oncall.leave.fetching import Fetcher, NotFetched
from tests.calendar_server import CalendarServer, a_calendar_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with a_calendar_server(tmp_path) as running:
        yield running


def code_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(NotFetched) as refused:
        fetcher.fetch(url)
    assert refused.value.__cause__ is None
    assert "secret" not in str(refused.value)
    return refused.value.code


def test_a_calendar_comes_and_an_unchanged_one_does_not_come_again(server: CalendarServer) -> None:
    server.body, server.etag = b"BEGIN:VCALENDAR", '"1"'

    first = server.fetcher.fetch(server.url)
    second = server.fetcher.fetch(server.url, etag=first.etag)

    assert (first.body, first.etag) == (b"BEGIN:VCALENDAR", '"1"')
    assert second.body is None
    assert server.asked[1]["If-None-Match"] == '"1"'
    assert server.asked[0]["Host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.1.2.3", "10.0.0.8", "172.16.1.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_nothing_inside_a_network_is_reached(address: str) -> None:
    assert not fetching.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "142.250.1.1", "2a00:1450:4001::1", "64:ff9b::808:808"]
)
def test_what_is_out_on_the_internet_is_reached(address: str) -> None:
    assert fetching.is_public(address)


def test_the_product_does_not_go_to_loopback(server: CalendarServer) -> None:
    product = replace(server.fetcher, may_reach=fetching.is_public)

    assert code_of(product, server.url) == "private"
    assert code_of(product, f"https://localhost:{server.port}/secret") == "private"
    assert code_of(product, "https://[::1]/secret") == "private"
    assert server.asked == []


def test_a_redirect_into_the_network_is_not_followed(server: CalendarServer) -> None:
    server.location = "https://10.0.0.8/secret"
    only_the_server = replace(server.fetcher, may_reach=lambda address: address == "127.0.0.1")

    assert code_of(only_the_server, server.url) == "private"


@pytest.mark.parametrize(
    ("location", "code"),
    [("http://example.com/secret", "address"), ("file:///etc/passwd", "address"), ("/again", "redirects")],
)  # fmt: skip
def test_redirects_stay_on_https_and_come_to_an_end(
    server: CalendarServer, location: str, code: str
) -> None:
    server.location = location

    assert code_of(server.fetcher, server.url) == code


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/secret", "ftp://example.com/secret", "https://", "https://user:secret@example.com/",
        "https://example.com:0/secret", "https://exa mple.com/secret", "https://example.com/\nHost: secret",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_asked(url: str) -> None:
    assert code_of(Fetcher(), url) == "address"


def test_more_than_a_megabyte_is_not_read(server: CalendarServer) -> None:
    server.body = b"x" * (fetching.LARGEST + 1)

    assert code_of(server.fetcher, server.url) == "too-large"


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_a_server_that_refuses_is_a_fault(server: CalendarServer, status: int) -> None:
    server.status = status

    assert code_of(server.fetcher, server.url) == "refused"


def test_a_certificate_nobody_vouches_for_is_not_believed(server: CalendarServer) -> None:
    assert code_of(replace(server.fetcher, trusts=""), server.url) == "unreachable"


def test_a_server_that_is_not_there_is_a_fault(server: CalendarServer) -> None:
    assert code_of(server.fetcher, "https://127.0.0.1:1/secret") == "unreachable"
    assert code_of(server.fetcher, "https://secret.invalid/") == "unreachable"


def test_a_server_that_sends_a_byte_now_and_then_keeps_nobody_waiting(
    server: CalendarServer,
) -> None:
    server.body, server.pause = b"BEGIN:VCALENDAR" * 10, 0.2

    assert code_of(replace(server.fetcher, longest=0.5), server.url) == "too-slow"
