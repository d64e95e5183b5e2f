"""The one place that asks what time it is."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

MEASURED = 3.0
"""Seconds between two looks at the server's clock."""
SHARP = 0.1
"""An answer within so many seconds is always good enough."""
DRIFTS = 0.0005
"""What an old answer loses in a second: more than any clock drifts."""


class SystemClock:
    """Implements `core.ports.Clock`."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


def steady() -> float:
    """Seconds that no setting of the clock moves. They go on while a laptop sleeps, wherever the system can tell."""
    return time.clock_gettime(_STEADY) if _STEADY is not None else time.monotonic()


# Linux: CLOCK_MONOTONIC stands still in a suspended machine. macOS: CLOCK_MONOTONIC goes on, time.monotonic() does not.
_STEADY: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class ServerClock:
    """Implements `core.ports.Clock` where several machines work on one database: its clock counts for all of them, so that leases mean
    the same everywhere. Between two looks the steady clock goes on; this machine's own wall clock is never asked."""

    def __init__(self, ask: Callable[[], Awaitable[datetime]], steady: Callable[[], float] = steady) -> None:
        self._ask, self._steady = ask, steady
        self._at, self._server = steady(), datetime.now(UTC)  # until the first look
        self._blur = math.inf

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._server + timedelta(seconds=self._steady() - self._at)

    async def measure(self) -> None:
        """Look at the server's clock. StoreUnavailable where it does not answer.

        An answer that took long says little (this process may have been stopped meanwhile): then the better one before it stays.
        """
        before = self._steady()
        server = await self._ask()
        after = self._steady()
        self._blur += DRIFTS * (after - self._at)
        if after - before <= max(self._blur, SHARP):
            self._at, self._server, self._blur = (before + after) / 2, server, after - before

    async def run(self, failed: Callable[[Exception], None]) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(MEASURED)
            try:
                await self.measure()
            except Exception as error:  # the steady clock carries us until it answers
                failed(error)
