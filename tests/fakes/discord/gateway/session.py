"""A gateway session: what it may know, what it was sent, and the connection it is on, if any."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from tests.fakes.discord.core.content import cut
from tests.fakes.discord.core.permissions import sees
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.gateway import intents
from tests.fakes.discord.payloads.guilds import create_event

LIFE = timedelta(minutes=3)
"""How long a session waits to be resumed ("a few minutes", say the docs)."""


class Line(Protocol):
    """Where a session's events go: an open connection."""

    def send(self, text: str) -> None: ...


@dataclass
class Session:
    """Lives on without a connection, until it expires."""

    world: World
    intents: int
    shard: tuple[int, int]
    token: str
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    line: Line | None = None
    sent: list[tuple[int, str, str]] = field(default_factory=list)
    """Sequence, name, frame: for replay."""
    dead: bool = False
    dropped_at: datetime | None = None

    @property
    def sequence(self) -> int:
        """Of the last event."""
        return self.sent[-1][0] if self.sent else 0

    def has(self, intent: int) -> bool:
        """Whether it asked for an intent."""
        return bool(self.intents & intent)

    def expired(self, now: datetime) -> bool:
        """Too late to resume."""
        return self.dead or (self.dropped_at is not None and now - self.dropped_at > LIFE)

    def covers(self, guild_id: int | None) -> bool:
        """Sharding: a guild's events go to one shard, everything without a guild to shard 0."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)

    def cut(self, event: Event) -> dict[str, Any] | None:
        """The event as this session may see it; None: not at all."""
        world, bot = self.world, self.world.bot
        # One's own GUILD_MEMBER_UPDATE needs no intent (developers/events/gateway#caveats).
        own = event.name == "GUILD_MEMBER_UPDATE" and event.body["user"]["id"] == str(bot.id)
        wanted = own or intents.wanted(event.name, self.intents, guild=event.guild_id is not None)
        if not self.covers(event.guild_id) or not wanted:
            return None
        if event.name == "INTERACTION_CREATE":
            return event.body
        guild = world.guilds.get(event.guild_id or 0)
        gone = event.name == "GUILD_DELETE"
        if event.guild_id is not None and not gone and (guild is None or bot.id not in guild.members):
            return None
        if guild is not None and not guild.available and not gone:
            return None
        if event.channel is not None and not sees(event.channel, bot.id):
            return None
        if event.without_members is not None and not self.has(intents.MEMBERS):
            return event.without_members or None
        if event.name == "GUILD_CREATE" and guild is not None:
            body = create_event(world, guild, all_members=self.has(intents.PRESENCES))
            # `unavailable: false` says "available again"; a guild that is new to the bot has no such key.
            return {key: value for key, value in body.items() if key != "unavailable" or not event.body.get("joined")}
        if event.message is not None and not self.has(intents.CONTENT):
            return cut(world, event.message, event.body)
        return event.body

    def push(self, name: str, body: dict[str, Any]) -> None:
        """Number an event, keep it for replay, send it where there is a connection."""
        number = self.sequence + 1
        frame = json.dumps({"op": 0, "s": number, "t": name, "d": body})
        self.sent.append((number, name, frame))
        if self.line is not None:
            self.line.send(frame)

    def replay(self, after: int) -> None:
        """Send again what the client has not seen."""
        assert self.line is not None
        for number, _, frame in self.sent:
            if number > after:
                self.line.send(frame)
