"""A turn as an ORM session commits it: two rows read and changed, one added."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Session, select
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.database import owed
from adapters.database.sqlite import WRITING, pool
from adapters.database.tables import InboxRow, InterviewRow, OutboxRow
from adapters.database.url import SqliteFile, read_url
from core.chat import Message, Post
from core.interview.stages import Interview

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def turn(session: Session, said: Message, whole: Interview, answer: Post) -> None:
    """One commit."""
    row = session.exec(select(InterviewRow).where(InterviewRow.key == whole.key)).one()
    row.version, row.body = row.version + 1, whole.model_dump_json(exclude={"version"})
    arrived = session.exec(select(InboxRow).where(InboxRow.id == said.id)).one()
    arrived.state, arrived.body, arrived.person = "done", None, None
    session.add(OutboxRow(**owed.row_of(answer, NOW)))
    session.commit()


class InOneThread:
    """SQLite: one writer, one session."""

    def __init__(self, file: SqliteFile) -> None:
        assert file.path
        self._pool = pool(file.path, WRITING, begin="BEGIN IMMEDIATE")
        self._thread = ThreadPoolExecutor(1)
        self._session = self._thread.submit(Session, self._pool, expire_on_commit=False).result()

    async def turn(self, said: Message, whole: Interview, answer: Post) -> None:
        """In its turn."""
        await asyncio.get_running_loop().run_in_executor(self._thread, turn, self._session, said, whole, answer)

    async def close(self) -> None:
        """Session, thread and connection."""
        self._thread.submit(self._session.close).result()
        self._thread.shutdown()
        self._pool.dispose()


class InPool:
    """PostgreSQL: a session for each turn, eight connections."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, pool_size=8, max_overflow=0)

    async def turn(self, said: Message, whole: Interview, answer: Post) -> None:
        """As soon as a connection is free."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            await session.run_sync(lambda _: turn(session.sync_session, said, whole, answer))

    async def close(self) -> None:
        """The connections."""
        await self._engine.dispose()


def plain(url: str) -> InOneThread | InPool:
    """The one for this database."""
    where = read_url(url)
    return InOneThread(where) if isinstance(where, SqliteFile) else InPool(where.url)
