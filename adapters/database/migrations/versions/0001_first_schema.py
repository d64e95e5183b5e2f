"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWED = "state IN ('pending', 'sending')"


def column(name: str, type_: type[Any], *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type_(), nullable=null)


def words(*names: str) -> list[sa.Column[Any]]:
    return [column(name, AutoString) for name in names]


def record(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        *words("key"),
        column("version", sa.Integer),
        column("body", sa.Text),
        *columns,
        sa.PrimaryKeyConstraint("key", name=f"pk_{name}"),
    )


def numbered(name: str, unique: str, *columns: sa.Column[Any], never_twice: bool = False) -> None:
    op.create_table(
        name,
        column("seq", sa.Integer),
        *columns,
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
        sa.UniqueConstraint(unique, name=f"uq_{name}_{unique}"),
        sqlite_autoincrement=never_twice,
    )


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def only_where(name: str, table: str, columns: list[str], where: str, sqlite: str | None = None) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(sqlite or where), postgresql_where=sa.text(where))


def upgrade() -> None:
    record("profile")
    record("space")
    record("conversation", *words("person"), column("place", AutoString, null=True), column("live", sa.Boolean))
    record("interview", *words("person", "space", "stage"))
    record(
        "attempt",
        *words("person", "space", "question", "source"),
        column("occurrence", AutoString, null=True),
        column("at", UTCDateTime),
    )
    record("weakness", *words("person", "question", "status"), column("due_at", UTCDateTime))
    record("story", *words("person"), column("at", UTCDateTime))
    record("timer", *words("person"), column("due_at", UTCDateTime))
    record("drill", *words("owner_key"), column("next_due_at", UTCDateTime, null=True))
    record("occurrence", *words("drill"), column("due_at", UTCDateTime), *words("status"))

    index("conversation", "person")
    index("conversation", "place")
    only_where("ix_conversation_live", "conversation", ["place"], "live", sqlite="live = 1")
    index("interview", "person")
    index("attempt", "person", "at")
    index("attempt", "person", "question")
    only_where("ix_attempt_occurrence", "attempt", ["occurrence", "source", "person"], "occurrence IS NOT NULL")
    index("weakness", "person", "status", "due_at")
    index("weakness", "person", "question")
    index("story", "person", "at")
    index("timer", "person")
    index("timer", "due_at")
    index("drill", "owner_key")
    only_where("ix_drill_next_due_at", "drill", ["next_due_at"], "next_due_at IS NOT NULL")
    index("occurrence", "drill", "due_at")

    numbered(
        "inbox",
        "id",
        *words("id", "state"),
        column("person", AutoString, null=True),
        column("attempts", sa.Integer),
        column("why", AutoString, null=True),
        column("received_at", UTCDateTime),
        column("body", sa.Text, null=True),
    )
    only_where("ix_inbox_waiting", "inbox", ["seq"], "state = 'waiting'")
    only_where("ix_inbox_person", "inbox", ["person"], "person IS NOT NULL")
    index("inbox", "received_at")

    numbered(
        "outbox",
        "key",
        *words("key", "state", "queue", "platform"),
        column("person", AutoString, null=True),
        column("conversation", AutoString, null=True),
        column("opens", sa.Boolean),
        column("replaces", AutoString, null=True),
        column("bulk", sa.Boolean),
        column("passing", sa.Boolean),
        column("until", UTCDateTime, null=True),
        column("attempts", sa.Integer),
        column("uncertain", sa.Boolean),
        column("first_attempt_at", UTCDateTime, null=True),
        column("not_before", UTCDateTime),
        column("owed_at", UTCDateTime),
        column("receipt_place", AutoString, null=True),
        column("receipt_id", AutoString, null=True),
        column("ended_at", UTCDateTime, null=True),
        column("why", AutoString, null=True),
        column("body", sa.Text, null=True),
        never_twice=True,
    )
    only_where("ix_outbox_queue", "outbox", ["queue", "seq"], OWED)
    only_where("ix_outbox_turn", "outbox", ["bulk", "seq"], OWED)
    only_where("ix_outbox_due", "outbox", ["not_before"], OWED)
    only_where("ix_outbox_replaces", "outbox", ["replaces", "seq"], "replaces IS NOT NULL")
    only_where("ix_outbox_person", "outbox", ["person"], "person IS NOT NULL")
    only_where("ix_outbox_fading", "outbox", ["ended_at"], "body IS NOT NULL AND ended_at IS NOT NULL")

    numbered(
        "page_entry",
        "id",
        *words("id", "person"),
        column("only", AutoString, null=True),
        column("about", AutoString, null=True),
        column("body", sa.Text),
        never_twice=True,
    )
    for name in ("person", "only", "about"):
        index("page_entry", name)
    numbered("page_person", "key", *words("key"), column("body", sa.Text))

    op.create_table("lease", *words("place", "owner"), column("until", UTCDateTime), sa.PrimaryKeyConstraint("place", name="pk_lease"))


def downgrade() -> None:
    for name in (
        "lease page_person page_entry outbox inbox occurrence drill timer story weakness attempt interview conversation space profile"
    ).split():
        op.drop_table(name)
