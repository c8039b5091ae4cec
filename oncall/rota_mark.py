"""Say which state of the rota a database holds, at once: for a quick `who`, without the weight of SQLAlchemy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

QUESTION = "select coalesce(max(id), 0) from rota_changes"
PATIENCE = 2
"""Seconds a database has to answer before the slow way is taken, which says what is wrong."""


def database_url(config: Path, environ: Mapping[str, str]) -> str:
    """Return the database `environ` names (ONCALL_DATABASE_URL), else the SQLite file beside the policy file."""
    return environ.get("ONCALL_DATABASE_URL") or f"sqlite:///{config.resolve().with_suffix('.db')}"


def is_missing(url: str) -> bool:
    """Say whether `url` names an SQLite file that does not exist: then nobody changed the rota yet."""
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()


def mark_of(url: str) -> str | None:
    """Return what tells one state of the rota from another; None when the database does not say."""
    try:
        version = 0 if is_missing(url) else _version(url)
    except Exception:  # noqa: BLE001 (two drivers with errors of their own; whatever it is, the slow way will tell)
        return None
    return mark(url, version)


def mark(url: str, version: int) -> str:
    """Return the mark of a database whose rota has this version; it shows nothing of the address."""
    return f"{hashlib.sha256(url.encode()).hexdigest()[:16]}:{version}"


def _version(url: str) -> int:
    if url.startswith("sqlite:///"):
        return _sqlite_version(url.removeprefix("sqlite:///"))
    return _postgresql_version(url.replace("postgresql+psycopg://", "postgresql://", 1))


def _sqlite_version(path: str) -> int:
    from pysqlite3 import dbapi2  # noqa: PLC0415 (absent on machines that use PostgreSQL only)

    connection = dbapi2.connect(
        f"{Path(path).resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE
    )
    try:
        return int(connection.execute(QUESTION).fetchone()[0])
    finally:
        connection.close()


def _postgresql_version(url: str) -> int:
    import psycopg  # noqa: PLC0415 (absent on machines that use SQLite only)

    with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
        row = connection.execute(QUESTION).fetchone()
    return int(row[0]) if row else 0
