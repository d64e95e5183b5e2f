"""Discord's gateway shards, each in one process at a time. On PostgreSQL the lease is a session-level advisory lock: the server drops it
with the connection, however the process ends. On SQLite there is one process, so it has them all.

    shards = open_shards(url)
    async with hold(shards, 0) as shard:    # waits until nobody else has it
        ...                                 # stop when shard.lost is set
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import URL, NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.database.trouble import understood
from adapters.database.url import Postgres, read_url

LOCKS = 730_520
"""The first half of the locks' names; the second is the shard's number."""
ASK = 1.0
"""Seconds between two attempts at a shard that somebody has."""
PING = 5.0
"""Seconds between two looks at the connection, and how long its answer may take."""


class Shard:
    """A shard that is this process's."""

    def __init__(self, number: int, connection: AsyncConnection | None = None) -> None:
        self.number = number
        self.lost = asyncio.Event()
        """Set as soon as somebody else may have it: disconnect from the gateway."""
        self._connection = connection
        self._watch = asyncio.create_task(self._look(connection), name=f"shard {number}") if connection else None

    async def release(self) -> None:
        """Let another process have it."""
        if self._watch:
            self._watch.cancel()
        if self._connection:
            with suppress(Exception):  # a connection that is gone has dropped the lock itself
                await self._connection.execute(text("SELECT pg_advisory_unlock(:first, :second)"), {"first": LOCKS, "second": self.number})
            with suppress(Exception):
                await self._connection.close()
        self.lost.set()

    async def _look(self, connection: AsyncConnection) -> None:
        while True:
            await asyncio.sleep(PING)
            try:
                async with asyncio.timeout(PING):
                    await connection.execute(text("SELECT 1"))
            except Exception:  # whatever it is: nobody can say any more that the shard is ours
                self.lost.set()
                return


class Shards(Protocol):
    """Who has which."""

    async def try_take(self, number: int) -> Shard | None:
        """Have it; None while another process does. StoreUnavailable where nobody can tell."""

    async def close(self) -> None:
        """Let go of the server; shards still held must be released before."""


class LocalShards:
    """One process: only its own tasks compete."""

    def __init__(self) -> None:
        self._held: dict[int, Shard] = {}

    async def try_take(self, number: int) -> Shard | None:
        """Have it, where no other task does."""
        held = self._held.get(number)
        if held is not None and not held.lost.is_set():
            return None
        self._held[number] = Shard(number)
        return self._held[number]

    async def close(self) -> None:
        """Nothing to let go of."""


class ServerShards:
    """Any number of processes. A connection for each shard that this one has; not through a pooler that lends them out."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    async def try_take(self, number: int) -> Shard | None:
        """Have it, where nobody else does."""
        try:
            connection = await self._engine.connect()
            try:
                asked = {"first": LOCKS, "second": number}
                mine = (await connection.execute(text("SELECT pg_try_advisory_lock(:first, :second)"), asked)).scalar_one()
            except BaseException:
                await connection.close()
                raise
        except Exception as error:
            raise understood(error) from error
        if not mine:
            await connection.close()
            return None
        shard = Shard(number, connection)
        raw: Any = (await connection.get_raw_connection()).driver_connection
        raw.add_termination_listener(lambda _: shard.lost.set())
        return shard

    async def close(self) -> None:
        """Let go of the server."""
        await self._engine.dispose()


def open_shards(url: str) -> Shards:
    """For this database."""
    where = read_url(url)
    return ServerShards(where.url) if isinstance(where, Postgres) else LocalShards()


@asynccontextmanager
async def hold(shards: Shards, number: int, ask: float = ASK) -> AsyncIterator[Shard]:
    """The shard, as soon as nobody else has it; released at the end."""
    while (shard := await shards.try_take(number)) is None:  # noqa: ASYNC110 - the other holder may be on another machine
        await asyncio.sleep(ask)
    try:
        yield shard
    finally:
        await shard.release()


async def first_free(shards: Shards, count: int) -> Shard | None:
    """The lowest shard of `count` that nobody has; None where all are taken."""
    for number in range(count):
        if (shard := await shards.try_take(number)) is not None:
            return shard
    return None
