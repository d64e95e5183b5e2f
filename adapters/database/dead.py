"""Posts that were given up, for whoever runs this to look at: where, when and why, never what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select

from adapters.database.migrate import once
from adapters.database.owed import rows

is_dead = rows.c.state == literal_column("'dead'")
NEWEST = (
    select(rows.c.ended_at, rows.c.channel, rows.c.queue, rows.c.key, rows.c.attempts, rows.c.why)
    .where(is_dead)
    .order_by(rows.c.seq.desc())
    .limit(bindparam("most"))
)
COUNT = select(func.count()).where(is_dead)


@dataclass(frozen=True)
class Dead:
    """One of them."""

    at: datetime
    where: str
    key: str
    attempts: int
    why: str


def dead_posts(url: str, most: int = 20) -> tuple[int, Sequence[Dead]]:
    """How many there are, and the newest of them. Also while another process has the file."""

    def read(connection: Connection) -> tuple[int, list[Dead]]:
        found = connection.execute(NEWEST, {"most": most}).all()
        newest = [Dead(row.ended_at, row.channel or row.queue, row.key, row.attempts, row.why or "") for row in found]
        return connection.execute(COUNT).scalar_one(), newest

    return once(url, read, reading=True)
