"""One writer, group commit, and trouble that passes without a restart."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.database.lock import AlreadyOpen
from adapters.database.migrate import migrate
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from core.errors import Stale, StoreUnavailable
from core.records import Attempt
from tests.contracts.stores import StoppedClock, attempt, message, put


def rows_of(path: Path, question: str) -> list[object]:
    """What another connection sees on the disk."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as other:
        return [row[0] for row in other.execute(question)]


async def test_what_waits_together_is_committed_together(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """A hundred units asked for at once cost a few waits for the disk, and each is there when its caller goes on."""
    before = engine.commits

    async def one(n: int) -> None:
        await put(sql, attempt(f"a{n}"))
        assert f"a{n}" in rows_of(path, "SELECT key FROM attempt")

    await asyncio.gather(*(one(n) for n in range(100)))
    assert engine.commits - before <= 3


async def test_one_at_a_time_is_one_commit_each(engine: SqliteEngine, sql: SqlStore) -> None:
    """Nothing waits for company: units one after the other are committed one by one."""
    before = engine.commits
    for n in range(5):
        await put(sql, attempt(f"a{n}"))
    assert engine.commits - before == 5


async def test_reading_and_empty_units_cost_no_commit(engine: SqliteEngine, sql: SqlStore) -> None:
    """A unit that writes nothing does not wait for the disk."""
    before = engine.commits
    async with sql.begin() as unit:
        await unit.get(Attempt, "a1")
    assert engine.commits == before


async def test_a_unit_that_fails_is_undone_alone(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """In a group, a stale unit and one with a bug are undone whole; their neighbours are kept."""
    await put(sql, attempt("known"))
    before = engine.commits

    async def bug() -> None:
        def work(connection: Connection) -> None:
            connection.exec_driver_sql("DELETE FROM attempt")
            raise ZeroDivisionError

        await engine.write(work)

    results = await asyncio.gather(
        put(sql, attempt("a1")),
        put(sql, attempt("half"), attempt("known")),
        bug(),
        sql.inbox.receive(message()),
        put(sql, attempt("a2")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), Stale, ZeroDivisionError, bool, type(None)]
    assert sorted(map(str, rows_of(path, "SELECT key FROM attempt"))) == ["a1", "a2", "known"]
    assert engine.commits - before == 1


async def test_a_transaction_that_is_lost_takes_all_of_its_units(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """Where SQLite itself ends a transaction, nobody in it is told a success, and the next one is in order."""

    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise ZeroDivisionError

    results = await asyncio.gather(put(sql, attempt("a1")), engine.write(lose), put(sql, attempt("a2")), return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable, ZeroDivisionError, StoreUnavailable]
    await put(sql, attempt("a3"))
    assert rows_of(path, "SELECT key FROM attempt") == ["a3"]


async def test_commits_wait_for_the_disk(engine: SqliteEngine) -> None:
    """A power cut is not for a test to make; that the writer waits for the disk and zeroes what it deletes is said by its settings."""
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")

    def read(connection: Connection) -> list[object]:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked]

    assert await engine.write(read) == ["wal", 2, 1, 1]


async def test_a_cancelled_caller_does_not_stop_the_writer(sql: SqlStore) -> None:
    """Whoever is cancelled while the commit runs leaves the writer in order."""
    waiting = asyncio.create_task(put(sql, attempt("a1")))
    await asyncio.sleep(0)
    waiting.cancel()
    await put(sql, attempt("a2"))
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_readers_see_the_last_commit_while_a_unit_is_written(engine: SqliteEngine, sql: SqlStore) -> None:
    """A read neither waits for a long write nor sees half of it."""
    await put(sql, attempt("a1"))

    def slow(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM attempt")
        time.sleep(0.3)

    writing = asyncio.create_task(engine.write(slow))
    await asyncio.sleep(0.05)
    async with sql.begin() as unit:
        assert await unit.get(Attempt, "a1") is not None
    assert not writing.done()
    await writing


async def test_a_locked_database_says_so_and_recovers(sql: SqlStore, path: Path) -> None:
    """While another program holds the write lock, a write fails within 3 seconds and reads go on; afterwards writing works again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="locked by another program"):
            await sql.inbox.receive(message())
        assert time.monotonic() - began < 3
        assert await sql.inbox.waiting(10) == []
        other.execute("ROLLBACK")
    assert await sql.inbox.receive(message()) is True


async def test_a_full_disk_says_so_and_recovers(engine: SqliteEngine, sql: SqlStore) -> None:
    """When no page is left, a write fails whole and reads go on; once there is room it works without a restart."""
    await put(sql, attempt("a1"))

    def pages(connection: Connection, spare: int) -> None:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={used + spare}")

    await engine.write(lambda connection: pages(connection, 2))
    with pytest.raises(StoreUnavailable, match="disk is full"):
        await put(sql, attempt("small"), attempt("big", text="x" * 100_000))
    three = (put(sql, attempt("a2")), put(sql, attempt("huge", text="x" * 100_000)), put(sql, attempt("a3")))
    told = [type(result) for result in await asyncio.gather(*three, return_exceptions=True)]
    async with sql.begin() as unit:
        kept = {record.key for record in await unit.find(Attempt)}
    assert told[1] is StoreUnavailable
    assert kept == {"a1"} | {key for key, result in zip(("a2", "huge", "a3"), told, strict=True) if result is type(None)}
    await engine.write(lambda connection: pages(connection, 1000))
    await put(sql, attempt("small"), attempt("big", text="x" * 100_000))


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`, as if the disk ended there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_commit_that_fails_tells_everybody_in_it(sql: SqlStore, path: Path) -> None:
    """When the log cannot grow, nobody of the group is told a success, and nothing of it is there."""
    await put(sql, attempt("a1", text="x" * 200_000))
    with files_end_at(path.with_name(f"{path.name}-wal").stat().st_size):
        results = await asyncio.gather(*(put(sql, attempt(f"b{n}")) for n in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable] * 5
    assert rows_of(path, "SELECT key FROM attempt") == ["a1"]
    await put(sql, attempt("b1"))
    assert rows_of(path, "PRAGMA quick_check") == ["ok"]


HOLD = "import fcntl, sys; file = open(sys.argv[1], 'a'); fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"


async def test_a_second_process_is_refused_by_name(path: Path) -> None:
    """The lock is another process's until it dies, however it dies; the refusal names the file in one sentence."""
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD, f"{path}.lock", stdin=-1, stdout=-1)
    assert other.stdout
    assert await other.stdout.readline() == b"held\n"
    with pytest.raises(AlreadyOpen, match=str(path)):
        SqliteEngine(path)
    with pytest.raises(AlreadyOpen, match=str(path)):
        migrate(f"sqlite:///{path}")
    other.kill()
    await other.wait()
    engine = SqliteEngine(path)
    with pytest.raises(AlreadyOpen, match=str(path)):
        SqliteEngine(path)
    await engine.close()


async def test_closing_leaves_one_whole_file(path: Path) -> None:
    """What was asked for before closing is in the file, nothing stands beside it but the lock, and later calls are told."""
    engine = SqliteEngine(path)
    sql = SqlStore(engine, StoppedClock())
    writes = [asyncio.create_task(put(sql, attempt(f"a{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    await engine.close()
    await asyncio.gather(*writes)
    assert len(rows_of(path, "SELECT key FROM attempt")) == 20
    await engine.close()
    for late in (put(sql, attempt("late")), sql.inbox.waiting(1)):
        with pytest.raises(StoreUnavailable, match="closed"):
            await late


async def test_the_file_is_its_owners_alone(engine: SqliteEngine, sql: SqlStore, path: Path) -> None:
    """Answers are private: nobody else on the machine may read the database or what stands beside it."""
    await put(sql, attempt())
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
    assert set(modes.values()) == {"0o600"}, modes


async def test_a_place_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    """A folder that is a file, or a file that is no database, is a sentence and no stack of driver errors."""
    (tmp_path / "file").write_text("hello")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        SqliteEngine(tmp_path / "file" / "x.db")
    (tmp_path / "x.db").write_text("this is not a database, " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        SqliteEngine(tmp_path / "x.db")


async def test_a_temporary_database_needs_no_migration() -> None:
    """Without a path there are tables at once, and nothing is left afterwards."""
    engine = SqliteEngine(None)
    folder = engine.path.parent
    await put(SqlStore(engine, StoppedClock()), attempt())
    await engine.close()
    assert not folder.exists()
