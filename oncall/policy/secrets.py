"""Secrets are named in the policy and kept in the environment. Looks a value up when it is used; stores none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oncall.errors import SettingsError
from oncall.policy.addresses import secret_name
from oncall.policy.document import Document
from oncall.policy.findings import Finding, Note, Path, Severity
from oncall.policy.model import Policy

PLACES: tuple[Path, ...] = (
    ("integrations", "twilio", "account"),
    ("integrations", "twilio", "token"),
    ("integrations", "email", "user"),
    ("integrations", "email", "password"),
)
"""Where the file names a secret."""


def reveal(value: str, environ: Mapping[str, str]) -> str:
    """Return the secret behind `${NAME}`; raises `SettingsError` naming the variable when it is not set."""
    name = secret_name(value)
    if name is None:
        raise SettingsError("a secret must be written as ${NAME} in the policy file")
    found = environ.get(name, "")
    if not found:
        raise SettingsError(f"{name} is not set in this environment")
    return found


def unset(policy: Policy, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables the policy names and the environment does not hold, each once."""
    names = (secret_name(value) or "" for _, value in named(policy))
    return tuple(dict.fromkeys(name for name in names if not environ.get(name)))


def named(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield the path and the written `${NAME}` of every secret the policy names."""
    for path in PLACES:
        service = getattr(policy.integrations, str(path[1]))
        value = getattr(service, str(path[2]), None)
        if value is not None:
            yield path, value


def unset_findings(
    policy: Policy, document: Document, environ: Mapping[str, str], severity: Severity
) -> list[Finding]:
    """Return a finding for every secret the policy names and the environment does not hold."""
    missing = unset(policy, environ)
    return [
        document.finding(
            Note(
                "env",
                path,
                f"{value} is not set in this environment.",
                fix=f"set {secret_name(value)} where the program starts.",
                severity=severity,
            )
        )
        for path, value in named(policy)
        if secret_name(value) in missing
    ]
