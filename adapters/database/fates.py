"""What became of posts, and taking back those that nobody has tried to send yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, literal_column, select

from adapters.database.owed import rows, waits
from core.errors import Stale
from core.ports import Fate

FATES = select(rows.c.key, rows.c.state, rows.c.why).where(rows.c.key.in_(bindparam("keys", expanding=True)))
UNTRIED = (
    rows.c.queue == bindparam("its_conversation"),
    waits(rows),
    rows.c.state == literal_column("'pending'"),
    rows.c.attempts == literal_column("0"),
)
RECALL = delete(rows).where(*UNTRIED)
TRIED = select(rows.c.seq).where(rows.c.queue == bindparam("its_conversation"), waits(rows)).limit(1)


def fates(connection: Connection, keys: Sequence[str]) -> dict[str, Fate]:
    """Of the posts with these keys, those that are known."""
    if not keys:
        return {}
    return {row.key: Fate(row.state, row.why or "") for row in connection.execute(FATES, {"keys": list(keys)})}


def recall(connection: Connection, conversation: str) -> None:
    """Nothing of this conversation is owed any more. Stale where some of it is being sent, or was tried."""
    connection.execute(RECALL, {"its_conversation": conversation})
    if connection.execute(TRIED, {"its_conversation": conversation}).first():
        raise Stale("some of it is being sent already")
