"""The words in which Discord and the core speak of the same things: places, people, ids, and how an interaction is answered later.

A message's id is its snowflake, an interaction's likewise; so that whatever arrives twice is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import discord

from core.chat import Person, Place

PLATFORM = "discord"
DIRECT = "dm"
"""The space of direct messages: a person's are the same whichever guild they are in."""
GUILD = "guild"
"""The channel of what concerns a whole guild."""
ANSWERABLE = timedelta(minutes=14, seconds=30)
"""How long an interaction's token is used; Discord takes it for fifteen minutes."""


def id_of(*parts: object) -> str:
    """`discord:…`."""
    return ":".join((PLATFORM, *map(str, parts)))


def place_of(guild: int | None, channel: int, parent: int | None, user: int) -> Place:
    """A channel, a thread of one, or somebody's direct messages."""
    if guild is None:
        return Place.dm(PLATFORM, DIRECT, str(user))
    if parent is None:
        return Place(platform=PLATFORM, space=str(guild), channel=str(channel))
    return Place(platform=PLATFORM, space=str(guild), channel=str(parent), thread=str(channel))


def person_of(user: discord.abc.User | discord.Object, name: str = "", *, may_manage: bool = False) -> Person:
    """Somebody. Discord says nothing of their zone; a language is none."""
    shown = name or getattr(user, "display_name", "") or str(user.id)
    return Person(key=id_of(user.id), id=str(user.id), name=shown, may_manage=may_manage)


def parent_of(channel: Any) -> int | None:
    """The channel that a thread hangs in; None where it is no thread."""
    return channel.parent_id if isinstance(channel, discord.Thread) else None


def data_of(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    """What came with an interaction, as Discord sent it."""
    return cast(Mapping[str, Any], interaction.data or {})


@dataclass(frozen=True)
class Handle:
    """Answers an interaction after the fact, from any process: `core.chat.Message.handle` is it, packed. Never for a log."""

    application: int
    interaction: int
    channel: int
    token: str

    def packed(self) -> str:
        """As text."""
        return f"{self.application}.{self.interaction}.{self.channel}.{self.token}"

    @classmethod
    def of(cls, text: str) -> Handle | None:
        """From text; None where it is none of ours."""
        parts = text.split(".", 3)
        if len(parts) != 4 or not all(part.isdigit() for part in parts[:3]):
            return None
        return cls(int(parts[0]), int(parts[1]), int(parts[2]), parts[3])

    def counts(self, now: datetime) -> bool:
        """Whether Discord still takes it."""
        return now - discord.utils.snowflake_time(self.interaction) < ANSWERABLE
