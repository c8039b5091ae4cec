"""The exceptions a caller of `oncall` can act on; never raised for what a page or command can simply show.

OncallError
├── PolicyError            the policy file was refused; carries every finding
├── SettingsError          an environment variable or start-up choice is missing or wrong
├── StoreError             the database cannot be used as it is
│   ├── StoreTooNew        it was written by a newer version of this program
│   └── StoreBusy          another engine already holds this SQLite file
├── UnknownTeam            a ticket names a team that the policy does not have
├── NotFound               no such ticket, page, link or person
├── NotAllowed             it is not theirs to do
├── Refused                days off that cannot be had; lives in `oncall.ledger.asking`, with the reason
└── Conflict               what was seen has changed meanwhile, or the rules do not allow it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oncall.policy.findings import Finding


class OncallError(Exception):
    """Base of everything this package raises on purpose; its text is fit for a person to read."""


class PolicyError(OncallError):
    """The policy file was refused. `findings` holds every finding, errors and warnings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SettingsError(OncallError):
    """An environment variable or a start-up choice is missing or wrong; the text names it."""


class StoreError(OncallError):
    """The database cannot be used as it is; the text says what to do."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of this program."""


class StoreBusy(StoreError):
    """Another engine process already serves this SQLite file."""


class NotFound(OncallError):
    """No such ticket, page, link or person."""


class Conflict(OncallError):
    """What somebody wants cannot be done as things stand now; the text says why and what to do instead.

    `code` names the reason for whoever says it in another language; `fact` fills the hole of its sentence.
    """

    def __init__(self, text: str, code: str = "", fact: object = "") -> None:
        self.code = code
        self.fact = fact
        super().__init__(text)


class NotAllowed(OncallError):
    """Somebody tried what is not theirs to do: deciding their own request, cancelling somebody else's."""


class UnknownTeam(OncallError):
    """A ticket names a team that the policy does not have; the text lists those it has."""
