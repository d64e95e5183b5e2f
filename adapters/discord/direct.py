"""People's direct messages with us: which channel they are, and whether they are open."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from adapters.discord.api import CLOSED, SENTENCES, Closed
from adapters.discord.reach import MANY, Reach

REMEMBERED = 3600.0
"""Seconds for which closed direct messages are not tried again."""


class Direct:
    """Asking for a channel twice gives the same one."""

    def __init__(self, reach: Reach, clock: Callable[[], float] = monotonic) -> None:
        self._reach = reach
        self._clock = clock
        self._channels: dict[int, int] = {}
        self._closed: dict[int, float] = {}

    async def channel(self, user: int) -> int:
        """Its id. Closed where they took none of our messages lately."""
        if self._clock() < self._closed.get(user, 0.0):
            raise Closed(SENTENCES[CLOSED[0]], CLOSED[0])
        known = self._channels.get(user)
        if known is None:
            answer = await self._reach.call(self._reach.client.http.start_private_message(user))
            known = int(answer["id"])
            self.learn(user, known)
        return known

    def learn(self, user: int, channel: int) -> None:
        """They wrote to us there: it is open."""
        if len(self._channels) > MANY:
            self._channels.clear()
        self._channels[user] = channel
        self._closed.pop(user, None)

    def shut(self, user: int) -> None:
        """They did not take a message."""
        if len(self._closed) > MANY:
            self._closed.clear()
        self._closed[user] = self._clock() + REMEMBERED
