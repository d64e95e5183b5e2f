"""Lanes of messages, the channels that posts land in, attempts without an answer; leases that cost no wait for the disk.

What waits at this moment has none of these: it is taken up by whoever finds it, and paced when it is sent.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

waiting = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.add_column("inbox", sa.Column("lane", AutoString(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("space", AutoString(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("channel", AutoString(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_inbox_lane", "inbox", ["lane", "seq"], sqlite_where=waiting, postgresql_where=waiting)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE lease SET UNLOGGED")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE lease SET LOGGED")
    op.drop_index("ix_inbox_lane", "inbox")
    op.drop_column("inbox", "lane")
    for name in ("space", "channel", "doubts"):
        op.drop_column("outbox", name)
