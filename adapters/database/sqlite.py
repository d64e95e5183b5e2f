"""SQLite: one writer thread with group commit, a few reader threads, one process.

Whatever was asked for while the last commit ran goes into the next one: one BEGIN IMMEDIATE, each unit in its own savepoint, one
fsync. A unit that fails is undone alone. Nobody hears of a success before the commit.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy import Engine as Pool

from adapters.database.engine import Engine, T, Work
from adapters.database.lock import FileLock
from adapters.database.tables import Base
from adapters.database.trouble import understood
from adapters.database.writer import Writer, raw_of
from core.errors import StoreUnavailable

WRITING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL survives kill -9, but a power cut could drop a committed claim
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # erased means gone from the file
    "PRAGMA temp_store=MEMORY",
    "PRAGMA busy_timeout=1000",  # only a foreign program can hold the lock; say so well within Slack's three seconds
)
READING = (
    "PRAGMA query_only=ON",
    "PRAGMA cache_size=-512",  # KB for each of them: the system keeps the file's pages anyway
    "PRAGMA temp_store=MEMORY",
    "PRAGMA busy_timeout=1000",
)
READERS = 4


class SqliteEngine:
    """Implements `adapters.database.engine.Engine` on one file; without a path on a temporary one, with its tables."""

    alone = True

    def __init__(self, path: Path | None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="loopcoach-") if path is None else None
        self.path = Path(self._temporary.name, "loopcoach.db") if self._temporary else Path(path or "").absolute()
        private_file(self.path)
        self._lock = FileLock(self.path)
        try:
            self._writer = Writer(pool(self.path, WRITING, begin="BEGIN IMMEDIATE"), tables=Base.metadata if self._temporary else None)
        except BaseException:
            self._lock.release()
            raise
        self._reading = pool(self.path, READING)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="database reader")
        self._mine = threading.local()
        self._opened: list[Connection] = []
        self._closed = False

    @property
    def commits(self) -> int:
        """How often the disk was waited for."""
        return self._writer.commits

    async def read(self, work: Work[T]) -> T:
        """On what was committed when it began."""
        if self._closed:
            raise StoreUnavailable("the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Work[T]) -> T:
        """Together with whatever else waits; on the disk when this returns."""
        return await self._writer.submit(work)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Engine]:
        """There is nobody to keep out: this process is the only one, and versions guard its tasks from each other."""
        yield self

    async def forget(self) -> None:
        """Empty the write-ahead log into the file, where deleted content is overwritten with zeros."""
        await self._writer.truncate()

    async def close(self) -> None:
        """Finish what was asked for and put everything into the one file."""
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()
        await asyncio.to_thread(self._writer.close)
        self._lock.release()
        if self._temporary:
            self._temporary.cleanup()

    def _read(self, work: Work[T]) -> T:
        try:
            connection = getattr(self._mine, "connection", None)
            if connection is None:
                connection = self._mine.connection = self._reading.connect()
                self._opened.append(connection)
            try:
                return work(connection)
            finally:
                connection.rollback()
        except Exception as error:
            raise understood(error) from error


def private_file(path: Path) -> Path:
    """Make the file, and its folder, where they are missing; only its owner may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"the database file {path} cannot be opened: {error.strerror}") from error
    return path


def pool(path: Path, pragmas: tuple[str, ...], begin: str = "") -> Pool:
    """Connections that say nothing on their own: no implicit transaction but the one in `begin`."""
    made = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"check_same_thread": False})

    @event.listens_for(made, "connect")
    def prepare(raw: Any, _: object) -> None:
        raw.isolation_level = None
        for pragma in pragmas:
            raw.execute(pragma).fetchall()

    if begin:

        @event.listens_for(made, "begin")
        def start(connection: Connection) -> None:
            raw_of(connection).execute(begin)

    return made
