"""Who does not use Twilio does not pay for its client."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["notifiers", "notifiers.settings", "notifiers.simulator", "notifiers.mail"]
)
def test_a_program_without_twilio_never_loads_its_client(module: str) -> None:
    script = f"import sys, {module}; sys.exit('twilio' in sys.modules or 'requests' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
