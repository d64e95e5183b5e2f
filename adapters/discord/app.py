"""Discord, put together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from adapters.discord.api import point
from adapters.discord.gateway import Gateway, Keys, Shards
from adapters.discord.interactions import Interactions
from adapters.discord.menus import Notes
from adapters.discord.platform import DiscordPlatform
from adapters.discord.reach import Reach
from adapters.discord.suggesting import Suggesting
from core.chat import Chart
from core.delivery import Log
from core.ports import Clock
from core.questions.bank import Bank

__all__ = ["Discord", "Keys", "point"]


class Discord:
    """The whole adapter. Needs a running loop."""

    def __init__(
        self, keys: Keys, bank: Bank, notes: Notes, shards: Shards, clock: Clock, draw: Callable[[Chart], bytes], log: Log
    ) -> None:
        quiet(log)
        self.platform = DiscordPlatform(Reach(), clock, draw)
        self.interactions = Interactions(self.platform, clock, log)
        self.gateway = Gateway(keys, self.platform, self.interactions, Suggesting(bank), notes, shards, clock, log)
        self.platform.listen = self.gateway.listen

    def erased(self, person: str) -> None:
        """Nothing of this person's is kept in memory any more."""
        self.interactions.drafts.erased(person)


def quiet(log: Log) -> None:
    """The library's own log: what goes wrong is one line of ours, without its text, which may hold what somebody wrote, or a token."""
    library = logging.getLogger("discord")
    for handler in [found for found in library.handlers if isinstance(found, _Retold)]:
        library.removeHandler(handler)
    library.addHandler(_Retold(log))
    library.propagate = False
    library.setLevel(logging.WARNING)


class _Retold(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        more: dict[str, Any] = {"error": error} if error else {}
        self._log("discord_library", why=str(record.msg).split("%")[0].split(".")[0].strip()[:80], **more)
