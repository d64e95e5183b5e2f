"""One message at a time in each lane, in the platform's own order; many lanes at once.

Inside a process a task for each lane sees to that. Where there are several processes, the task works only while it holds the lane's lease,
and takes along what other processes let in meanwhile.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Protocol

from core.chat import Message
from core.commands import BY_NAME
from core.errors import LeaseLost

ASK_FROM, ASK_TO = 0.1, 1.0
"""Seconds between two looks at a lane that another process works on."""


class Keeper(Protocol):
    """Who may work on a lane, where several processes could. `core.leases.Keeper` is it."""

    async def take(self, lane: str) -> bool:
        """Have it, or have it longer."""

    async def release(self, lane: str) -> None:
        """Let others have it."""

    async def waiting(self, lane: str) -> Sequence[Message]:
        """What waits there."""


class Lanes:
    """Runs `handle` for each message; messages of one lane wait for one another, urgent ones wait only for urgent ones."""

    def __init__(self, handle: Callable[[Message], Awaitable[None]], keeper: Keeper | None = None) -> None:
        self._handle = handle
        self._keeper = keeper
        self._waiting: dict[str, list[tuple[datetime, int, Message]]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._known: set[str] = set()
        self._arrivals = count()
        self._stopped = False

    def put(self, message: Message) -> bool:
        """Queue it; False where it is queued or being handled already, or nothing is handled any more."""
        if self._stopped or message.id in self._known:
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
        """Cancel all work, and begin no more; what was unfinished stays in the inbox."""
        self._stopped = True
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, lane: str) -> None:
        queue = self._waiting[lane]
        try:
            while queue:
                if self._keeper is None:
                    await self._first(queue)
                else:
                    await self._leased(lane, queue, self._keeper)
        finally:
            self._known.difference_update(message.id for _, _, message in queue)
            del self._workers[lane], self._waiting[lane]

    async def _first(self, queue: list[tuple[datetime, int, Message]]) -> None:
        _, _, message = heapq.heappop(queue)
        try:
            await self._handle(message)
        except LeaseLost:
            raise
        except Exception as error:  # it stays in the inbox; those behind it are not to wait for the next start
            told = {"message": f"{message.id} broke in its lane", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)
        finally:
            self._known.discard(message.id)

    async def _leased(self, lane: str, queue: list[tuple[datetime, int, Message]], keeper: Keeper) -> None:
        """All that waits in the lane, as soon as no other process works there; nothing, where another one did it."""
        pause = ASK_FROM
        while not await keeper.take(lane):
            await asyncio.sleep(pause)
            pause = min(pause * 2, ASK_TO)
        try:
            while queue:
                await self._compare(lane, queue, keeper)
                if queue:
                    await self._first(queue)
        except LeaseLost:  # another process works here by now; what still waits is seen to when it lets go
            return
        finally:
            await keeper.release(lane)

    async def _compare(self, lane: str, queue: list[tuple[datetime, int, Message]], keeper: Keeper) -> None:
        """The queue becomes what the inbox says: other processes let messages in, and dealt with some."""
        waiting = await keeper.waiting(lane)
        for message in waiting:
            self.put(message)
        there = {message.id for message in waiting}
        gone = [item for item in queue if item[2].id not in there]
        for item in gone:
            queue.remove(item)
            self._known.discard(item[2].id)
        heapq.heapify(queue)


def lane_of(message: Message) -> str:
    """The message's lane; what must not queue behind a slow answer has one of its own."""
    command = BY_NAME.get(message.command or "")
    if command and command.slow:
        return f"{message.lane}~{command.name}"
    return f"{message.lane}!" if command and command.urgent else message.lane
