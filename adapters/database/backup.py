"""A copy of the database while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from adapters.database.trouble import understood
from adapters.database.url import SqliteFile, read_url
from core.errors import CoachError


class NoBackup(CoachError):
    """A backup that cannot be made this way."""


def backup(url: str, target: Path) -> None:
    """Copy the SQLite database to a new file, whole and as of one moment, also while Loopcoach runs.

    NoBackup where there is nothing to copy, the target exists, or the database is a server's; StoreUnavailable where it cannot be read
    or written.
    """
    where = read_url(url)
    if not isinstance(where, SqliteFile):
        raise NoBackup("This database is a PostgreSQL server. Back it up with pg_dump.")
    if where.path is None or not where.path.exists():
        raise NoBackup("There is no database yet, so there is nothing to back up.")
    if target.exists():
        raise NoBackup(f"{target} exists already. Choose another name; I do not overwrite backups.")
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        source = sqlite3.connect(f"{where.path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        with closing(source), closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise understood(error) from error
