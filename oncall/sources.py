"""The ticket sources and their bearer tokens; only a token's SHA-256 is ever stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from oncall import timeline
from oncall.errors import NotFound
from oncall.tables import ApiToken, Base

PREFIX = "oct_"
"""Marks our tokens, so that a secret scanner recognises one that leaked."""


TOKENS: Table = Base.metadata.tables[ApiToken.__tablename__]
LIVE = select(TOKENS.c.source).where(
    TOKENS.c.digest == bindparam("digest"), TOKENS.c.revoked_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class SourceToken:
    """One token as an admin sees it: never the secret itself."""

    id: int
    source: str
    created_at: datetime
    revoked_at: datetime | None


def add(session: Session, source: str, *, by: str, now: datetime) -> str:
    """Make a token for `source` and return it; it cannot be shown again. Earlier tokens stay valid."""
    token = PREFIX + secrets.token_urlsafe(24)
    session.execute(
        insert(ApiToken).values(
            source=source, digest=_digest(token), created_at=now, revoked_at=None
        )
    )
    timeline.audit(session, now, by, "source.token_added", source=source)
    return token


def source_of(session: Session, token: str) -> str | None:
    """Return the source whose live token this is, None for every other."""
    source: str | None = session.execute(LIVE, {"digest": _digest(token)}).scalar()
    return source


def every_token(session: Session) -> tuple[SourceToken, ...]:
    """Return all tokens, live and revoked, by source and age."""
    rows = session.scalars(select(ApiToken).order_by(ApiToken.source, ApiToken.id))
    return tuple(SourceToken(row.id, row.source, row.created_at, row.revoked_at) for row in rows)


def revoke(session: Session, token_id: int, *, by: str, now: datetime) -> str:
    """Revoke one token at once and return its source; raises `NotFound` when no live token has this id."""
    source: str | None = session.scalar(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiToken.source)
    )
    if source is None:
        raise NotFound(f"there is no live token {token_id}; `oncall sources list` shows them")
    timeline.audit(session, now, by, "source.token_revoked", source=source, token=token_id)
    return source


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
