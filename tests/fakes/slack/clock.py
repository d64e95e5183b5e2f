"""Time as the fake sees it: it runs with the wall clock or stands still, and tests can skip ahead."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Seconds since 1970. `advance` skips ahead and wakes whoever sleeps until then; frozen, it moves only so."""

    def __init__(self, start: float | None = None, *, frozen: bool = False) -> None:
        self.frozen = frozen
        self._offset = 0.0 if start is None else start - time.time()
        self._stand = time.time() if start is None else start
        self._skipped = asyncio.Event()

    @classmethod
    def standing(cls, start: float = 1_795_510_800.0) -> Clock:
        """Stands still at 2026-11-24 09:00 UTC: every timestamp is the same in every run."""
        return cls(start, frozen=True)

    def now(self) -> float:
        return self._stand if self.frozen else time.time() + self._offset

    def advance(self, seconds: float) -> None:
        """Skip ahead; never back."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._stand += seconds
        self._offset += seconds
        self._skipped.set()
        self._skipped = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed here, by running or by skipping."""
        until = self.now() + seconds
        while (left := until - self.now()) > 1e-6:
            skipped = self._skipped
            try:
                await asyncio.wait_for(skipped.wait(), None if self.frozen else left)
            except TimeoutError:
                continue
