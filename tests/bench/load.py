"""Post tickets at a steady rate and compare when each was posted with when its request reached the provider."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What one load came to. Times in milliseconds from the first byte of the POST to the provider's door."""

    posted: int
    lost: int
    twice: int
    p50: float
    p99: float
    worst: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:7.1f} ms   p99 {self.p99:7.1f} ms   worst {self.worst:7.1f} ms"
            f"   {self.posted} posted, {self.lost} lost, {self.twice} twice"
        )


def measure(port: int, vendor_port: int, *, rate: float, seconds: float, token: str) -> Figures:
    """Post `rate` tickets a second for `seconds` (an open loop on 8 connections) and return the figures.

    Each ticket names a type of its own, and with it whom it wakes.
    """
    _clear(vendor_port)
    posted: dict[str, float] = {}
    total = round(rate * seconds)
    start = time.monotonic() + 0.2
    lanes = [
        threading.Thread(
            target=_lane, args=(port, token, start, rate, range(lane, total, 8), posted)
        )
        for lane in range(8)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    arrivals = _settled(vendor_port, total)
    delays = sorted(1000 * (arrivals[ref][0] - at) for ref, at in posted.items() if ref in arrivals)
    return Figures(
        posted=len(posted),
        lost=total - len(delays),
        twice=sum(len(times) > 1 for times in arrivals.values()),
        p50=percentile(delays, 50),
        p99=percentile(delays, 99),
        worst=delays[-1],
    )


def percentile(ordered: list[float], percent: float) -> float:
    """Return the `percent` percentile of an ordered list."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _lane(
    port: int, token: str, start: float, rate: float, numbers: range, posted: dict[str, float]
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    for number in numbers:
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        body = json.dumps({"subject": f"Guests locked out {number}", "type": f"door-{number}"})
        at = time.monotonic()
        line.request("POST", "/api/v1/tickets", body, headers)
        answer = json.loads(line.getresponse().read())
        posted[str(answer["id"])] = at


def _settled(vendor_port: int, total: int) -> dict[str, list[float]]:
    """Wait until the provider has heard of every ticket, or has heard nothing new for 3 s."""
    seen, quiet_since = -1, time.monotonic()
    while time.monotonic() - quiet_since < 3:
        arrivals: dict[str, list[float]] = json.loads(_ask(vendor_port, "GET", "/arrivals"))
        if len(arrivals) != seen:
            seen, quiet_since = len(arrivals), time.monotonic()
        if seen >= total:
            time.sleep(1)
            return dict(json.loads(_ask(vendor_port, "GET", "/arrivals")))
        time.sleep(0.2)
    return arrivals


def _clear(vendor_port: int) -> None:
    _ask(vendor_port, "DELETE", "/arrivals")


def _ask(port: int, method: str, path: str) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request(method, path)
    return line.getresponse().read()
