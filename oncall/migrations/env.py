"""Alembic's entry: runs the migrations on the connection it is handed, or opens ONCALL_DATABASE_URL the one right way."""

import os
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from oncall import store
from oncall.rota_mark import database_url
from oncall.tables import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    url = database_url(Path("config.yaml"), os.environ)
    with store.open_engine(url).begin() as opened:
        run(opened)
