"""One message at a time in each lane, in the platform's own order; many lanes at once."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

from core.chat import Message
from core.commands import BY_NAME


class Lanes:
    """Runs `handle` for each message; messages of one lane wait for one another, urgent ones wait only for urgent ones."""

    def __init__(self, handle: Callable[[Message], Awaitable[None]]) -> None:
        self._handle = handle
        self._waiting: dict[str, list[tuple[datetime, int, Message]]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._known: set[str] = set()
        self._arrivals = count()

    def put(self, message: Message) -> bool:
        """Queue it; False where it is queued or being handled already."""
        if message.id in self._known:
            return False
        self._known.add(message.id)
        lane = lane_of(message)
        heapq.heappush(self._waiting.setdefault(lane, []), (message.sent_at, next(self._arrivals), message))
        if lane not in self._workers:
            self._workers[lane] = asyncio.create_task(self._work(lane), name=f"lane {lane}")
        return True

    async def settle(self) -> None:
        """Wait until nothing is queued or being handled."""
        while self._workers:
            await asyncio.wait(set(self._workers.values()))

    async def stop(self) -> None:
        """Cancel all work; what was unfinished stays in the inbox."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, lane: str) -> None:
        queue = self._waiting[lane]
        try:
            while queue:
                _, _, message = heapq.heappop(queue)
                try:
                    await self._handle(message)
                finally:
                    self._known.discard(message.id)
        finally:
            del self._workers[lane], self._waiting[lane]


def lane_of(message: Message) -> str:
    """The message's lane; what must not queue behind a slow answer has one of its own."""
    command = BY_NAME.get(message.command or "")
    return f"{message.lane}!" if command and command.urgent else message.lane
