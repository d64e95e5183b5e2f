"""Loops, questions that a model wrote for somebody, and what people told of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, owned in (("loop", True), ("coined", True), ("background", False)):
        op.create_table(
            name,
            sa.Column("key", AutoString(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("body", sa.Text(), nullable=False),
            *((sa.Column("person", AutoString(), nullable=False),) if owned else ()),
            sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
        )
        if owned:
            op.create_index(f"ix_{name}_person", name, ["person"])


def downgrade() -> None:
    for name in ("background", "coined", "loop"):
        op.drop_table(name)
