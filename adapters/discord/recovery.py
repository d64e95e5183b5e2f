"""What was said while nobody listened. Discord tells a new session nothing of it, so it is read; by its id nothing counts twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.discord.direct import Direct
from adapters.discord.heard import PLATFORM
from adapters.discord.menus import Notes
from adapters.discord.reach import Reach
from core.chat import Place
from core.delivery import Log
from core.errors import DeliveryError, Refused, StoreUnavailable
from core.ports import Clock, Door

ALIVE = 20.0
"""Seconds between two notes that we are listening."""
EARLIER = timedelta(seconds=150)
"""Read from so long before the last note: clocks differ, and a dead connection is noticed only by a heartbeat that does not come."""
MOST = 1000
"""Messages of one place."""
PATIENCE = 20.0
"""Seconds that what is said now waits for what was said before."""
PAUSES = (1.0, 3.0)
"""Seconds between attempts at reading a place."""
ANY = "discord:alive"
"""Where the number of shards has changed since."""


class Recovery:
    """Notes when we listened last, and reads from there."""

    def __init__(self, reach: Reach, direct: Direct, notes: Notes, clock: Clock, log: Log) -> None:
        self._reach = reach
        self._direct = direct
        self._notes = notes
        self._clock = clock
        self._log = log
        self.unkept: Callable[[], datetime | None] = lambda: None
        """When the oldest message came that is not stored yet."""
        self._deaf: set[int] = set()
        """Shards that hear nothing."""
        self._behind: set[int] = set()
        """Shards whose past was not read yet."""
        self._idle = asyncio.Event()
        self._idle.set()

    # --- what a shard hears ---

    def begins(self, shard: int) -> None:
        """It hears from now on; what was said before is to be read."""
        self._deaf.discard(shard)
        self._behind.add(shard)
        self._idle.clear()

    def deaf(self, shard: int) -> None:
        """It hears nothing."""
        self._deaf.add(shard)

    def hears(self, shard: int) -> None:
        """It does again, and nothing was missed."""
        self._deaf.discard(shard)

    def forget(self) -> None:
        """No shard is ours any more."""
        self._deaf.clear()
        self._behind.clear()
        self._idle.set()

    async def caught_up(self) -> None:
        """Wait until the past was read, or for as long as anybody can be asked to."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._idle.wait()
        except TimeoutError:
            self._log("discord_behind", why="what was said before is still being read")

    # --- reading ---

    async def catch_up(self, door: Door, shard: int, count: int, hear: Callable[[discord.Message], Awaitable[None]]) -> int:
        """Read what this shard's places said since it was last listened to; how many messages that were."""
        read = 0
        try:
            since = await self._since(shard, count)
            if since is not None:
                places = {*(await door.live(PLATFORM)), *(await door.awaited(PLATFORM))}
                for place in sorted(places, key=str):
                    if shard_of(place, count) == shard:
                        read += await self._read(place, since, hear)
            self._behind.discard(shard)
        finally:
            if not self._behind - {shard}:
                self._idle.set()
        await self.note((shard,), count)
        if read:
            self._log("discord_caught_up", messages=read)
        return read

    async def run(self, shards: Callable[[], Sequence[int]], count: int) -> None:
        """Note that we are listening, until cancelled; and once more then."""
        try:
            while True:
                await asyncio.sleep(ALIVE)
                await self.note(shards(), count)
        finally:
            await asyncio.shield(self.note(shards(), count))

    async def note(self, shards: Sequence[int], count: int) -> None:
        """Everything until now was heard by those of these shards that hear, and whose past was read."""
        now = self._clock.now()
        until = min(now, self.unkept() or now).isoformat()
        hearing = [shard for shard in shards if shard not in self._deaf and shard not in self._behind]
        try:
            for key in (*(_key(shard, count) for shard in hearing), *([ANY] if hearing else [])):
                await self._notes.put(key, until)
        except StoreUnavailable as error:  # then the next one reads a little more
            self._log("discord_not_noted", why=str(error))

    async def _since(self, shard: int, count: int) -> datetime | None:
        """When it was listened to last; None where that was never."""
        found = await self._notes.get(_key(shard, count)) or await self._notes.get(ANY)
        return datetime.fromisoformat(found) - EARLIER if found else None

    async def _read(self, place: Place, since: datetime, hear: Callable[[discord.Message], Awaitable[None]]) -> int:
        """Three times, where it is only Discord that stumbles."""
        for pause in (*PAUSES, None):
            read = 0
            try:
                async for message in (await self._channel(place)).history(limit=MOST, after=since, oldest_first=True):
                    await hear(message)
                    read += 1
                return read
            except (DeliveryError, discord.HTTPException, OSError, TimeoutError) as error:
                lasting = isinstance(error, Refused | discord.Forbidden | discord.NotFound)
                why = str(error) if isinstance(error, DeliveryError) else type(error).__name__
                self._log("discord_place_not_read", why=why, again=not lasting and pause is not None)
                if lasting or pause is None:
                    return read
                await asyncio.sleep(pause)
        return 0

    async def _channel(self, place: Place) -> Any:
        if place.direct:
            return await self._reach.channel(await self._direct.channel(int(place.channel.removeprefix("@"))))
        return await self._reach.channel(int(place.thread or place.channel))


def shard_of(place: Place, count: int) -> int:
    """Where events of a place come in. Direct messages come to the first."""
    return 0 if place.direct else (int(place.space) >> 22) % max(1, count)


def _key(shard: int, count: int) -> str:
    return f"{ANY}:{shard}/{count}"
