"""The policy in force and every version accepted before it, with what people changed about themselves laid over.

Reads and writes `policy_versions`; never the file.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from oncall.errors import PolicyError
from oncall.policy import edits
from oncall.policy.edits import Edits
from oncall.policy.load import parse
from oncall.policy.model import Policy
from oncall.tables import PolicyVersion

log = structlog.get_logger()


class Shelf:
    """Holds the current policy in memory and fetches older versions once each."""

    def __init__(self, text: str, policy: Policy) -> None:
        self.text = text
        self.written = policy
        """As the file says, without what people changed about themselves."""
        self.current = policy
        self.edits = Edits()
        self._versions: dict[int, Policy] = {}
        self._laid: dict[int, Policy] = {}
        self._current_id: int | None = None

    def refresh(self, session: Session, *, seen: int | None = None) -> None:
        """Lay over what people changed about themselves; `seen` is the version of that, where the caller knows it.

        Costs one small question while nobody changed anything, and none where `seen` says so.
        """
        if (edits.version(session) if seen is None else seen) == self.edits.version:
            return
        self.edits = edits.read(session)
        self.current = self.edits.over(self.written)
        self._laid = {self._current_id: self.current} if self._current_id is not None else {}

    def accept(self, session: Session, *, author: str, now: datetime) -> int:
        """Store the current text as a version unless it already is one; return its id."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        row = _version(session, digest)
        if row is None:
            try:
                with session.begin_nested():
                    row = PolicyVersion(
                        digest=digest, text=self.text, accepted_at=now, author=author
                    )
                    session.add(row)
            except IntegrityError:
                # Another process started with the same file at the same moment.
                row = _version(session, digest)
                if row is None:
                    raise
        self._current_id = row.id
        self._versions[row.id] = self.written
        self._laid[row.id] = self.current
        return row.id

    def current_id(self) -> int:
        """Return the id of the version in force; `accept` must have run."""
        if self._current_id is None:
            raise RuntimeError("the policy was not accepted into the store yet")
        return self._current_id

    def version(self, session: Session, version_id: int) -> Policy:
        """Return the policy as it was in version `version_id`, with people's own settings of today.

        Today's policy when this program cannot read that one.
        """
        found = self._laid.get(version_id)
        if found is None:
            if version_id not in self._versions:
                self._versions[version_id] = self._read(session, version_id)
            found = self._laid[version_id] = self.edits.over(self._versions[version_id])
        return found

    def _read(self, session: Session, version_id: int) -> Policy:
        row = session.get_one(PolicyVersion, version_id)
        try:
            return parse(row.text, source=f"version {version_id}").policy
        except PolicyError:
            # Written for a version of this program that knew other keys: better today's rules than none.
            log.error("policy.version_unreadable", version=version_id)
            return self.written


def _version(session: Session, digest: str) -> PolicyVersion | None:
    return session.scalar(select(PolicyVersion).where(PolicyVersion.digest == digest))
