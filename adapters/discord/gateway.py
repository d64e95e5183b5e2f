"""The gateway: one client for all our shards, made anew after any fall by whoever supervises us; a fatal refusal ends it, in a sentence."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import discord
import discord.gateway

from adapters.discord.api import TokenRefused
from adapters.discord.client import LONGEST_WAIT, Client
from adapters.discord.ears import Ears
from adapters.discord.interactions import Interactions
from adapters.discord.menus import Notes, bring
from adapters.discord.platform import DiscordPlatform
from adapters.discord.suggesting import Suggesting
from core.delivery import Log
from core.errors import StoreUnavailable
from core.ports import Clock, Door

LOOK = 2.0
"""Seconds between two looks for shards that another process let go of."""
CLOSING = 5.0
"""Seconds for a connection to say goodbye."""
FATAL = {
    4004: "Discord does not take DISCORD_TOKEN: copy it from the developer portal → Bot → Reset Token",
    4010: "Discord does not take our shard number; only one Loopcoach version may run with this token",
    4011: "Discord wants this bot to use more shards; start it again",
    4012: "Discord does not speak this version of its gateway any more: update Loopcoach",
    4013: "Discord does not know the intents we ask for: update Loopcoach",
}


class Shard(Protocol):
    """A shard that is this process's."""

    number: int
    lost: asyncio.Event

    async def release(self) -> None:
        """Let another process have it."""


class Shards(Protocol):
    """Who has which. `adapters.database.shards` is it."""

    async def try_take(self, number: int) -> Shard | None:
        """Have it; None while another process does. StoreUnavailable."""


@dataclass(frozen=True)
class Keys:
    """What Discord gave us."""

    token: str
    content: bool = True
    """Whether to ask for the Message Content intent."""
    guild_ready: float = 2.0
    """Seconds to wait for the guilds of a shard."""


class Gateway:
    """Logs in, takes its shards, listens."""

    def __init__(
        self,
        keys: Keys,
        platform: DiscordPlatform,
        interactions: Interactions,
        suggesting: Suggesting,
        notes: Notes,
        shards: Shards,
        clock: Clock,
        log: Log,
    ) -> None:
        self._keys = keys
        self._platform = platform
        self._ears = Ears(platform, interactions, notes, clock, log)
        self._suggesting = suggesting
        self._notes = notes
        self._shards = shards
        self._log = log
        self._content = keys.content
        self._held: list[Shard] = []

    # --- running ---

    async def listen(self, door: Door) -> None:
        """Until cancelled, or until Discord refuses us for good. Raises whatever else made it fall, to be started again."""
        self._ears.open(door)
        client: discord.Client | None = None
        try:
            client, count = await self._log_in()
            await self._take(count)
            client = listening = await self._with_shards(client, count)
            await self._connected(listening, count)
        except discord.PrivilegedIntentsRequired:
            self._content = False
            self._log("discord_without_content", why="the Message Content intent is not granted; going on without it")
            raise
        except (discord.LoginFailure, TokenRefused):
            self._ended(FATAL[4004])
        except discord.ConnectionClosed as error:
            if error.code not in FATAL:
                raise
            self._ended(FATAL[error.code])
        finally:
            await self._close(client)

    async def _log_in(self) -> tuple[discord.Client, int]:
        """Who we are, whether we may read, and how many shards Discord wants. From then on we may speak."""
        client = discord.Client(
            intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none(), max_ratelimit_timeout=LONGEST_WAIT
        )
        await client.login(self._keys.token)
        try:
            if self._content and not _granted(client):
                self._content = False
                self._log("discord_without_content", why="the Message Content intent is switched off for the application")
            count, _, _ = await client.http.get_bot_gateway()
        except BaseException:
            await client.close()
            raise
        self._platform.reads = self._content
        self._ears.denied = self._keys.content and not self._content
        self._platform.reach.use(client)
        return client, int(count)

    async def _take(self, count: int) -> None:
        """At least one shard; until there is one, another process does the listening and this one only speaks."""
        while not self._held:
            await self._take_free(count)
            if not self._held:
                await asyncio.sleep(LOOK)

    async def _take_free(self, count: int) -> list[Shard]:
        mine = {shard.number for shard in self._held}
        found = []
        for number in range(count):
            if number not in mine and (shard := await self._shards.try_take(number)) is not None:
                found.append(shard)
        self._held += found
        return found

    async def _with_shards(self, before: discord.Client, count: int) -> Client:
        """The client that listens, in place of the one that asked; while it logs in, the other one speaks."""
        client = Client(
            self._ears, self._suggesting, content=self._content, guild_ready=self._keys.guild_ready, count=count, ids=self._numbers()
        )
        try:
            await client.login(self._keys.token)
        except BaseException:
            await client.close()
            raise
        self._platform.reach.use(client)
        await before.close()
        return client

    async def _connected(self, client: Client, count: int) -> None:
        connecting = asyncio.create_task(client.connect(), name="discord gateway")
        watching = asyncio.create_task(self._watch(client, count), name="discord shards")
        beside = (
            asyncio.create_task(self._commands(client), name="discord commands"),
            asyncio.create_task(self._ears.recovery.run(self._numbers, count), name="discord alive"),
        )
        try:
            done, _ = await asyncio.wait({connecting, watching}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise ConnectionError("the gateway closed")
        finally:
            for task in (connecting, watching, *beside):
                task.cancel()
            # the library loses a cancellation that comes while it connects anew; closing ends it for certain
            await _closed(client)
            await asyncio.wait((connecting, watching, *beside), timeout=CLOSING)

    async def _watch(self, client: Client, count: int) -> None:
        """Take over what other processes let go of; stop as soon as one of ours may be somebody else's."""
        lost = [asyncio.create_task(shard.lost.wait()) for shard in self._held]
        try:
            while True:
                done, _ = await asyncio.wait(lost, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
                if done:
                    raise ConnectionError("a shard was lost")
                if len(self._held) == count:
                    continue
                with suppress(StoreUnavailable):
                    for shard in await self._take_free(count):
                        lost.append(asyncio.create_task(shard.lost.wait()))
                        await client.launch_shard(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, shard.number)
        finally:
            for task in lost:
                task.cancel()

    async def _commands(self, client: Client) -> None:
        """Tell Discord of our commands where they changed. Whatever goes wrong is tried again at the next start."""
        try:
            if await bring(client.tree, self._notes, client.application_id or 0):
                self._log("discord_commands_told")
        except Exception as error:
            self._log("discord_commands_not_told", error=error)

    def _numbers(self) -> list[int]:
        return [shard.number for shard in self._held]

    def _ended(self, sentence: str) -> None:
        self._platform.reach.stopped = True
        self._log("discord_ended", why=sentence)

    async def _close(self, client: discord.Client | None) -> None:
        self._platform.reach.use(None)
        await self._ears.close()
        await self._platform.close()
        if client:
            await _closed(client)
        held, self._held = self._held, []
        for shard in held:
            await shard.release()


async def _closed(client: discord.Client) -> None:
    with suppress(Exception):
        await asyncio.wait_for(client.close(), CLOSING)


def _granted(client: discord.Client) -> bool:
    flags = client.application_flags
    return flags.gateway_message_content or flags.gateway_message_content_limited
