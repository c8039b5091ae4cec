"""The ledger is never edited: the database itself refuses to change or remove an entry or a posted turn.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("ledger_entries", "posted_turns")
WORDS = "the ledger is never edited: write a reversing entry instead"


def upgrade() -> None:
    """Put the guards in front of both tables."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for deed in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_no_{deed} before {deed} on {table} "
                    f"begin select raise(abort, '{WORDS}'); end"
                )
        return
    op.execute(
        "create function ledger_is_never_edited() returns trigger language plpgsql as "
        f"$$ begin raise exception '{WORDS}' using errcode = 'integrity_constraint_violation'; end $$"
    )
    for table in TABLES:
        op.execute(
            f"create trigger {table}_no_change before update or delete or truncate on {table} "
            "for each statement execute function ledger_is_never_edited()"
        )


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for deed in ("update", "delete"):
                op.execute(f"drop trigger {table}_no_{deed}")
        return
    for table in TABLES:
        op.execute(f"drop trigger {table}_no_change on {table}")
    op.execute("drop function ledger_is_never_edited()")
