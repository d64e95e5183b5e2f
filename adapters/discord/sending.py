"""One message into one channel, with the post's own nonce: sent again within minutes, Discord gives back the first one.

Beyond that window a message is known again by its marker, the id of its first component, which only we write.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import Callable
from typing import Any

import discord

from adapters.discord.api import ARCHIVED, Coded, Forbidden
from adapters.discord.cards import CHART, view
from adapters.discord.reach import Reach
from core.chat import Card, Chart, Line
from core.errors import Uncertain


def nonce(key: str) -> str:
    """Names the effect for Discord: at most 25 characters."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:25].decode().lower()


class Sending:
    """Sends and changes messages."""

    def __init__(self, reach: Reach, draw: Callable[[Chart], bytes]) -> None:
        self._reach = reach
        self._draw = draw

    async def send(self, channel: int, card: Card, key: str) -> int:
        """The message's id. A reset connection is tried once more at once: the same nonce is the same message."""
        try:
            return await self._once(channel, card, key)
        except Uncertain:
            return await self._once(channel, card, key)
        except Forbidden:
            if card.chart is None or card.file:
                raise
            return await self._once(channel, in_words(card), f"{key}/words")

    async def change(self, channel: int, message: int, card: Card, key: str) -> None:
        """Other words for a message of ours. An archived thread is opened for it where nobody locked it."""
        try:
            await self._changed(channel, message, card, key)
        except Coded as error:
            if error.code != ARCHIVED:
                raise
            await self._reach.call(self._reach.client.http.edit_channel(channel, archived=False))
            await self._changed(channel, message, card, key)

    async def touch(self, channel: int, message: int, card: Card, key: str) -> None:
        """Other words for a message of ours that is still being written; nothing but words."""
        partial: Any = self._reach.client.get_partial_messageable(channel).get_partial_message(message)
        await self._reach.call(partial.edit(view=view(card, key), allowed_mentions=discord.AllowedMentions.none()))

    async def files(self, card: Card) -> list[discord.File]:
        """What is sent beside the words."""
        found = []
        if card.chart:
            png = await asyncio.to_thread(self._draw, card.chart)
            found.append(discord.File(io.BytesIO(png), CHART, description=card.chart.alt[:1024]))
        if card.file:
            found.append(discord.File(io.BytesIO(card.file.text.encode()), card.file.name))
        return found

    async def _once(self, channel: int, card: Card, key: str) -> int:
        place = self._reach.client.get_partial_messageable(channel)
        files = await self.files(card)
        sent: discord.Message = await self._reach.call(place.send(view=view(card, key), nonce=nonce(key), files=files))
        return sent.id

    async def _changed(self, channel: int, message: int, card: Card, key: str) -> None:
        partial: Any = self._reach.client.get_partial_messageable(channel).get_partial_message(message)
        await self._reach.call(partial.edit(view=view(card, key), attachments=await self.files(card)))


def in_words(card: Card) -> Card:
    """Without the picture, where none may be attached: what it shows stands there."""
    assert card.chart is not None
    return card.model_copy(update={"chart": None, "bullets": (*card.bullets, Line(text=f"{card.chart.title}: {card.chart.alt}"))})
