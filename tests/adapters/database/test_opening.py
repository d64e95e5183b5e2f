"""URLs and backups."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.database.backup import NoBackup, backup
from adapters.database.sqlite import SqliteEngine
from adapters.database.store import SqlStore
from adapters.database.url import BadUrl, Postgres, SqliteFile, read_url
from core.errors import StoreUnavailable
from tests.contracts.stores import attempt, put


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/loopcoach.db", Path("var/loopcoach.db")),
        ("sqlite:////srv/loopcoach.db", Path("/srv/loopcoach.db")),
        ("sqlite+aiosqlite:///x.db", Path("x.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_sqlite_urls(url: str, path: Path | None) -> None:
    """Three slashes are a relative path, four an absolute one, none a temporary database."""
    assert read_url(url) == SqliteFile(path)


@pytest.mark.parametrize("start", ["postgresql", "postgresql+asyncpg", "postgres"])
def test_postgres_urls(start: str) -> None:
    """Every usual spelling means asyncpg, with all that stands after it."""
    where = read_url(f"{start}://ada:s%40cret@db:5433/coach")
    assert isinstance(where, Postgres)
    assert where.url.render_as_string(hide_password=False) == "postgresql+asyncpg://ada:s%40cret@db:5433/coach"


@pytest.mark.parametrize("url", ["mysql://db/coach", "postgresql+psycopg2://db/coach", "var/loopcoach.db", ""])
def test_other_urls_are_refused_in_a_sentence(url: str) -> None:
    """A URL that we do not serve is said to be one, without what may be a password in it."""
    with pytest.raises(BadUrl, match=r"^DATABASE_URL .*\.$"):
        read_url(url)


async def test_a_backup_of_a_running_database_is_whole(engine: SqliteEngine, sql: SqlStore, path: Path, tmp_path: Path) -> None:
    """The copy holds everything committed, also what is still in the log, in one private file that opens as a database."""
    await put(sql, attempt("a1"))
    target = tmp_path / "copy.db"
    backup(f"sqlite:///{path}", target)
    await put(sql, attempt("a2"))
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(name for name in os.listdir(tmp_path) if "copy" in name) == ["copy.db"]  # noqa: PTH208
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT key FROM attempt").fetchall() == [("a1",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again = SqliteEngine(target)
    await put(SqlStore(again, sql._clock), attempt("a2"))
    await again.close()


def test_a_backup_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    """An existing target, a missing database and a server are refused, and nothing is left half written."""
    (tmp_path / "old").write_text("precious")
    with pytest.raises(NoBackup, match="exists already"):
        backup(f"sqlite:///{path}", tmp_path / "old")
    with pytest.raises(NoBackup, match="nothing to back up"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "new")
    with pytest.raises(NoBackup, match="pg_dump"):
        backup("postgresql://db/coach", tmp_path / "new")
    (tmp_path / "broken.db").write_text("this is not a database, " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        backup(f"sqlite:///{tmp_path}/broken.db", tmp_path / "new")
    assert (tmp_path / "old").read_text() == "precious"
    assert not list(tmp_path.glob("new*"))
