"""Bring a database to the schema of this program, or refuse one that is newer. Never loses a row."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from oncall.errors import StoreTooNew

SCRIPTS = Path(__file__).parent / "migrations"
HEAD = "0002"
"""The schema of this program: the newest script in `migrations/versions`."""
LOCK = 0x0CA11
"""Key of PostgreSQL's advisory lock; any number nobody else uses."""


def upgrade(database: Engine) -> None:
    """Migrate `database` to `HEAD` in one transaction; raises `StoreTooNew` when it is newer than that."""
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Processes that start together migrate one after the other; SQLite's write lock sees to it there.
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if revision_of(connection) != HEAD:
            _run_scripts(connection)


def is_current(connection: Connection) -> bool:
    """Say whether the database has the schema of this program."""
    return revision_of(connection) == HEAD


def revision_of(connection: Connection) -> str | None:
    """Return the schema a database has, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(
        text("select version_num from alembic_version")
    ).scalar()
    return revision


def _run_scripts(connection: Connection) -> None:
    # Alembic takes 150 ms and 11 MB, and most starts find nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreTooNew(
            f"this database has schema {revision_of(connection)}, which is newer than this program knows;"
            " install the newer program, or restore the backup made before the upgrade"
        ) from None
