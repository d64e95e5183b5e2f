"""What a driver raises, as what the core knows: StoreUnavailable with a plain reason. Anything else is a bug and stays itself."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from core.errors import StoreUnavailable

SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "the database is locked by another program",
    sqlite3.SQLITE_LOCKED: "the database is locked by another program",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the database file cannot be written",
    sqlite3.SQLITE_PERM: "the database file cannot be written",
    sqlite3.SQLITE_IOERR: "the disk does not answer properly",
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the database file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the database file is not a database",
}

PASSING = {"40001", "40P01"}
"""PostgreSQL: a serialisation failure, a deadlock. The same work again succeeds."""


def understood(error: BaseException) -> BaseException:
    """StoreUnavailable where the database cannot be used now, else the error itself."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        reason = SQLITE_REASONS.get(code & 0xFF) if code is not None else None
        return StoreUnavailable(reason) if reason else error
    if isinstance(error, DBAPIError):
        state = sqlstate(error)
        if error.connection_invalidated or state[:2] in ("08", "57"):
            return StoreUnavailable("the database server went away")
        if state[:2] == "53":
            return StoreUnavailable("the database server has no room left")
        if state == "25006":
            return StoreUnavailable("the database server is read-only now")
    if isinstance(error, OSError | TimeoutError):
        return StoreUnavailable("the database server cannot be reached")
    return error


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error; empty where it has none."""
    return str(getattr(error.orig, "sqlstate", None) or "")
