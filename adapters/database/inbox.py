"""Messages between the door and their commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, literal_column, not_, select, update

from adapters.database.engine import Engine
from adapters.database.statements import Inserting, given, run, several, table
from adapters.database.tables import InboxRow, LeaseRow
from core.chat import Message
from core.errors import Stale
from core.lanes import lane_of
from core.ports import Clock

rows = table(InboxRow)
mine = rows.c.id == bindparam("its_id")
leases = table(LeaseRow)
waits = rows.c.state == literal_column("'waiting'")
"""Said letter for letter, as the partial index says it."""

INSERT = Inserting(rows, "id")
OLDEST = select(rows.c.body).where(waits).order_by(rows.c.seq).limit(bindparam("most"))
OLDEST_OF_LANE = OLDEST.where(rows.c.lane == bindparam("its_lane"))
LEFT = OLDEST.where(
    rows.c.received_at <= bindparam("since"),
    not_(exists(select(1).where(leases.c.place == rows.c.lane, leases.c.until > bindparam("now")))),
)
WAITS = select(rows.c.seq).where(mine, waits)
DONE = update(rows).where(mine, waits).values(state="done", body=None, person=None, why=None)
LINES = given({"its_id": rows.c.id.type})
DONE_MANY = update(rows).where(rows.c.id == LINES.c.its_id, waits).values(state="done", body=None, person=None, why=None)
FAILED = update(rows).where(mine, waits).values(attempts=rows.c.attempts + 1, why=bindparam("reason")).returning(rows.c.attempts)
BURY = update(rows).where(mine, waits).values(state="dead")


def row_of(message: Message, now: datetime) -> dict[str, Any]:
    """The row of a message that has just come in."""
    return {
        "id": message.id,
        "state": "waiting",
        "lane": lane_of(message),
        "person": message.author.key,
        "attempts": 0,
        "received_at": now,
        "body": message.model_dump_json(),
    }


def done(connection: Connection, ids: Sequence[str]) -> None:
    """They are dealt with: only their ids stay. Stale where one already was, or was erased."""
    if several(connection, [{"its_id": id} for id in ids], DONE, DONE_MANY) != len(ids):
        raise Stale("the message was dealt with already, or erased")


def pends(connection: Connection, id: str) -> None:
    """Stale where it does not wait any more."""
    if connection.execute(WAITS, {"its_id": id}).first() is None:
        raise Stale("the message was dealt with already, or erased")


class SqlInbox:
    """Implements `core.ports.Inbox`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def receive(self, message: Message) -> bool:
        """Store it; False where its id is known. On the disk when this returns."""
        row = row_of(message, self._clock.now())
        return await self._engine.write(lambda connection: INSERT.run(connection, [row])) == 1

    async def waiting(self, limit: int, *, lane: str | None = None) -> Sequence[Message]:
        """Stored and not done, in the order they came in."""
        if lane is None:
            return await self._read(OLDEST, {"most": limit})
        return await self._read(OLDEST_OF_LANE, {"most": limit, "its_lane": lane})

    async def left(self, limit: int, *, now: datetime, since: datetime) -> Sequence[Message]:
        """Those that nobody works on."""
        return await self._read(LEFT, {"most": limit, "now": now, "since": since})

    async def _read(self, asked: Select[Any], values: dict[str, Any]) -> list[Message]:
        def read(connection: Connection) -> list[Message]:
            return [Message.model_validate_json(body) for body in connection.execute(asked, values).scalars()]

        return await self._engine.read(read)

    async def waits(self, message: Message) -> bool:
        """Whether it is stored and not done."""
        return await self._engine.read(lambda connection: connection.execute(WAITS, {"its_id": message.id}).first() is not None)

    async def failed(self, message: Message, why: str) -> int:
        """Note a failed attempt; the number of attempts so far, 0 where the message is not waiting any more."""
        values = {"its_id": message.id, "reason": why}
        return await self._engine.write(lambda connection: connection.execute(FAILED, values).scalar() or 0)

    async def bury(self, message: Message) -> None:
        """Give up on it. Retention takes its text after a day."""
        await self._engine.write(lambda connection: run(connection, BURY, [{"its_id": message.id}]))
