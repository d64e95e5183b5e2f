"""Alembic's entry: runs the migrations on the connection that `adapters.database.migrate` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from adapters.database.tables import Base

LOCK = 7_305_201_482
"""PostgreSQL's advisory lock: several processes may start at once, one of them migrates."""


def run(connection: Connection) -> None:
    """In one transaction: all of it or nothing."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        context.run_migrations()


run(context.config.attributes["connection"])
