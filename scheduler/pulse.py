"""Whether the event loop answers: how late a short sleep ends."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

EVERY = 0.25
"""Seconds."""


class Pulse:
    """Measures while it runs."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._lags: deque[float] = deque(maxlen=int(15 / EVERY))
        self._due = steady() + EVERY
        self._running = False

    @property
    def lag(self) -> float:
        """Seconds by which the loop is late now, or was a moment ago."""
        overdue = self._steady() - self._due if self._running else 0.0
        return max(0.0, overdue, self._lags[-1] if self._lags else 0.0)

    @property
    def worst(self) -> float:
        """The same over the last quarter of a minute."""
        return max([self.lag, *self._lags])

    async def run(self) -> None:
        """Measure until cancelled."""
        self._running = True
        while True:
            self._due = self._steady() + EVERY
            await asyncio.sleep(EVERY)
            self._lags.append(max(0.0, self._steady() - self._due))
