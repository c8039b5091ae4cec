"""Bring a database to the schema of this program, or refuse one that is newer. Never loses a row."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine

from oncall.errors import StoreTooNew

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Engine) -> None:
    """Migrate `database` to the newest schema in one transaction; raises `StoreTooNew` when it is newer than that."""
    with database.begin() as connection:
        if is_current(connection):
            return
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Say whether the database has the schema of this program; raises `StoreTooNew` when it is newer."""
    scripts = ScriptDirectory(str(SCRIPTS))
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return False
    try:
        scripts.get_revision(revision)
    except CommandError:
        raise StoreTooNew(
            f"this database has schema {revision}, which is newer than this program knows;"
            " install the newer program, or restore the backup made before the upgrade"
        ) from None
    return revision == scripts.get_current_head()
