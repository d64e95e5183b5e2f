"""What is heard, kept where it concerns us: in the order it was said in, however long the store is away."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import discord

from adapters.discord import inbound
from adapters.discord.api import SENTENCES
from adapters.discord.heard import GUILD, PLATFORM, person_of
from adapters.discord.interactions import OTHER_VERSION, Interactions
from adapters.discord.menus import Notes
from adapters.discord.platform import DiscordPlatform
from adapters.discord.recovery import Recovery
from core.chat import Card, Kind, Message, Place
from core.delivery import Log
from core.errors import StoreUnavailable
from core.ports import Clock, Door

REMEMBERED = 5000
"""People and places of which is remembered whether they spoke to us."""
NO_CONTENT = (
    "Discord does not let me read plain messages in servers: the Message Content intent is off. Everything works without it: below each "
    "question of a mock stands an *Answer* button, and replies to my messages with the ping on count. To switch it on: developer portal → "
    "your application → Bot → Message Content Intent, then start me again."
)
NO_THREADS = (
    "In the channel of your daily question I may not open threads, so the question stands there without one. Whoever manages the "
    "channel can allow me *Create Public Threads* and *Send Messages in Threads*; I do not write about it again."
)


class Ears:
    """Hands on what people say while there is a door."""

    def __init__(self, platform: DiscordPlatform, interactions: Interactions, notes: Notes, clock: Clock, log: Log) -> None:
        self.platform = platform
        self.interactions = interactions
        self.clock = clock
        self.log = log
        self.recovery = Recovery(platform.reach, platform.direct, notes, clock, log)
        self.recovery.unkept = lambda: min(self._unkept.values(), default=None)
        self.denied = False
        """Whether plain messages were to be read and may not be."""
        self._door: Door | None = None
        self._unkept: dict[str, datetime] = {}
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()
        platform.opening.threadless = self._threadless

    def open(self, door: Door) -> None:
        """From now on to this door."""
        self._door = self.interactions.door = door

    async def close(self) -> None:
        """Nothing is heard any more; what was not kept is read again by whoever listens next."""
        self._door = self.interactions.door = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._unkept.clear()
        self.recovery.forget()

    # --- what happens ---

    def began(self, client: discord.AutoShardedClient, shard: int) -> None:
        """A session knows its servers: read what was said meanwhile, and see where we are now."""
        self.log("discord_listens", shard=shard, servers=len(client.guilds), content=self.platform.reads)
        self._aside(self._catch_up(client, shard))

    async def said(self, message: discord.Message) -> None:
        """Keep it where it concerns us, after what was said before we listened."""
        if message.guild is None or isinstance(message.channel, discord.Thread):
            await self.recovery.caught_up()
        await self._hear(message)

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Counts where a conversation is going on."""
        await self._changed(inbound.edited(payload, self.platform.reach.me))

    async def deleted(self, message: discord.Message) -> None:
        """Likewise."""
        await self._changed(inbound.deleted(message, self.clock.now()))

    async def unknown(self, interaction: discord.Interaction[Any]) -> None:
        """A command that is not ours any more, or not yet."""
        await self.interactions.tell(interaction, Card(text=OTHER_VERSION))

    async def accept(self, message: Message) -> None:
        """Keep it, however long the store is away: Discord does not send it again."""
        door = self._door
        if door is not None:
            await self._patiently(lambda: door.accept(message), message)

    # --- parts ---

    async def _hear(self, message: discord.Message) -> None:
        heard, door = inbound.said(message, self.platform.reach.me), self._door
        if heard is None or door is None:
            return
        if heard.place.direct:
            self.platform.direct.learn(message.author.id, message.channel.id)
        async with self._turn(str(heard.place)):  # what is said in one place is kept in the order it was said in
            live = await self._patiently(lambda: self.platform.live.has(heard.place, door), heard)
            meant = inbound.meant(heard, live)
            if meant is None:
                return
            self._spoke(meant, meant.kind is not Kind.AMBIENT)
            await self.accept(meant)

    async def _changed(self, message: Message | None) -> None:
        door = self._door
        if message is None or door is None:
            return
        if await self._patiently(lambda: self.platform.live.has(message.place, door), message):
            self._spoke(message, False)
            await self.accept(message)

    async def _patiently(self, work: Callable[[], Awaitable[bool]], message: Message) -> bool:
        """Again and again, while the store cannot be used; until then it counts as not heard. Ends with the process's listening."""
        pause = 0.5
        self._unkept[message.id] = message.sent_at
        while self._door is not None:
            try:
                done = await work()
            except StoreUnavailable as error:
                self.log("discord_not_kept", why=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
            else:
                self._unkept.pop(message.id, None)
                return done
        return False

    async def _catch_up(self, client: discord.AutoShardedClient, shard: int) -> None:
        door = self._door
        if door is None:
            return
        while True:
            try:
                await self.recovery.catch_up(door, shard, client.shard_count or 1, self._hear)
                break
            except StoreUnavailable as error:
                self.log("discord_not_caught_up", why=str(error))
                await asyncio.sleep(2)
        for guild in list(client.guilds):
            if guild.shard_id == shard:
                await self.accept(inbound.installed(guild, self.clock.now()))
        if self.denied:
            await self._degraded(client)

    async def _degraded(self, client: discord.Client) -> None:
        """Whoever runs us hears once that plain messages cannot be read."""
        owner = client.application.owner if client.application else None
        if owner is None:
            return
        place = Place(platform=PLATFORM, space=str(client.application_id), channel=GUILD)
        await self.accept(inbound.trouble(place, "content", NO_CONTENT, self.clock.now(), person_of(owner, may_manage=True)))

    def _threadless(self, place: Place) -> None:
        self.log("discord_no_threads", why=SENTENCES[50013])
        self._aside(self.accept(inbound.trouble(place, "threads", NO_THREADS, self.clock.now())))

    def _spoke(self, message: Message, to_us: bool) -> None:
        spoke = self.platform.spoke
        spoke[(str(message.place), message.author.id)] = to_us
        if len(spoke) > REMEMBERED:
            spoke.pop(next(iter(spoke)))

    def _turn(self, lane: str) -> asyncio.Lock:
        lock = self._turns.get(lane)
        if lock is None:
            lock = self._turns[lane] = asyncio.Lock()
        return lock

    def _aside(self, work: Awaitable[object]) -> None:
        async def quietly() -> None:
            try:
                await work
            except Exception as error:
                self.log("discord_aside_failed", error=error)

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
