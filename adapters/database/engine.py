"""How work is done on the database. Work is a plain function of a connection; it runs on a thread or a greenlet, never on the loop.

The same statements serve SQLite and PostgreSQL; only `sqlite.py` and `postgres.py` know which one it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
Work = Callable[[Connection], T]


class Engine(Protocol):
    """Runs work. Raises StoreUnavailable where the database cannot be used now, else what the work raised."""

    alone: bool
    """Whether no other process can have this database open."""

    async def read(self, work: Work[T]) -> T:
        """On a committed state."""

    async def write(self, work: Work[T]) -> T:
        """In a transaction of its own; durable when this returns, undone where the work raised."""

    def transaction(self) -> AbstractAsyncContextManager[Engine]:
        """An engine whose work is one transaction as far as others can interfere; durable when it ends without an error."""

    async def forget(self) -> None:
        """What was deleted leaves the files too, now or as soon as nobody reads them any more."""

    async def close(self) -> None:
        """Finish what was begun, then let go of everything."""
