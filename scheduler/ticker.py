"""The clockwork: APScheduler runs one in-memory tick a second; nothing durable lives in it.

A watchdog on the steady clock revives the tick after the wall clock jumped, and drift holds what falls due.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.delivery import Log
from scheduler.drift import Drift

LATE = 3
"""Ticks that may be missing before the watchdog calls."""


async def nothing() -> None:
    """Nothing more."""


class Ticker:
    """Calls `always` and `tick` every second, one call at a time, and `housekeeping` once an hour.

    `tick` is held while the clock cannot be trusted: nothing that falls due is acted on. `always` is not.
    """

    def __init__(
        self,
        tick: Callable[[], Awaitable[object]],
        housekeeping: Callable[[], Awaitable[object]],
        log: Log,
        *,
        always: Callable[[], Awaitable[object]] = nothing,
        every: float = 1.0,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tick, self._housekeeping, self._always, self._log = tick, housekeeping, always, log
        self._every, self._steady = every, steady
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._last = steady()
        self._watch: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[object]] = set()
        self.drift = Drift(wall, steady)
        self.holding = False
        """Whether the wall clock is more than 15 minutes away from where it should be; then nothing new is posted."""

    @property
    def age(self) -> float:
        """Seconds since the last tick ended."""
        return self._steady() - self._last

    def start(self) -> None:
        """Begin ticking in the running loop."""
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler.add_job(self._one, "interval", seconds=self._every, id="tick", next_run_time=datetime.now(UTC), **options)
        self._scheduler.add_job(self._keep_house, "interval", hours=1, id="housekeeping", **options)
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watchdog(), name="tick watchdog")

    async def stop(self) -> None:
        """No more ticks; one that is under way is awaited, because APScheduler would cancel it."""
        if self._watch:
            self._watch.cancel()
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(set(self._running), timeout=5)
            await asyncio.sleep(0.01)  # so that who waited for it ends too, and is not cancelled
        self._scheduler.shutdown(wait=False)

    def trust(self) -> None:
        """Somebody looked at the clock, and it is right: go on."""
        self.drift.accept()
        self._log("clock_accepted")

    async def _one(self) -> None:
        await self._guarded(self._both())

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

    async def _both(self) -> None:
        try:
            if self._may_act():
                await self._tick()
        finally:
            await self._always()

    def _may_act(self) -> bool:
        by = self.drift.by()
        trusted = self.drift.trusted()
        if not trusted and not self.holding:
            why = "daily questions and reminders wait until it is right again, an hour has passed, or SIGUSR1 says that it is right"
            self._log("clock_jumped", seconds=round(by.total_seconds()), why=why)
        elif trusted and self.holding:
            self._log("clock_trusted_again")
        self.holding = not trusted
        return trusted

    async def _watchdog(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            if self.age > LATE * self._every and not self._running:
                # the wall clock was set back: APScheduler waits for a time that has been already
                self._log("tick_revived", seconds=round(self.age, 1))
                for job in self._scheduler.get_jobs():
                    if job.id == "tick":
                        job.modify(next_run_time=datetime.now(UTC))
                    else:
                        job.reschedule("interval", hours=1)
