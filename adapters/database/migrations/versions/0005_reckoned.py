"""Which calendar data due dates were worked out from; and a drill remembers itself what it asked lately."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

drill = sa.table("drill", sa.column("key"), sa.column("body"))
occurrence = sa.table("occurrence", sa.column("drill"), sa.column("body"), sa.column("due_at"))


def upgrade() -> None:
    op.create_table(
        "reckoned",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_reckoned"),
    )
    connection = op.get_bind()
    for key, body in connection.execute(sa.select(drill.c.key, drill.c.body)).all():
        past = sa.select(occurrence.c.body).where(occurrence.c.drill == key).order_by(occurrence.c.due_at.desc()).limit(60)
        days = [json.loads(item) for item in connection.execute(past).scalars()]
        asked = {day["question"]: day["day"] for day in reversed(days) if day["status"] != "skipped"}
        changed = json.dumps({**json.loads(body), "asked": asked}, ensure_ascii=False)
        connection.execute(sa.update(drill).where(drill.c.key == key).values(body=changed))


def downgrade() -> None:
    op.drop_table("reckoned")
