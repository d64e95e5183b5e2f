"""Words that are shown while the rest is still being worked out.

The first of them go out as a post of their own, through the outbox like everything else, so that what is decided in the end can replace it,
whoever decides it and after whatever crash. What comes in between is only shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from core.chat import Card, Message, Place, Post
from core.delivery import Delivery, Log
from core.errors import Stale, StoreUnavailable
from core.ports import Growing, Platform, Store, Unit

GRACE = 2.0
"""Seconds that one showing may take."""
LOST = ("dead", "skipped")


class Whole:
    """Implements `core.ports.Growing` where messages stand whole or not at all."""

    begun: str | None = None

    async def grow(self, card: Card) -> None:
        """Nothing is shown."""


class Speaker:
    """Implements `core.ports.Voice` for the handling of one message."""

    def __init__(
        self,
        message: Message,
        store: Store,
        delivery: Delivery,
        platforms: Mapping[str, Platform],
        guard: Callable[[Unit], None],
        sign: Callable[[Place, str], object],
        log: Log,
        began: Callable[[Post], None] = lambda post: None,
    ) -> None:
        self._message = message
        self._store = store
        self._delivery = delivery
        self._platforms = platforms
        self._guard = guard
        self._sign = sign
        self._log = log
        self._began = began
        """Told of every post that is begun: whatever is decided has to replace it."""

    async def thinking(self, at: Place) -> None:
        """A sign, not waited for."""
        self._sign(at, "thinking")

    @asynccontextmanager
    async def growing(self, post: Post) -> AsyncIterator[Growing]:
        """A message that may begin before it is whole."""
        platform = self._platforms.get(post.into.platform)
        if platform is None or not platform.beat:
            yield Whole()
            return
        async with self._store.begin() as unit:
            fate = (await unit.fates([post.key])).get(post.key)
        written = _Written(self, post, platform, begun=fate is not None and fate.state not in LOST, barred=fate is not None)
        try:
            yield written
        finally:
            await written.stop()

    async def begin(self, post: Post) -> None:
        """Owe it and send it, if what it answers still waits and the lane is still ours."""
        async with self._store.begin() as unit:
            unit.pends(self._message)
            self._guard(unit)
            unit.post(post)
        self._began(post)
        try:
            await self._delivery.deliver({post.queue})
        except StoreUnavailable as error:  # it is owed; the sweep sends it
            self._log("delivery_put_off", message=self._message.id, why=str(error))

    async def lost(self, post: Post) -> bool:
        """Whether it will never stand there, so that nothing can replace it."""
        try:
            async with self._store.begin() as unit:
                fate = (await unit.fates([post.key])).get(post.key)
        except StoreUnavailable:
            return False
        return fate is not None and fate.state in LOST

    def gave_up(self, error: Exception) -> None:
        """The words come when all of them are there."""
        self._log("not_begun", message=self._message.id, why=type(error).__name__)

    async def show(self, post: Post, platform: Platform, card: Card) -> None:
        """More of it, as far as the platform likes."""
        try:
            async with asyncio.timeout(GRACE):
                if receipt := await self._store.outbox.receipt(post.key):
                    await platform.grow(receipt, card)
        except Exception as error:  # a courtesy
            self._log("grow_failed", platform=platform.name, error=error)


class _Written:
    """One growing message: what is newest is shown, never more often than the platform's beat."""

    def __init__(self, speaker: Speaker, post: Post, platform: Platform, *, begun: bool, barred: bool) -> None:
        self._speaker = speaker
        self._post = post.model_copy(update={"growing": True})
        self._platform = platform
        self._begun = begun
        self._barred = barred
        """An earlier attempt began it: its words are not to be seen changing under somebody's eyes."""
        self._newest: Card | None = None
        self._more = asyncio.Event()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def begun(self) -> str | None:
        return self._post.key if self._begun else None

    async def grow(self, card: Card) -> None:
        if self._barred:
            return
        self._newest = card
        self._more.set()
        if self._task is None:
            self._task = asyncio.create_task(self._write(), name=f"grow {self._post.key}")

    async def stop(self) -> None:
        """What is on its way arrives; nothing follows it."""
        self._ended.set()
        self._more.set()
        if self._task:
            await self._task
            self._begun = self._begun and not await self._speaker.lost(self._post)

    async def _write(self) -> None:
        shown: Card | None = None
        while not self._ended.is_set() and self._newest is not None:
            if self._newest is shown:
                self._more.clear()
                await self._more.wait()
                continue
            shown = self._newest
            if not self._begun:
                self._begun = True
                try:
                    await self._speaker.begin(self._post.model_copy(update={"card": shown}))
                except (Stale, StoreUnavailable) as error:  # nothing of it stands there, and nothing shall
                    self._begun, self._barred = False, True
                    self._speaker.gave_up(error)
                    return
            else:
                await self._speaker.show(self._post, self._platform, shown)
            await self._pause()

    async def _pause(self) -> None:
        """One beat, cut short where it is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._platform.beat):
                await self._ended.wait()
