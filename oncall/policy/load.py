"""From YAML text to a checked `Policy`, or to all findings at once."""

from __future__ import annotations

from dataclasses import dataclass

from oncall.policy.findings import Finding
from oncall.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that may be used, with the warnings it earned."""

    policy: Policy
    text: str
    warnings: tuple[Finding, ...]


def parse(text: str, *, source: str = "config.yaml") -> Loaded:
    """Return the policy in `text`; raises `PolicyError` with every finding when there is an error among them."""
    raise NotImplementedError
