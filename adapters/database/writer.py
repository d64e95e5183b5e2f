"""The one thread that writes to SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, MetaData
from sqlalchemy import Engine as Pool

from adapters.database.engine import T, Work
from adapters.database.trouble import understood
from core.errors import StoreUnavailable

TOGETHER = 256
"""At most this many units in one commit, so that a rollback of all of them stays small."""

PATIENCE = 250
"""Milliseconds that everybody may wait for readers to leave, so that the log can be emptied."""

RETRY = 0.5
"""Seconds between further attempts, where nothing is written meanwhile."""


@dataclass(eq=False)
class Job:
    """One unit that somebody waits for."""

    work: Work[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


@dataclass(eq=False)
class Truncate:
    """A wish to empty the write-ahead log."""

    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = field(default=None, init=False)


Wish = Job | Truncate


class Writer:
    """Takes units from any task and commits them in groups. Its thread outlives every error."""

    def __init__(self, pool: Pool, tables: MetaData | None = None) -> None:
        self._pool = pool
        self._queue: SimpleQueue[list[Wish] | None] = SimpleQueue()
        self._pending: list[Wish] = []
        self._closed = False
        self._owes_truncate = False
        self.commits = 0
        """Transactions that were committed (for tests and benchmarks)."""
        self._connection: Connection | None = None
        try:
            connection = self._open()
            if tables is not None:
                tables.create_all(connection)
                connection.commit()
        except Exception as error:
            raise understood(error) from error
        self._thread = threading.Thread(target=self._run, name="database writer", daemon=True)
        self._thread.start()

    async def submit(self, work: Work[T]) -> T:
        """Run it in a transaction; what it returned, once that is on the disk."""
        result: T = await self._put(Job(work, asyncio.get_running_loop().create_future()))
        return result

    async def truncate(self) -> None:
        """Empty the log. Where somebody still reads from it, as soon as they left instead."""
        await self._put(Truncate(asyncio.get_running_loop().create_future()))

    def close(self) -> None:
        """Blocks until everything asked for is committed and the file is whole."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    # --- on the loop ---

    async def _put(self, wish: Wish) -> Any:
        if self._closed:
            raise StoreUnavailable("the database is closed")
        if not self._pending:  # whatever else this turn of the loop asks for goes along
            asyncio.get_running_loop().call_soon(self._flush)
        self._pending.append(wish)
        return await wish.future

    def _flush(self) -> None:
        wishes, self._pending = self._pending, []
        self._queue.put(wishes)

    # --- on the thread ---

    def _run(self) -> None:
        while (wishes := self._next()) is not None:
            jobs = [wish for wish in wishes if isinstance(wish, Job)]
            for start in range(0, len(jobs), TOGETHER):
                self._commit(jobs[start : start + TOGETHER])
            others = [wish for wish in wishes if isinstance(wish, Truncate)]
            if others or self._owes_truncate:
                self._truncate(patience=PATIENCE if others else 0)
            deliver(others)
        self._truncate(patience=PATIENCE)
        self._drop()
        self._pool.dispose()

    def _next(self) -> list[Wish] | None:
        try:
            found = self._queue.get(timeout=RETRY if self._owes_truncate else None)
        except Empty:
            return []
        if found is None:
            return None
        while len(found) < TOGETHER:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            found += more
        return found

    def _commit(self, jobs: Sequence[Job]) -> None:
        try:
            self._together(jobs)
        except Exception as error:
            failure = understood(error)
            for job in jobs:
                job.error = job.error or failure
            self._undo()
        deliver(jobs)

    def _together(self, jobs: Sequence[Job]) -> None:
        connection = self._open()
        connection.begin()
        raw = raw_of(connection)
        if len(jobs) == 1:
            jobs[0].result = jobs[0].work(connection)
        else:
            for job in jobs:
                self._one(connection, raw, job)
        connection.commit()
        self.commits += 1

    def _one(self, connection: Connection, raw: sqlite3.Connection, job: Job) -> None:
        raw.execute("SAVEPOINT unit")
        try:
            job.result = job.work(connection)
        except Exception as error:
            job.error = understood(error)
            if not raw.in_transaction:  # a full disk may end the whole transaction, not only the statement
                raise StoreUnavailable("the transaction was lost with another one") from error
            raw.execute("ROLLBACK TO unit")
        raw.execute("RELEASE unit")

    def _undo(self) -> None:
        try:
            connection = self._open()
            connection.rollback()
            if raw_of(connection).in_transaction:
                raise RuntimeError("a transaction that cannot be undone")
        except Exception:  # the next unit gets a new connection; SQLite undoes what the old one left
            self._drop()

    def _truncate(self, patience: int) -> None:
        try:
            raw = raw_of(self._open())
            (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
            raw.execute(f"PRAGMA busy_timeout={patience}")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            raw.execute(f"PRAGMA busy_timeout={usual}")
        except Exception:  # a full disk, a foreign lock
            self._drop()
            busy = 1
        self._owes_truncate = bool(busy)

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._pool.connect()
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
                connection.close()


def raw_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def deliver(wishes: Sequence[Wish]) -> None:
    """Tell those who wait, all of one loop at once."""
    loops = {wish.future.get_loop() for wish in wishes}
    for loop in loops:
        theirs = [wish for wish in wishes if wish.future.get_loop() is loop]
        try:
            loop.call_soon_threadsafe(settle, theirs)
        except RuntimeError:  # that loop is closed: nobody waits any more
            continue


def settle(wishes: Sequence[Wish]) -> None:
    """Set the results of those that nobody cancelled."""
    for wish in wishes:
        if wish.future.done():
            continue
        if wish.error is not None:
            wish.future.set_exception(wish.error)
        else:
            wish.future.set_result(wish.result)
