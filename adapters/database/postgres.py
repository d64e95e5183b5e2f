"""PostgreSQL, for several processes: asyncpg, a pool, READ COMMITTED. Work runs on a greenlet through `run_sync`."""

from __future__ import annotations

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.engine import T, Work
from adapters.database.trouble import PASSING, sqlstate, understood

AGAIN = 5
"""How often work is done once more after a deadlock; it is a plain function, so it can be."""


class PostgresEngine:
    """Implements `adapters.database.engine.Engine`."""

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

    async def forget(self) -> None:
        """The server vacuums on its own; its files are its keeper's business."""

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
