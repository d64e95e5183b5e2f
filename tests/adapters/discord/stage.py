"""The adapter against a fake Discord, inside the test's own process."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import discord
import discord.asset
import discord.backoff
import discord.client
import discord.gateway
import discord.http
import discord.shard
import discord.webhook.async_

from adapters.database.shards import LocalShards
from adapters.discord.api import point
from adapters.discord.app import Discord, Keys
from adapters.discord.platform import DiscordPlatform
from adapters.discord.reach import Reach
from core.chat import Chart
from core.coach import Coach, Kit
from core.delivery import Delivery
from core.features.drill.gone import undelivered
from core.features.unsent import unsent
from core.panel import Panel, TextMatch
from core.sending import Limits
from scheduler.cadence import cadence_of
from scheduler.jobs import Jobs
from tests.fakes.discord.core.models import Channel, Message
from tests.fakes.discord.people.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.memory_store import MemoryStore
from tests.fakes.world import BANK

PNG = b"\x89PNG\r\n\x1a\n"


def png(chart: Chart) -> bytes:
    """A picture, as far as anybody here looks."""
    return PNG + chart.title.encode()


class _Hurried:
    """asyncio, whose sleeps of the library's between its own attempts are short."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(delay: float, *more: Any) -> None:
        await asyncio.sleep(min(delay, 0.02) if delay >= 1 else delay, *more)


@contextmanager
def pointed(fake: FakeDiscord) -> Iterator[None]:
    """The library speaks to the fake, and to Discord again afterwards."""
    before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, discord.asset.Asset.BASE
    modules: tuple[Any, ...] = (discord.http, discord.client, discord.shard, discord.webhook.async_)
    delay = discord.backoff.ExponentialBackoff.delay
    point(fake.api_url, fake.gateway_url)
    discord.asset.Asset.BASE = fake.cdn_url
    discord.backoff.ExponentialBackoff.delay = lambda self: 0.05  # type: ignore[method-assign]
    for module in modules:
        module.asyncio = _Hurried()
    try:
        yield
    finally:
        discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, discord.asset.Asset.BASE = before
        discord.backoff.ExponentialBackoff.delay = delay  # type: ignore[method-assign]
        for module in modules:
            module.asyncio = asyncio


@asynccontextmanager
async def discord_platform(fake: FakeDiscord) -> AsyncIterator[DiscordPlatform]:
    """The platform alone, logged in and without a gateway."""
    fake.rest.buckets.scale = 0.02
    with pointed(fake):
        platform = DiscordPlatform(Reach(), fake.clock, png)
        client = discord.Client(
            intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none(), max_ratelimit_timeout=30
        )
        await client.login(fake.token)
        platform.reach.use(client)
        try:
            yield platform
        finally:
            await platform.close()
            await client.close()


class MemoryNotes(dict[str, str]):
    """Implements `adapters.discord.menus.Notes`."""

    async def get(self, key: str) -> str | None:  # type: ignore[override]
        return super().get(key)

    async def put(self, key: str, text: str) -> None:
        self[key] = text


class Whole:
    """A whole coach on a fake Discord, in this process: its store is in memory, its client is the real one."""

    def __init__(self, fake: FakeDiscord, *, content: bool = True) -> None:
        self.fake = fake
        self.store = MemoryStore()
        self.notes = MemoryNotes()
        self.content = content
        self.told: list[tuple[str, dict[str, object]]] = []
        self._ids = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        (fake.grant if content else fake.revoke)("message_content")
        fake.world.application.install_kinds.add(1)
        self.guild = fake.guild("The team")
        self.channel: Channel = self.guild.text("interviews")
        self.ada: Person = self.guild.member("Ada")
        self.bob: Person = self.guild.member("Bob")

    def log(self, event: str, **facts: object) -> None:
        self.told.append((event, facts))

    def says(self, event: str) -> list[dict[str, object]]:
        """What was logged under this name."""
        return [facts for name, facts in self.told if name == event]

    async def start(self, *, listens: bool = True) -> None:
        """A process on the same store."""
        clock = self.fake.clock
        self.discord = Discord(Keys(self.fake.token, guild_ready=0.05), BANK, self.notes, LocalShards(), clock, png, self.log)
        self.platform = self.discord.platform

        def tell(post: Any, why: str) -> Any:
            return undelivered(post, why, clock.now()) or unsent(post, why, clock.now())

        limits = Limits(settle=0.05, again=0.05)
        self.delivery = Delivery(self.store, {"discord": self.platform}, clock, self.log, limits, tell)
        kit = Kit(
            bank=BANK,
            panel=Panel(TextMatch(BANK)),
            clock=clock,
            cadence=cadence_of,
            new_id=lambda: f"id{next(self._ids)}",
            rng=random.Random(7),
            log=self.log,
            sign=self.platform.show,
            dealt=self.platform.dealt,
        )
        self.coach = Coach(self.store, self.delivery, kit)
        self.jobs = Jobs(
            store=self.store, bank=BANK, clock=clock, cadence=cadence_of, delivery=self.delivery, take_up=self.coach.take_up, log=self.log
        )
        self._tasks = [asyncio.create_task(self._supervised(), name="discord"), asyncio.create_task(self.delivery.run(), name="delivery")]
        if listens:
            heard = len(self.says("discord_listens"))
            await self.fake.until(lambda: len(self.says("discord_listens")) > heard, 5, "the gateway")
            await self.fake.until(lambda: self.fake.commands, 5, "the commands")

    async def _supervised(self) -> None:
        while True:
            try:
                return await self.platform.run(self.coach)
            except Exception as error:
                self.log("platform_fell", error=error)
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """As after SIGTERM."""
        await self.delivery.drain(1)
        await self.coach.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    @property
    def ended(self) -> bool:
        """Whether the platform gave up for good."""
        return self._tasks[0].done()

    async def hears(self, channel: Channel, words: str = "", *, after: int = 0, timeout: float = 5.0) -> Message:
        """The newest message of the bot with these words, as soon as it is there."""

        def newest() -> Message | None:
            found = [each for each in self.fake.messages(channel, by_bot=True) if words in each.text and each.id > after]
            return found[-1] if found else None

        found: Message = await self.fake.until(newest, timeout, f"{words!r}; logged: {self.told[-5:]}")
        return found

    async def mock(self, where: str = "private") -> tuple[Channel, Message]:
        """Ada's mock, begun: its thread and its first question."""
        await self.ada.slash("mock", {"minutes": 5, "where": where, "question": "order-status-api"}, self.channel)
        thread: Channel = (await self.fake.until(lambda: self.fake.threads(self.channel), 5, "a thread"))[-1]
        opening = await self.hears(self.channel if where == "open" else thread, "Ready when you are")
        await self.ada.presses(opening, "Start")
        return thread, await self.hears(thread, "Order status")


@asynccontextmanager
async def whole(fake: FakeDiscord, *, content: bool = True, starts: bool = True) -> AsyncIterator[Whole]:
    """Running and connected."""
    fake.rest.buckets.scale = 0.02
    fake.gateway.identify_window = 0
    with pointed(fake):
        made = Whole(fake, content=content)
        if starts:
            await made.start()
        try:
            yield made
        finally:
            if made._tasks:
                await made.stop()
