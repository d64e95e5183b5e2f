"""The index of queues has a condition of its own: PostgreSQL took another one for it, and compared each post with each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    anew("ended_at IS NULL")


def downgrade() -> None:
    anew("state IN ('pending', 'sending')")


def anew(condition: str) -> None:
    where = sa.text(condition)
    op.drop_index("ix_outbox_queue", "outbox")
    op.create_index("ix_outbox_queue", "outbox", ["queue", "seq"], sqlite_where=where, postgresql_where=where)
