"""One process at a time: an advisory lock on a file beside the database. The system drops it when the process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from core.errors import CoachError


class AlreadyOpen(CoachError):
    """Another process has this database open."""


class FileLock:
    """Taken when made; AlreadyOpen where somebody else holds it."""

    def __init__(self, database: Path) -> None:
        self._file = os.open(database.with_name(f"{database.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise AlreadyOpen(f"{database} is in use by another Loopcoach. Stop that one first, or set another DATABASE_URL.") from None

    def release(self) -> None:
        """Let the next process in."""
        os.close(self._file)
