"""Slack's own sign that we are at work in a thread, with its stop button. A courtesy: whatever goes wrong with it is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Literal

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import code_of

Status = Literal["processing", "active"]
LASTS = 45.0
"""Seconds that a sign is good for; Slack itself takes one away after two minutes."""
WORDS = "is reading along…"
"""For workspaces that know only the older way."""
OLDER = ("unknown_method", "method_deprecated", "not_an_agent", "agent_not_enabled", "feature_not_enabled", "not_allowed")


class Signs:
    """Sets the status of threads. A workspace where neither way works is left alone from then on."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._way: dict[str, Literal["sessions", "threads", "none"]] = {}
        self._busy: dict[tuple[str, str, str], float] = {}
        """Thread → since when it says so."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def working(self, client: AsyncWebClient, team: str, channel: str, thread: str) -> None:
        """We are at it there. Said once in a while and not at every word: Slack counts."""
        now = self._clock()
        if now - self._busy.get((team, channel, thread), float("-inf")) > LASTS:
            self._busy[(team, channel, thread)] = now
            await self._set(client, team, channel, thread, "processing")

    def answered(self, client: AsyncWebClient, team: str, channel: str, thread: str | None) -> None:
        """We have just said something there: no sign is needed any more. In the background."""
        if thread and self._busy.pop((team, channel, thread), None) is not None:
            self._later(self._set(client, team, channel, thread, "active"))

    def opened(self, client: AsyncWebClient, team: str, channel: str, thread: str, title: str) -> None:
        """A thread was opened: in the list of conversations it has this title. In the background."""
        if title:
            self._later(self._set(client, team, channel, thread, "active", title))

    async def stopped(self, client: AsyncWebClient, team: str, channel: str, thread: str) -> None:
        """Somebody pressed stop."""
        self._busy.pop((team, channel, thread), None)
        await self._set(client, team, channel, thread, "active")

    async def close(self) -> None:
        """Whatever was still to be set stays as it is."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _set(self, client: AsyncWebClient, team: str, channel: str, thread: str, status: Status, title: str | None = None) -> None:
        way = self._way.get(team, "sessions")
        try:
            if way == "sessions":
                await client.agents_sessions_setStatus(channel_id=channel, thread_ts=thread, status=status, title=title)
            elif way == "threads":
                words = WORDS if status == "processing" else ""
                await client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status=words)
        except SlackApiError as error:
            if code_of(error) in OLDER or code_of(error) == "missing_scope":
                self._way[team] = "threads" if way == "sessions" else "none"
        except Exception:  # a sign is a courtesy
            return

    def _later(self, work: asyncio.Future[None] | object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
