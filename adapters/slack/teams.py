"""Which workspaces we are in, who we are there, and with which token we speak there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Api, Left, call
from adapters.slack.heard import Me
from adapters.slack.installs import Installs
from core.errors import RetryLater, StoreUnavailable, Uncertain

LASTS = 60.0
"""Seconds that a workspace is believed to be as it was; another process may have been told that it left."""


@dataclass(frozen=True)
class Team:
    """A workspace we may speak in."""

    me: Me
    client: AsyncWebClient


class Teams:
    """One workspace by its token, others by their installations; either may be absent."""

    def __init__(self, api: Api, token: str | None, installs: Installs | None, clock: Callable[[], float] = monotonic) -> None:
        self._api = api
        self._token = token
        self._installs = installs
        self._clock = clock
        self._own: Team | None = None
        self._starting = asyncio.Lock()
        self._known: dict[str, tuple[float, Team]] = {}

    async def start(self) -> Me | None:
        """Ask who we are by our token, once; None where there is none. DeliveryError where Slack does not say."""
        if self._token is None:
            return None
        async with self._starting:
            if self._own is None:
                client = self._api.client(self._token)
                answer = await call(client.auth_test())
                self._own = Team(Me(answer["team_id"], answer["user_id"], answer.get("bot_id") or ""), client)
        return self._own.me

    async def find(self, team: str) -> Team | None:
        """The workspace; None where nobody there let us in. Raises StoreUnavailable, RetryLater, Left."""
        if self._token and self._own is None:  # what waited for us to start again comes before we know who we are
            await self._begin()
        if self._own and self._own.me.team == team:
            return self._own
        until, known = self._known.get(team, (0.0, None))
        if known and self._clock() < until:
            return known
        bot = await self._installs.bot(team) if self._installs else None
        if bot is None:
            self._known.pop(team, None)
            return None
        found = Team(Me(team, bot.bot_user_id, bot.bot_id or ""), self._api.client(bot.bot_token))
        self._known[team] = (self._clock() + LASTS, found)
        return found

    async def _begin(self) -> None:
        try:
            await self.start()
        except (Left, Uncertain):
            raise RetryLater(15, "Slack does not say who we are: loopcoach doctor slack") from None

    async def client(self, team: str) -> AsyncWebClient:
        """Its client. Left where it is none of ours any more, RetryLater where that cannot be known now."""
        try:
            found = await self.find(team)
        except StoreUnavailable as error:
            raise RetryLater(2, str(error)) from None
        if found is None:
            raise Left("the workspace removed me")
        return found.client

    async def me(self, team: str) -> Me | None:
        """Who we are there, once `client` gave one."""
        found = await self.find(team)
        return found.me if found else None

    async def leave(self, team: str) -> None:
        """It removed us: forget its token. Raises StoreUnavailable."""
        if self._own and self._own.me.team == team:
            self._own = None
            self._token = None
        self._known.pop(team, None)
        if self._installs:
            await self._installs.drop(team)

    def fresh(self, team: str) -> None:
        """It was installed anew."""
        self._known.pop(team, None)
