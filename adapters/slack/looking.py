"""Whether a message of ours arrived: its key is looked for in the channel's history. Never guessed, and never more than needed.

A stream cannot carry a key until it ends. So a growing post is known by its first words too, in a message of ours that has no key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api import Missing, call
from adapters.slack.heard import Me
from adapters.slack.markup import typed
from adapters.text import plain, read
from core.chat import Post
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Absent, CannotTell

EVENT = "loopcoach_post"
"""Type of the metadata that carries a post's key."""
EARLIER = 10.0
"""Seconds before the first attempt from which on is looked; clocks differ."""
PAGE = 200
PAGES = 10
_LETTERS = re.compile(r"[\W_]+")
"""What is left of a text without these is the same before and after Slack wrote it in its own way."""


def metadata(key: str) -> dict[str, Any]:
    """Carries the key of a post with its message, where nobody sees it."""
    return {"event_type": EVENT, "event_payload": {"key": key}}


@dataclass(frozen=True)
class Spot:
    """Where a post went, in Slack's words."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True)
class Found:
    """What the history says."""

    ts: str | None
    """Of the message with the key."""
    file: bool = False
    """Whether the post's file was shared there."""
    streams: bool = False
    """Whether it is a stream that has not ended."""


class Lookout:
    """Reads histories. A search that Slack interrupts goes on where it was."""

    def __init__(self) -> None:
        self._cursors: dict[str, str] = {}

    async def look(
        self, client: AsyncWebClient, spot: Spot, post: Post, since: float | None, me: Me | None = None
    ) -> Found | Absent | CannotTell:
        """Search from `since` (Slack's seconds) on; Absent only after all of it was seen. Raises RetryLater, Uncertain.

        `me`: whose streams are looked at, where the post grows.
        """
        oldest = f"{since - EARLIER:.6f}" if since is not None else "0"
        shared = False
        for _ in range(PAGES):
            try:
                page = await self._page(client, spot, oldest, self._cursors.get(post.key))
            except Missing as error:
                return CannotTell(str(error))
            except (RetryLater, Uncertain):
                raise
            except Refused as error:
                return CannotTell(str(error))
            for message in page.get("messages") or ():
                if _key(message) == post.key:
                    self._cursors.pop(post.key, None)
                    return Found(str(message["ts"]))
                if me and _streams(message, me, post):
                    self._cursors.pop(post.key, None)
                    return Found(str(message["ts"]), streams=True)
                shared = shared or _has_file(message, post)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not (page.get("has_more") and cursor):
                self._cursors.pop(post.key, None)
                return Found(None, file=True) if shared else Absent()
            self._cursors[post.key] = str(cursor)
        self._cursors.pop(post.key, None)
        return CannotTell("too much was said there since")

    async def _page(self, client: AsyncWebClient, spot: Spot, oldest: str, cursor: str | None) -> Mapping[str, Any]:
        common: dict[str, Any] = {"channel": spot.channel, "oldest": oldest, "include_all_metadata": True, "limit": PAGE, "cursor": cursor}
        if spot.thread:
            answer = await call(client.conversations_replies(ts=spot.thread, inclusive=True, **common))
        else:
            answer = await call(client.conversations_history(inclusive=True, **common))
        found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        return found


def _key(message: Mapping[str, Any]) -> str | None:
    data = message.get("metadata") or {}
    return (data.get("event_payload") or {}).get("key") if data.get("event_type") == EVENT else None


def _streams(message: Mapping[str, Any], me: Me, post: Post) -> bool:
    mine = message.get("user") == me.user or (me.bot and message.get("bot_id") == me.bot)
    if not mine or _key(message) is not None:
        return False
    return _letters(typed(str(message.get("text") or ""))).startswith(_letters(plain(read(post.card.text))))


def _letters(text: str) -> str:
    return _LETTERS.sub("", text)


def _has_file(message: Mapping[str, Any], post: Post) -> bool:
    wanted = post.card.file
    return wanted is not None and any(file.get("name") == wanted.name for file in message.get("files") or ())
