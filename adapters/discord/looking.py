"""Whether a message of ours arrived: its marker is looked for in the channel's history, newest first. Never guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from adapters.discord.api import Forbidden, Gone
from adapters.discord.cards import marker
from adapters.discord.reach import Reach
from core.errors import Refused, RetryLater, Uncertain
from core.ports import Absent, CannotTell

PAGE = 100
PAGES = 5


class Lookout:
    """Reads histories."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def look(self, channel: int, key: str) -> int | Absent | CannotTell:
        """The message's id; Absent where the channel's newest 500 are not it and there are no more, or where the channel is gone."""
        wanted = {marker(key), marker(f"{key}/words")}
        me = self._reach.me
        seen = 0
        try:
            async for message in self._back(channel):
                seen += 1
                if int(message["author"]["id"]) == me and _marked(message) in wanted:
                    return int(message["id"])
        except Gone:
            return Absent()
        except Forbidden as error:
            return CannotTell(str(error))
        except (RetryLater, Uncertain):
            raise
        except Refused as error:
            return CannotTell(str(error))
        return Absent() if seen < PAGE * PAGES else CannotTell("too much was said there since")

    async def _back(self, channel: int) -> AsyncIterator[Mapping[str, Any]]:
        before: int | None = None
        for _ in range(PAGES):
            page = await self._reach.call(self._reach.client.http.logs_from(channel, PAGE, before=before))
            for message in page:
                yield message
            if len(page) < PAGE:
                return
            before = int(page[-1]["id"])


def _marked(message: Mapping[str, Any]) -> int | None:
    components = message.get("components") or ()
    return components[0].get("id") if components else None
