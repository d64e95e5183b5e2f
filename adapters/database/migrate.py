"""Bringing a database to the newest schema, and asking whether it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.database.lock import FileLock
from adapters.database.sqlite import WRITING, pool, private_file
from adapters.database.trouble import understood
from adapters.database.url import Postgres, SqliteFile, read_url

T = TypeVar("T")


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; they stand nowhere else."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def migrate(url: str) -> None:
    """Create the tables, or bring old ones up to date; nothing happens where they are, nor for a temporary database.

    AlreadyOpen where another process has the file, StoreUnavailable where the database cannot be reached or written.
    """
    if read_url(url) == SqliteFile(None):  # it makes its own when it is opened
        return
    once(url, lambda connection: command.upgrade(config(connection), "head"))


def at_head(url: str) -> bool:
    """Whether the schema is the newest one, as a temporary database's always is. False where there is no database yet."""
    where = read_url(url)
    if isinstance(where, SqliteFile) and (where.path is None or not where.path.exists()):
        return where.path is None
    head = ScriptDirectory.from_config(config()).get_current_head()
    return once(url, lambda connection: MigrationContext.configure(connection).get_current_revision() == head, reading=True)


def once(url: str, work: Callable[[Connection], T], *, reading: bool = False) -> T:
    """Do this on a connection of its own, in a transaction. `reading`: also while another process has the file."""
    where = read_url(url)
    try:
        if isinstance(where, Postgres):
            with ThreadPoolExecutor(1) as thread:  # whoever calls may be inside a loop of their own
                return thread.submit(asyncio.run, _on_server(where.url, work)).result()
        assert where.path is not None
        return _on_file(where.path.absolute(), work, reading)
    except Exception as error:
        raise understood(error) from error


def _on_file(path: Path, work: Callable[[Connection], T], reading: bool) -> T:
    lock = None if reading else FileLock(private_file(path))
    engine = pool(path, () if reading else WRITING, begin="" if reading else "BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()
        if lock:
            lock.release()


async def _on_server(url: URL, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
