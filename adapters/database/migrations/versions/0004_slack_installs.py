"""Slack workspaces that let us in, and those on their way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_install",
        sa.Column("team", AutoString(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", name="pk_slack_install"),
    )
    op.create_table(
        "oauth_state",
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_oauth_state"),
    )
    op.create_index("ix_oauth_state_until", "oauth_state", ["until"])


def downgrade() -> None:
    op.drop_table("oauth_state")
    op.drop_table("slack_install")
