"""Run the product as its operator does: real processes, a real port, Twilio's stand-in at the other end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.twilio_stand_in.stand_in import TwilioStandIn
from tests.world import EXAMPLE


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    """A company in a folder: its policy (seconds instead of minutes), its environment, its processes."""

    folder: Path
    port: int
    twilio: TwilioStandIn
    database_url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ONCALL_CONFIG": str(self.folder / "config.yaml"),
            "ONCALL_DATABASE_URL": self.database_url,
            "ONCALL_SECRET_KEY": "a secret of the tests",
            "TWILIO_ACCOUNT_SID": self.twilio.account,
            "TWILIO_AUTH_TOKEN": self.twilio.token,
        }

    def write_policy(self, change: Callable[[dict[str, Any]], None] = lambda policy: None) -> None:
        """Write the example policy with short waits and Twilio at the stand-in, then let `change` alter it."""
        # BaseLoader makes text only, as our own loader does.
        policy = yaml.load(EXAMPLE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
        policy["company"]["url"] = self.url
        for person in policy["people"].values():
            person["notify"] = {"urgent": ["sms now", "call 1s"], "normal": ["email now"]}
        policy["escalation"]["urgent"]["steps"] = [
            {"to": "emergency-phone", "wait": "3s"},
            {"to": "emergency-phone.backup", "wait": "3s"},
            {"to": "support", "wait": "3s"},
            {"to": "omar", "wait": "1h"},
        ]
        policy["integrations"] = {
            "twilio": {
                "account": "${TWILIO_ACCOUNT_SID}",
                "token": "${TWILIO_AUTH_TOKEN}",
                "sms_from": {"default": "+12025550100"},
                "api_base": self.twilio.url,
            }
        }
        change(policy)
        text = yaml.safe_dump(policy, allow_unicode=True, sort_keys=False)
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `oncall words` in the background."""
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "oncall", *words],
                env=self.environment,
                cwd=Path(__file__).parent.parent,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        """Start `oncall serve` and wait until it answers."""
        process = self.start("serve", "--port", str(self.port))
        self.wait_until_ready()
        return process

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `oncall words` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "oncall", *words],
            env=self.environment,
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def wait_until_ready(self, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310 (our own port)
                    return
            except urllib.error.HTTPError as error:
                error.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def post_ticket(self, **body: Any) -> int:
        """Post a ticket with a new source token; return its number."""
        token = self.run("sources", "add", "helpdesk").stdout.strip()
        request = urllib.request.Request(  # noqa: S310 (our own port)
            f"{self.url}/api/v1/tickets",
            data=json.dumps({"subject": "Guests locked out", **body}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            number: int = json.load(answer)["id"]
            return number

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Pull the plug."""
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def close(self) -> None:
        """End every process that still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=5)
