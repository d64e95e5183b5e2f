"""The library's client, with the intents and limits we want; everything that happens is handed on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord import inbound
from adapters.discord.controls import Choose, Press
from adapters.discord.drafts import Drafted
from adapters.discord.ears import Ears
from adapters.discord.menus import Tree
from adapters.discord.suggesting import Suggesting

LONGEST_WAIT = 30.0
"""Seconds the library waits for a bucket by itself."""
REMEMBERED = 5000
"""Messages the library keeps, so that we know who took one back."""


class Client(discord.AutoShardedClient):
    """Hears for some of the shards."""

    def __init__(self, ears: Ears, suggesting: Suggesting, *, content: bool, guild_ready: float, count: int, ids: Sequence[int]) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=content),
            shard_count=count,
            shard_ids=list(ids),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_WAIT,
            max_messages=REMEMBERED,
            guild_ready_timeout=guild_ready,
            enable_debug_events=False,
        )
        self._ears = ears
        self.interactions = ears.interactions
        self.tree = Tree(self, suggesting)
        self.tree.failed = ears.unknown
        self.add_dynamic_items(Press, Choose, Drafted)

    # --- the connection; not `on_ready`, which does not come when one of several shards begins anew ---

    async def on_shard_connect(self, shard: int) -> None:
        """A new session: what was said before it began is not told."""
        self._ears.recovery.begins(shard)

    async def on_shard_ready(self, shard: int) -> None:
        """It knows its servers."""
        self._ears.began(self, shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """Nothing is heard."""
        self._ears.recovery.deaf(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """Everything was heard after all."""
        self._ears.recovery.hears(shard)

    # --- what people do ---

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        await self._ears.said(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed their words."""
        await self._ears.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Somebody took their words back."""
        if payload.cached_message:
            await self._ears.deleted(payload.cached_message)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Somebody tidied up."""
        for message in payload.cached_messages:
            await self._ears.deleted(message)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Commands and presses come by their own ways; a modal comes by this one, whoever opened it."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.interactions.submitted(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """We were invited."""
        await self._ears.accept(inbound.installed(guild, self._ears.clock.now()))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """We were removed."""
        await self._ears.accept(inbound.removed(guild, self._ears.clock.now()))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        await self._ears.accept(inbound.closed(channel, self._ears.clock.now()))

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """One line of ours, without the library's own, which may hold what somebody wrote."""
        self._ears.log("discord_event_failed", kind=event, error=sys.exc_info()[1])
