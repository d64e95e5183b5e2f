"""The store: everything that survives a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import func, select

from adapters.database import records
from adapters.database.engine import Engine
from adapters.database.erasing import fade
from adapters.database.inbox import SqlInbox
from adapters.database.leases import SqlLeases
from adapters.database.outbox import SqlOutbox
from adapters.database.owed import BACKLOG, Backlog
from adapters.database.postgres import PostgresEngine
from adapters.database.sqlite import SqliteEngine
from adapters.database.unit import SqlUnit
from adapters.database.url import SqliteFile, read_url
from core.ports import Clock, Inbox, Leases, Outbox, R


def open_engine(url: str) -> Engine:
    """The engine for a URL, whose tables must be there (`migrate`). AlreadyOpen where another process has the file."""
    where = read_url(url)
    return SqliteEngine(where.path) if isinstance(where, SqliteFile) else PostgresEngine(where.url)


async def server_time(engine: Engine) -> datetime:
    """What time it is on the database's machine. Only PostgreSQL has a clock of its own."""
    now: datetime = await engine.read(lambda connection: connection.execute(select(func.now())).scalar_one())
    return now


class SqlStore:
    """Implements `core.ports.Store` on any engine."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.inbox: Inbox = SqlInbox(engine, clock)
        self.outbox: Outbox = SqlOutbox(engine, clock)
        self.leases: Leases = SqlLeases(engine)
        self.alone = engine.alone

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnit]:
        """One unit of work; written when the block ends without an error. Raises Stale or StoreUnavailable then."""
        unit = SqlUnit(self._engine, self._clock)
        yield unit
        if unit.empty:
            return
        await self._engine.write(unit.write)
        if unit.erases:
            await self._engine.forget()

    @asynccontextmanager
    async def claim(
        self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object
    ) -> AsyncIterator[tuple[SqlUnit, Sequence[R]]]:
        """A unit with what it found to itself: on PostgreSQL rows locked with SKIP LOCKED until its commit."""
        async with self._engine.transaction() as engine:
            unit = SqlUnit(engine, self._clock)
            found = await engine.read(lambda connection: records.find(connection, kind, order, limit, where, claim=True))
            yield unit, found
            if not unit.empty:
                await engine.write(unit.write)

    async def fade(self) -> int:
        """Retention, once in a while: old ids and texts go; how many rows that touched."""
        now = self._clock.now()
        return await self._engine.write(lambda connection: fade(connection, now))

    async def ping(self) -> None:
        """StoreUnavailable where nothing can be written now: asked by writing something."""
        now = self._clock.now()
        await self.leases.take("ready", "ready", now=now, until=now)

    async def backlog(self) -> Backlog:
        """What the outbox still owes."""
        row = (await self._engine.read(lambda connection: connection.execute(BACKLOG).one()))._tuple()
        return Backlog(*row)
