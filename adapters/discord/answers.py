"""What an interaction is answered with after it was acknowledged: always by changing its first answer, which may be done twice.

One interaction has one private answer. Several things said to it stand in it one below the other; what is left over once everything was
dealt with (“thinking…”) is taken away.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import discord
from discord import ui
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

from adapters.discord.api import ACKNOWLEDGED, GONE_INTERACTION, Coded, Expired, Gone
from adapters.discord.cards import fits_together, items, layout
from adapters.discord.heard import Handle
from adapters.discord.reach import Reach
from core.chat import Card, Post
from core.errors import DeliveryError, RetryLater
from core.ports import Clock

KEPT = 4000
"""Interactions to remember."""
PATIENCE = 2.5
"""Seconds an answer waits for the acknowledgement that is on its way."""
FRESH = 4.0
"""Seconds in which an interaction that Discord does not know yet may still become known: another process acknowledges it."""


class Way(StrEnum):
    """How an interaction was acknowledged."""

    THINKING = "thinking"
    """A private “thinking…” stands there."""
    INSTEAD = "instead"
    """A private message of ours is to be replaced by the answer."""
    SILENT = "silent"
    """There is nothing to see, and nothing to say."""


@dataclass
class Told:
    """One interaction, as far as this process knows."""

    way: Way | None = None
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    dealt: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    """It came too late to be answered at all."""
    passing: bool = False
    """Whether something is said in passing because of it."""
    kept: bool = False
    """Whether something goes to the person's direct messages because of it."""
    stubbed: bool = False
    """What was to be kept waits in the answer itself."""
    cards: dict[str, Card] = field(default_factory=dict)
    """Post → what it says in the answer."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Answers:
    """Fills in, and takes away."""

    def __init__(self, reach: Reach, clock: Clock) -> None:
        self._reach = reach
        self._clock = clock
        self._told: OrderedDict[int, Told] = OrderedDict()

    # --- what is known of an interaction ---

    def open(self, interaction: int) -> Told:
        """It came in here and is about to be acknowledged."""
        told = self._told[interaction] = Told()
        if len(self._told) > KEPT:
            self._told.popitem(last=False)
        return told

    def known(self, handle: Handle) -> Told | None:
        """What this process knows."""
        return self._told.get(handle.interaction)

    def dealt(self, handle: Handle, posts: Sequence[Post]) -> bool:
        """Its message was dealt with, and these posts answer it. True where something has to be taken away."""
        told = self.known(handle)
        passing = any(post.audience.kind == "passing" for post in posts)
        kept = any(post.audience.kind == "kept" for post in posts)
        if told is None:
            return not (passing or kept)
        told.passing, told.kept = passing, kept
        told.dealt.set()
        return not (passing or kept)

    # --- saying and taking away ---

    async def say(
        self, handle: Handle, key: str, card: Card, files: Sequence[discord.File] = (), more: Sequence[ui.Item[Any]] = ()
    ) -> bool:
        """In the answer, below what it says already; False where there is no room. Expired where it counts no more."""
        told = await self._acknowledged(handle)
        async with told.lock:
            if told.stubbed and not card.buttons and told.kept:
                return True  # it said that something is in their direct messages, and it is not
            shown = {**told.cards, key: card}
            if not fits_together(list(shown.values())):
                return False
            parts = [item for known, each in shown.items() for item in items(each, known)]
            await self._edit(handle, [*parts, *more], files)
            told.cards = shown
            return True

    async def stub(self, handle: Handle, key: str, card: Card) -> None:
        """Instead of what was said to be in their direct messages."""
        told = await self._acknowledged(handle)
        async with told.lock:
            told.stubbed = True
            told.cards = {known: each for known, each in told.cards.items() if each.buttons}
            shown = {**told.cards, key: card}
            await self._edit(handle, [item for known, each in shown.items() for item in items(each, known)], ())
            told.cards = shown

    async def close(self, handle: Handle) -> None:
        """Nothing is said: take away what stands there for it. Best effort."""
        told = self.known(handle)
        if told and told.way is Way.SILENT:
            return
        try:
            await self._acknowledged(handle)
            if (told and told.way) or await self._loading(handle):
                await self._request("delete_original_interaction_response", handle)
        except DeliveryError:
            return

    async def waits(self, handle: Handle) -> bool:
        """Whether it still says “thinking…”."""
        told = self.known(handle)
        if told and told.way:
            return told.way is not Way.SILENT and not told.cards and not told.passing
        try:
            return await self._loading(handle)
        except DeliveryError:
            return False

    # --- requests ---

    async def _acknowledged(self, handle: Handle) -> Told:
        told = self._told.get(handle.interaction)
        if told is None:  # another process acknowledged it, or this one before it was started again
            told = self.open(handle.interaction)
            told.acked.set()
        if not told.acked.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await told.acked.wait()
        if told.over:
            raise Expired("the interaction was over before it was acknowledged", GONE_INTERACTION[0])
        return told

    def _age(self, handle: Handle) -> float:
        return (self._clock.now() - discord.utils.snowflake_time(handle.interaction)).total_seconds()

    async def _loading(self, handle: Handle) -> bool:
        found = await self._request("get_original_interaction_response", handle)
        return bool(discord.MessageFlags._from_value(found.get("flags", 0)).loading)

    async def _edit(self, handle: Handle, parts: Sequence[ui.Item[Any]], files: Sequence[discord.File]) -> None:
        state = self._reach.client._connection
        with handle_message_parameters(
            view=layout(parts), attachments=list(files), previous_allowed_mentions=state.allowed_mentions, allowed_mentions=None
        ) as params:
            await self._request(
                "edit_original_interaction_response", handle, payload=params.payload, multipart=params.multipart, files=params.files
            )

    async def _request(self, name: str, handle: Handle, **more: Any) -> Any:
        client = self._reach.client
        session = client.http._HTTPClient__session  # type: ignore[attr-defined]
        make = getattr(async_context.get(), name)
        try:
            return await self._reach.call(make(handle.application, handle.token, session=session, **more))
        except Expired as error:
            if error.code == 10015 and self._age(handle) < FRESH:
                raise RetryLater(0.3, "the interaction is not acknowledged yet") from None
            raise
        except Gone as error:  # somebody put the answer away, or Discord did
            raise Expired(str(error), error.code) from None
        except Coded as error:
            if error.code == ACKNOWLEDGED:
                return {}
            raise
