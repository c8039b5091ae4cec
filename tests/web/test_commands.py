"""How the pages listen: whose address counts, and what a taken port says."""

from __future__ import annotations

import http.client
import socket

import pytest

from oncall.errors import SettingsError
from tests.serving import running
from tests.world import World
from web.commands import listen


def guess(port: int, visitor: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/a/wrongwords", headers={"X-Forwarded-For": visitor})
    status = line.getresponse().status
    line.close()
    return status


@pytest.mark.parametrize(("trusted_proxy", "neighbour"), [("127.0.0.1", 404), (None, 429)])
def test_behind_a_trusted_proxy_each_visitor_counts_alone(
    world: World, trusted_proxy: str | None, neighbour: int
) -> None:
    with running(listen(world.app, "127.0.0.1", 0, trusted_proxy)) as port:
        guesses = [guess(port, "192.0.2.1") for _ in range(11)]

        assert guesses == [404] * 10 + [429]
        assert guess(port, "192.0.2.2") == neighbour


def test_a_taken_port_is_a_clear_refusal(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(SettingsError, match=r"cannot listen on 127\.0\.0\.1:\d+.*--port"):
            listen(world.app, "127.0.0.1", taken.getsockname()[1])
