"""Where conversations are going on, so that only what is said there is kept. Asked of the door, and remembered for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from core.chat import Place
from core.ports import Door

FRESH = 3.0
"""Seconds that an end is noticed late at most."""
BRIEF = 0.25
"""Seconds for which a place that was not found is believed to be quiet."""
OPENING = 5.0
"""Seconds after a thread was opened in which every unknown place is asked for again: its binding is being written."""


class Live:
    """The places of a platform where somebody is in a conversation."""

    def __init__(self, platform: str, clock: Callable[[], float] = monotonic) -> None:
        self._platform = platform
        self._clock = clock
        self._places: frozenset[Place] = frozenset()
        self._read_at = float("-inf")
        self._opened_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    def opened(self) -> None:
        """A thread has just been opened."""
        self._opened_at = self._clock()

    async def has(self, place: Place, door: Door) -> bool:
        """Whether a conversation is going on there: in a thread, or with one person alone. Raises StoreUnavailable."""
        if place.thread is None and not place.direct:
            return False
        now = self._clock()
        if place in self._places and now - self._read_at < FRESH:
            return True
        if now - self._read_at > BRIEF or now - self._opened_at < OPENING:
            await self._read(door)
        return place in self._places

    async def _read(self, door: Door) -> None:
        if self._reading is None:
            self._reading = asyncio.create_task(self._ask(door))
            self._reading.add_done_callback(self._done)
        await asyncio.shield(self._reading)

    async def _ask(self, door: Door) -> None:
        at = self._clock()
        self._places = frozenset(await door.live(self._platform))
        self._read_at = at

    def _done(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if not task.cancelled():
            task.exception()  # whoever waited has it
