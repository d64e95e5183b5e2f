"""PostgreSQL, for several processes: asyncpg, a pool, READ COMMITTED. Work runs on a greenlet through `run_sync`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.database.engine import Engine, T, Work
from adapters.database.trouble import PASSING, sqlstate, understood

AGAIN = 5
"""How often work is done once more after a deadlock; it is a plain function, so it can be."""


class PostgresEngine:
    """Implements `adapters.database.engine.Engine`."""

    alone = False

    def __init__(self, url: URL, *, size: int = 10) -> None:
        self._engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_pre_ping=True, isolation_level="READ COMMITTED")

    async def read(self, work: Work[T]) -> T:
        """Each statement on what is committed by then."""
        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(work)
        except Exception as error:
            raise understood(error) from error

    async def write(self, work: Work[T]) -> T:
        """In one transaction; again where the server broke a deadlock at our expense."""
        for left in reversed(range(AGAIN)):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(work)
            except DBAPIError as error:
                if left and sqlstate(error) in PASSING:
                    continue
                raise understood(error) from error
            except Exception as error:
                raise understood(error) from error
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Engine]:
        """One connection and one transaction for all of it: what it locks stays locked until the end."""
        try:
            async with self._engine.begin() as connection:
                yield OneTransaction(connection)
        except Exception as error:
            raise understood(error) from error

    async def forget(self) -> None:
        """The server vacuums on its own; its files are its keeper's business."""

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


class OneTransaction:
    """Implements `adapters.database.engine.Engine` inside a transaction that somebody else ends."""

    alone = False

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def read(self, work: Work[T]) -> T:
        """On what is committed, and what was written in here."""
        return await self._connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        """Durable with all the rest, not before."""
        return await self._connection.run_sync(work)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Engine]:
        """This one."""
        yield self

    async def forget(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Its owner does."""
