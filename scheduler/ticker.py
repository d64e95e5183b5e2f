"""The clockwork: APScheduler runs one in-memory tick a second; nothing durable lives in it.

A watchdog on the monotonic clock revives the tick after the wall clock jumped, and drift holds posting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.delivery import Log

DRIFT = timedelta(minutes=15)


class Ticker:
    """Calls `tick` every second, one call at a time, and `housekeeping` once an hour."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[object]],
        housekeeping: Callable[[], Awaitable[object]],
        log: Log,
        *,
        every: float = 1.0,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tick, self._housekeeping, self._log = tick, housekeeping, log
        self._every, self._wall, self._steady = every, wall, steady
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._began = (wall(), steady())
        self._last = steady()
        self._watch: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[object]] = set()
        self.holding = False
        """Whether the wall clock is more than 15 minutes away from where it should be; then nothing new is posted."""

    @property
    def age(self) -> float:
        """Seconds since the last tick ended."""
        return self._steady() - self._last

    def start(self) -> None:
        """Begin ticking in the running loop."""
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler.add_job(self._one, "interval", seconds=self._every, id="tick", next_run_time=self._wall(), **options)
        self._scheduler.add_job(self._keep_house, "interval", hours=1, id="housekeeping", **options)
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watchdog(), name="tick watchdog")

    async def stop(self) -> None:
        """No more ticks; one that is under way is awaited, because APScheduler would cancel it."""
        if self._watch:
            self._watch.cancel()
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(set(self._running), timeout=5)
        self._scheduler.shutdown(wait=False)

    async def _one(self) -> None:
        await self._guarded(self._unless_adrift())

    async def _keep_house(self) -> None:
        await self._guarded(self._housekeeping())

    async def _guarded(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        try:
            await asyncio.shield(task)
        except Exception as error:  # the next tick tries again; the database may be away
            self._log("tick_failed", error=type(error).__name__, why=str(error))
        finally:
            self._running.discard(task)
            self._last = self._steady()

    async def _unless_adrift(self) -> object:
        wall, steady = self._began
        drift = abs((self._wall() - wall).total_seconds() - (self._steady() - steady))
        if drift > DRIFT.total_seconds():
            if not self.holding:
                self._log("clock_jumped", seconds=round(drift))
            self.holding = True
            # A laptop that slept also looks like this. One tick later the new time counts as true.
            self._began = (self._wall(), self._steady())
            return None
        self.holding = False
        return await self._tick()

    async def _watchdog(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            if self.age > 3 * self._every and not self._running:
                self._scheduler.modify_job("tick", next_run_time=self._wall())
