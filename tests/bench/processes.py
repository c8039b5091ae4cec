"""Start and end the processes of a bench, each in its own folder, and read what the kernel says of them."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tests.world import EXAMPLE


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    *arguments: str, ready: int | None = None, env: Mapping[str, str] | None = None, path: str = "/"
) -> Iterator[int]:
    """Run `python arguments`, wait until port `ready` answers `path`, and yield its process id."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, **(env or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if ready is not None:
            wait_for(ready, path)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int, path: str, seconds: float = 20) -> None:
    """Wait until `path` on `port` answers anything; raises `TimeoutError`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", path)
            line.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answered on port {port}")


def write_company(folder: Path, *, port: int, vendor_port: int, recipients: int = 0) -> Path:
    """Write the bench company: one SMS per ticket, Twilio at `vendor_port`.

    Tickets of type `door-N` wake somebody of their own as long as N is below `recipients`, any other the holder.
    """
    policy = yaml.load(EXAMPLE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 (BaseLoader makes text only)
    policy["company"]["url"] = f"http://127.0.0.1:{port}"
    policy["people"]["ana"]["notify"] = {"urgent": ["sms now"]}
    own = {f"person-{number}": _somebody(number) for number in range(recipients)}
    policy["people"] |= own
    policy["escalation"]["urgent"]["steps"] = [
        {"to": "emergency-phone", "wait": "2h"},
        {"to": "emergency-phone.backup"},
    ]
    policy["escalation"]["types"] = {
        f"door-{number}": {"urgent": {"steps": [{"to": name, "wait": "2h"}]}}
        for number, name in enumerate(own)
    }
    policy["integrations"] = {
        "twilio": {
            "account": "${BENCH_ACCOUNT}",
            "token": "${BENCH_TOKEN}",
            "sms_from": {"default": "+12025550100"},
            "api_base": f"http://127.0.0.1:{vendor_port}",
        }
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _somebody(number: int) -> dict[str, object]:
    # 555-01xx belongs to nobody in any area code.
    return {
        "name": f"Person {number}",
        "phone": f"+1{203 + number // 100}55501{number % 100:02d}",
        "notify": {"urgent": ["sms now"]},
    }


def environment(config: Path, database_url: str) -> dict[str, str]:
    """Return what the product needs to start on the bench company."""
    return {
        "ONCALL_CONFIG": str(config),
        "ONCALL_DATABASE_URL": database_url,
        "ONCALL_SECRET_KEY": "the key of the bench company",
        "BENCH_ACCOUNT": "AC" + "b" * 32,
        "BENCH_TOKEN": "c" * 32,
    }


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
