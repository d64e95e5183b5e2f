"""What a `DATABASE_URL` means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import CoachError


class BadUrl(CoachError):
    """A database URL that cannot be meant."""


@dataclass(frozen=True)
class SqliteFile:
    """A file; None: a temporary one that goes when it is closed."""

    path: Path | None


@dataclass(frozen=True)
class Postgres:
    """A server, spoken to through asyncpg."""

    url: URL


def read_url(url: str) -> SqliteFile | Postgres:
    """`sqlite:///var/loopcoach.db`, `sqlite://`, `postgresql://…`; a driver after "+" is accepted where it is one of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadUrl("DATABASE_URL is not a URL. Write it as sqlite:///var/loopcoach.db or postgresql://user:password@host/name.") from None
    if parsed.drivername in ("sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"):
        name = parsed.database
        return SqliteFile(None if not name or name == ":memory:" else Path(name))
    if parsed.drivername in ("postgresql", "postgresql+asyncpg", "postgres"):
        return Postgres(parsed.set(drivername="postgresql+asyncpg"))
    raise BadUrl(f"DATABASE_URL starts with {parsed.drivername}://. Loopcoach keeps its data in sqlite:// or postgresql://.")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None where it is a server, or a temporary database."""
    where = read_url(url)
    return where.path if isinstance(where, SqliteFile) else None
