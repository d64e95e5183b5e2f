"""Messages that grow on Discord: edits of them, never more than Discord lets through.

What is known here dies with the process, and nothing depends on it: the last words are an edit as any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.discord.cards import fit
from core.chat import Card, Post
from core.errors import RetryLater

BEAT = 1.2
"""Seconds between two edits in one channel: of the five in five seconds that it takes, one is left for last words."""
APART = BEAT - 0.05
"""The same as it is kept here: whoever comes after a beat by another clock is not to wait for one more."""
MANY = 1000

Change = Callable[[int, int, Card, str], Awaitable[None]]
"""Channel, message, card and the post's key."""


@dataclass
class Growth:
    """A message that is being written."""

    key: str
    """Of its post: the message is known by it."""
    over: bool = False
    """Nothing more is shown of it."""
    task: asyncio.Task[None] | None = None
    """The edit that is under way."""


class Growing:
    """`change` edits a message, `seconds` is a clock."""

    def __init__(self, change: Change, seconds: Callable[[], float]) -> None:
        self._change = change
        self._seconds = seconds
        self._growing: dict[int, Growth] = {}
        self._free: dict[int, float] = {}
        """Channel → no edit before."""
        self._busy: set[int] = set()
        """Channels in which an edit is under way: the library sleeps until Discord lets it through."""

    def began(self, channel: int, message: int, post: Post) -> None:
        """This message is being written."""
        if len(self._growing) >= MANY:
            self._growing.pop(next(iter(self._growing)))
        if len(self._free) >= MANY:
            self._free.clear()
        self._growing[message] = Growth(post.key)
        self._free[channel] = max(self._free.get(channel, 0.0), self._seconds() + APART)

    async def grow(self, channel: int, message: int, card: Card) -> None:
        """Show how far it is, or nothing where an edit would have to wait: the next one has it all."""
        growth, now = self._growing.get(message), self._seconds()
        if growth is None or growth.over or channel in self._busy or now < self._free.get(channel, now):
            return
        self._free[channel] = now + APART
        self._busy.add(channel)
        growth.task = task = asyncio.create_task(self._grow(channel, message, growth, card))
        await asyncio.wait({task}, timeout=BEAT)

    async def end(self, message: int) -> None:
        """Nothing is added any more: what comes now are the last words. An edit that still sleeps would come after them."""
        growth = self._growing.get(message)
        if growth is None:
            return
        growth.over = True
        if growth.task:  # not cancelled: the library would never wake those who sleep with it
            await asyncio.wait({growth.task})

    def forget(self, message: int) -> None:
        """It has its last words."""
        self._growing.pop(message, None)

    async def close(self) -> None:
        """What was still to be shown is not."""
        tasks = [growth.task for growth in self._growing.values() if growth.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _grow(self, channel: int, message: int, growth: Growth, card: Card) -> None:
        try:
            await self._change(channel, message, fit(card)[0], growth.key)
        except RetryLater as error:
            self._free[channel] = self._seconds() + error.after
        except Exception:  # a courtesy, and its last words are tried again as often as need be
            growth.over = True
        finally:
            growth.task = None
            self._busy.discard(channel)
