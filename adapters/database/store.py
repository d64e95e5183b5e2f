"""The store: everything that survives a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.database.engine import Engine
from adapters.database.erasing import fade
from adapters.database.inbox import SqlInbox
from adapters.database.outbox import SqlOutbox
from adapters.database.postgres import PostgresEngine
from adapters.database.sqlite import SqliteEngine
from adapters.database.unit import SqlUnit
from adapters.database.url import SqliteFile, read_url
from core.ports import Clock, Inbox, Outbox


def open_engine(url: str) -> Engine:
    """The engine for a URL, whose tables must be there (`migrate`). AlreadyOpen where another process has the file."""
    where = read_url(url)
    return SqliteEngine(where.path) if isinstance(where, SqliteFile) else PostgresEngine(where.url)


class SqlStore:
    """Implements `core.ports.Store` on any engine."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.inbox: Inbox = SqlInbox(engine, clock)
        self.outbox: Outbox = SqlOutbox(engine, clock)

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

    async def fade(self) -> int:
        """Retention, once in a while: old ids and texts go; how many rows that touched."""
        now = self._clock.now()
        return await self._engine.write(lambda connection: fade(connection, now))

    async def ping(self) -> None:
        """StoreUnavailable where nothing can be written now."""
        await self._engine.write(lambda connection: None)
