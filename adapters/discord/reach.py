"""Our way to Discord's REST: the client that is logged in now, whether or not its gateway is connected."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.api import TokenRefused, call
from core.errors import DeliveryError, RetryLater

MANY = 20_000


class Reach:
    """Everybody who speaks goes through this, so that a client that fell over can be replaced."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None
        self.stopped = False
        """Discord refused our token: it is not asked again by this process."""

    def use(self, client: discord.Client | None) -> None:
        """From now on through this one."""
        self._client = client

    @property
    def client(self) -> discord.Client:
        """RetryLater while nobody is logged in."""
        if self.stopped:
            raise TokenRefused
        if self._client is None or self._client.is_closed():
            raise RetryLater(1, "Discord is not connected yet", "platform")
        return self._client

    @property
    def me(self) -> int:
        """Our own id."""
        user = self.client.user
        if user is None:
            raise RetryLater(1, "Discord is not connected yet", "platform")
        return user.id

    async def call(self, request: Any) -> Any:
        """`api.call`, which also notices that our token counts no more."""
        try:
            return await call(request)
        except TokenRefused:
            self.stopped = True
            raise

    async def channel(self, id: int) -> Any:
        """A channel or thread, known or asked for. Gone, Forbidden."""
        return self.client.get_channel(id) or await self.call(self.client.fetch_channel(id))

    async def is_forum(self, id: int) -> bool:
        """Whether a channel takes posts only; where Discord does not say, it does not."""
        try:
            return isinstance(await self.channel(id), discord.ForumChannel)
        except DeliveryError:
            return False
