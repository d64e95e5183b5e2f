"""Who people are, and which channel their direct messages with us are. Both are asked of Slack once in a while and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import call
from core.errors import DeliveryError, Refused

LASTS = 3600.0
"""Seconds a name, a zone and a right are believed."""
UNKNOWN = 30.0
"""Seconds until somebody whom Slack would not tell us about is asked for again."""
PATIENCE = 1.0
"""A person waits for an answer behind this."""
MANY = 20_000


class Clients(Protocol):
    """The client of a workspace."""

    async def client(self, team: str) -> AsyncWebClient:
        """Raises Left where it removed us."""


@dataclass(frozen=True)
class Known:
    """What Slack says of somebody."""

    name: str = ""
    zone: str | None = None
    may_manage: bool = False


NOBODY = Known()


class People:
    """Asks `users.info`, for one person once at a time."""

    def __init__(self, clients: Clients, clock: Callable[[], float] = monotonic) -> None:
        self._clients = clients
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Known]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[Known]] = {}

    async def who(self, team: str, user: str) -> Known:
        """What is known of them; nothing where Slack does not tell in time."""
        key = (team, user)
        until, known = self._known.get(key, (0.0, NOBODY))
        if self._clock() < until:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(key, known))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        try:
            return await asyncio.wait_for(asyncio.shield(task), PATIENCE)
        except TimeoutError:
            return known

    async def _ask(self, key: tuple[str, str], before: Known) -> Known:
        team, user = key
        try:
            client = await self._clients.client(team)
            answer = await call(client.users_info(user=user))
        except DeliveryError:
            known, lasts = before, UNKNOWN
        else:
            known, lasts = _known(answer["user"]), LASTS
        if len(self._known) > MANY:
            self._known.clear()
        self._known[key] = (self._clock() + lasts, known)
        return known


def _known(user: dict[str, object]) -> Known:
    profile = user.get("profile")
    shown = profile if isinstance(profile, dict) else {}
    name = shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name") or ""
    zone = user.get("tz")
    return Known(str(name), str(zone) if zone else None, bool(user.get("is_admin") or user.get("is_owner")))


class DirectMessages:
    """A person's channel with us. Opening it twice gives the same one."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._channels: dict[tuple[str, str], str] = {}

    def learn(self, team: str, user: str, channel: str) -> None:
        """They wrote to us there."""
        if len(self._channels) > MANY:
            self._channels.clear()
        self._channels[(team, user)] = channel

    async def channel(self, team: str, user: str) -> str:
        """Its id. Refused where that person cannot be written to."""
        known = self._channels.get((team, user))
        if known is None:
            client = await self._clients.client(team)
            answer = await call(client.conversations_open(users=user))
            known = str((answer.get("channel") or {}).get("id") or "")
            if not known:
                raise Refused("Slack named no channel for that person")
            self.learn(team, user, known)
        return known
