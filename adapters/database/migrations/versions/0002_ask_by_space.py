"""Drills are asked for by their space, points that come back by when they were asked."""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

drill = sa.table("drill", sa.column("key"), sa.column("body"), sa.column("space"))
weakness = sa.table("weakness", sa.column("key"), sa.column("body"), sa.column("asked_at", UTCDateTime()))


def upgrade() -> None:
    op.add_column("drill", sa.Column("space", AutoString(), nullable=True))
    op.add_column("weakness", sa.Column("asked_at", UTCDateTime(), nullable=True))
    op.create_index("ix_drill_space", "drill", ["space"])
    where = sa.text("asked_at IS NOT NULL")
    op.create_index("ix_weakness_asked_at", "weakness", ["person", "asked_at"], sqlite_where=where, postgresql_where=where)
    connection = op.get_bind()
    for key, body in connection.execute(sa.select(drill.c.key, drill.c.body)).all():
        place = json.loads(body)["place"]
        space = f"{place['platform']}/{place['space']}"
        connection.execute(sa.update(drill).where(drill.c.key == key).values(space=space))
    for key, body in connection.execute(sa.select(weakness.c.key, weakness.c.body)).all():
        asked = json.loads(body).get("asked_at")
        if asked:
            connection.execute(sa.update(weakness).where(weakness.c.key == key).values(asked_at=datetime.fromisoformat(asked)))


def downgrade() -> None:
    op.drop_index("ix_weakness_asked_at", "weakness")
    op.drop_index("ix_drill_space", "drill")
    op.drop_column("weakness", "asked_at")
    op.drop_column("drill", "space")
