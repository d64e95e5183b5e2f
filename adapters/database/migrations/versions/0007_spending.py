"""What the model cost, a day and a person, space or everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spending",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("who", AutoString(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("dollars", sa.Float(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_spending"),
    )
    op.create_index("ix_spending_day", "spending", ["day"])
    op.create_index("ix_spending_who", "spending", ["who"])


def downgrade() -> None:
    op.drop_table("spending")
