"""Messages that grow: in one of Slack's streams where it lets us, else as a message that is changed now and then.

What is known here dies with the process, and nothing depends on it: whoever delivers the last words finds out whether a stream is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Left, Streaming, call, code_of, meaning
from adapters.slack.cards import blocks, fallback
from adapters.slack.fitting import fit
from adapters.slack.flowing import streamed
from adapters.slack.looking import Spot, metadata
from core.chat import Card, Post
from core.errors import Refused, RetryLater, Uncertain

BEAT = 1.0
"""Seconds between two pieces of one message."""
REFUSED = 3600.0
"""Seconds that a workspace is believed to know no streams; somebody may install the app anew."""
APPENDS = 0.65
"""Seconds between two pieces in one workspace: Slack takes some hundred a minute."""
CHANGES = 2.0
"""The same for changes, of which it takes fifty: some must be left for last words."""
CHANGE = 3.0
"""Seconds between two changes of one message."""
MANY = 1000
WITHOUT = (
    "unknown_method",
    "method_deprecated",
    "missing_scope",
    "no_permission",
    "feature_not_enabled",
    "agent_not_enabled",
    "not_agent_app",
    "not_an_agent",
    "not_authorized",
    "channel_type_not_supported",
)
"""There are no streams there; `not_allowed` and what begins so says the same."""
ENDED = "message_not_in_streaming_state"


@dataclass
class Growth:
    """A message that is being written."""

    key: str
    """Of its post."""
    streams: bool
    shown: str = ""
    """What the stream holds."""
    changed: float = float("-inf")
    over: bool = False
    """Nothing more is shown of it."""
    task: asyncio.Task[None] | None = None
    """Shows more of it, at this moment."""


class Streams:
    """`seconds`: a clock."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._growing: dict[tuple[str, str], Growth] = {}
        """By channel and time."""
        self._free: dict[tuple[str, str], float] = {}
        """Workspace and what is done there → not before."""

    async def begin(self, client: AsyncWebClient, post: Post, spot: Spot, *, direct: bool) -> str | None:
        """Begin a stream: its message's time; None where an ordinary message has to do."""
        team, person = recipient(post)
        text = streamed(post.card.text)
        way = (post.into.space, "start in private" if direct else "start")
        if spot.thread is None or not text or not (person or direct) or not self._may(way):
            return None
        ts = await call(self._started(client, spot, text, team, person, way))
        if ts:
            self.began(spot.channel, ts, post, streams=True)
        return ts

    def began(self, channel: str, ts: str, post: Post, *, streams: bool = False) -> None:
        """This message is being written."""
        if len(self._growing) >= MANY:
            self._growing.pop(next(iter(self._growing)))
        shown = streamed(post.card.text) if streams else ""
        self._growing[channel, ts] = Growth(post.key, streams, shown, self._seconds())

    async def grow(self, client: AsyncWebClient, team: str, channel: str, ts: str, card: Card) -> None:
        """Show how far it is. While Slack hesitates nobody waits, and nothing is said twice: the next piece has it all."""
        growth = self._growing.get((channel, ts))
        if growth is None or growth.over or growth.task:
            return
        growth.task = task = asyncio.create_task(self._grow(client, team, channel, ts, growth, card))
        await asyncio.wait({task}, timeout=BEAT)

    async def end(self, client: AsyncWebClient, channel: str, ts: str) -> bool:
        """Nothing is added any more: it may be changed as any other. Whether it was one that grew."""
        growth = self._growing.get((channel, ts))
        if growth is None:
            return False
        growth.over = True
        if growth.task:  # a piece that came after the last words would be the last word
            await asyncio.wait({growth.task})
        if growth.streams:
            await self.stop(client, channel, ts)
            growth.streams = False
        return True

    async def stop(self, client: AsyncWebClient, channel: str, ts: str) -> None:
        """Close a stream, whoever began it; one that is closed already is left. RetryLater, Uncertain, Left."""
        try:
            await call(client.chat_stopStream(channel=channel, ts=ts))
        except Left:
            raise
        except RetryLater as error:  # too many streams end in this workspace; the channel as such may be written to
            raise RetryLater(error.after, str(error), "platform" if error.reach == "platform" else "post") from None
        except Refused:  # whether it can be changed now, the change says
            return

    def forget(self, channel: str, ts: str) -> None:
        """It has its last words."""
        self._growing.pop((channel, ts), None)

    async def close(self) -> None:
        """What was still to be shown is not."""
        tasks = [growth.task for growth in self._growing.values() if growth.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- one call each ---

    async def _started(
        self, client: AsyncWebClient, spot: Spot, text: str, team: str | None, person: str | None, way: tuple[str, str]
    ) -> str | None:
        try:
            answer = await client.chat_startStream(
                channel=spot.channel,
                thread_ts=spot.thread or "",
                markdown_text=text,
                recipient_team_id=team,
                recipient_user_id=person,
            )
        except SlackApiError as error:
            meant, code = meaning(error), code_of(error)
            if isinstance(meant, Left | Uncertain):
                raise
            if isinstance(meant, RetryLater):
                self._hold(way, meant.after)
            elif code in WITHOUT or code.startswith("not_allowed"):
                self._hold(way, REFUSED)
            return None
        return str(answer["ts"])

    async def _grow(self, client: AsyncWebClient, team: str, channel: str, ts: str, growth: Growth, card: Card) -> None:
        way = (team, "append" if growth.streams else "change")
        try:
            if growth.streams:
                await self._append(client, way, channel, ts, growth, card)
            else:
                await self._change(client, way, channel, ts, growth, card)
        except SlackApiError as error:
            meant = meaning(error)
            if isinstance(meant, RetryLater) and not isinstance(meant, Streaming):
                self._hold(way, meant.after)
            elif code_of(error) == ENDED:  # after five minutes, or a long pause: from now on it is changed
                growth.streams = False
            else:
                growth.over = True
        except Exception:  # a courtesy; but whether a piece of a stream arrived cannot be known, and it must not stand there twice
            growth.over = growth.over or growth.streams
        finally:
            growth.task = None

    async def _append(self, client: AsyncWebClient, way: tuple[str, str], channel: str, ts: str, growth: Growth, card: Card) -> None:
        text = streamed(card.text)
        more = text[len(growth.shown) :] if text.startswith(growth.shown) else ""
        if more.strip() and self._may(way, APPENDS):
            await client.chat_appendStream(channel=channel, ts=ts, markdown_text=more)
            growth.shown = text

    async def _change(self, client: AsyncWebClient, way: tuple[str, str], channel: str, ts: str, growth: Growth, card: Card) -> None:
        now = self._seconds()
        if now - growth.changed < CHANGE or not self._may(way, CHANGES):
            return
        growth.changed = now
        first, key = fit(card)[0], metadata(growth.key)
        await client.chat_update(channel=channel, ts=ts, text=fallback(first), blocks=blocks(first), metadata=key)

    def _may(self, way: tuple[str, str], apart: float = 0.0) -> bool:
        """Whether it is its turn; then the next one's is `apart` later."""
        now = self._seconds()
        if now < self._free.get(way, now):
            return False
        if apart:
            self._free[way] = now + apart
        return True

    def _hold(self, way: tuple[str, str], seconds: float) -> None:
        self._free[way] = self._seconds() + seconds


def recipient(post: Post) -> tuple[str | None, str | None]:
    """The workspace and the id of the person for whom it grows: whose talk it is. Others in a channel see it whole at the end."""
    key = post.audience.person.key if post.audience.person else post.about or ""
    _, _, rest = key.partition(":")
    team, _, person = rest.partition(":")
    return (team, person) if team and person else (None, None)
