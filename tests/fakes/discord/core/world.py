"""Everything that exists in this Discord, and who is told when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.core.ids import Clock, Snowflakes, bot_token
from tests.fakes.discord.core.models import DM, Channel, File, Guild, Interaction, Message, User
from tests.fakes.discord.core.permissions import Permission, in_channel, sees

PRIVILEGED = {"presences": 1 << 8, "members": 1 << 1, "message_content": 1 << 15}
"""Intents that must be granted, by the name the driver uses."""
APPLICATION_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
"""The `_LIMITED` flags that GET /applications/@me shows for them."""


@dataclass
class Application:
    """The app as its owner set it up in the developer portal."""

    id: int
    name: str
    owner: User
    token: str
    granted: set[str] = field(default_factory=lambda: {"message_content", "members"})
    install_kinds: set[int] = field(default_factory=lambda: {0, 1})
    commands: dict[int | None, dict[int, dict[str, Any]]] = field(default_factory=lambda: {None: {}})
    """Registered commands: of a guild, or of all (None)."""
    commands_created: dict[int | None, int] = field(default_factory=dict)
    """How many were made today, per guild: 200 is the limit."""

    @property
    def flags(self) -> int:
        return sum(APPLICATION_FLAGS[each] for each in self.granted)


@dataclass
class SessionStarts:
    """What GET /gateway/bot says of identifying."""

    shards: int = 1
    """How many shards Discord recommends."""
    max_concurrency: int = 1
    remaining: int = 1000
    until: datetime | None = None
    """When there are a thousand again."""

    def reset_after(self, now: datetime) -> int:
        """Milliseconds until then."""
        return 0 if self.until is None else max(0, int((self.until - now).total_seconds() * 1000))


@dataclass
class Event:
    """A gateway event before it is cut to what one session may know."""

    name: str
    body: dict[str, Any]
    guild_id: int | None = None
    channel: Channel | None = None
    """Sent only where the bot sees it."""
    message: Message | None = None
    """Its content is cut without the intent."""
    without_members: dict[str, Any] | None = None
    """The body for a session that lacks the members intent, where that differs; empty: it gets nothing."""


class World:
    """State and look-ups. Raises what Discord would answer where something does not exist or is not for the bot."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[int, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}
        """By interaction token."""
        self.uploads: dict[int, File] = {}
        """Files in commands and forms, by id: the CDN serves them."""
        self.nonces: dict[tuple[int, str], Message] = {}
        """By author and nonce."""
        self.typing: list[tuple[Channel, User]] = []
        """Who was seen typing, in order."""
        self.api_url = self.gateway_url = self.cdn_url = ""
        self.listeners: list[Callable[[Event], None]] = []
        self.starts = SessionStarts()
        owner = self.add_user("owner", display="The owner")
        bot_id = self.snowflakes.next()
        self.bot = User(bot_id, "coach", bot=True)
        self.users[bot_id] = self.bot
        self.application = Application(bot_id, "coach", owner, bot_token(bot_id))

    def add_user(self, name: str, *, display: str | None = None) -> User:
        """A new account."""
        made = User(self.snowflakes.next(), name, display)
        self.users[made.id] = made
        return made

    def add_channel(self, channel: Channel) -> Channel:
        """Make it findable."""
        self.channels[channel.id] = channel
        if channel.guild is not None:
            channel.guild.channels[channel.id] = channel
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """And its threads."""
        children = [each for each in self.channels.values() if each.parent is channel and each.is_thread]
        for each in (*children, channel):
            self.channels.pop(each.id, None)
            if each.guild is not None:
                each.guild.channels.pop(each.id, None)

    def direct(self, user: User) -> Channel:
        """The DM with a user; made once."""
        for channel in self.channels.values():
            if channel.kind == DM and user.id in channel.recipients:
                return channel
        pair = {user.id: user, self.bot.id: self.bot}
        return self.add_channel(Channel(self.snowflakes.next(), DM, recipients=pair))

    def emit(self, event: Event) -> None:
        """Tell the gateway."""
        for listener in self.listeners:
            listener(event)

    def joined_guilds(self) -> list[Guild]:
        """Those the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot.id in guild.members]

    def mutual(self, user: User) -> bool:
        """Whether the bot may write to a user at all: a server in common, or a user install."""
        return user.installed or any(user.id in guild.members for guild in self.joined_guilds())

    def guild(self, guild_id: int) -> Guild:
        """A guild the bot is in. 10004 otherwise, as Discord answers for a server one has left."""
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise DiscordError(10004)
        return guild

    def user(self, user_id: int) -> User:
        """10013 where there is none."""
        found = self.users.get(user_id)
        if found is None:
            raise DiscordError(10013)
        return found

    def channel(self, channel_id: int, *needs: Permission) -> Channel:
        """A channel that the bot sees and has permissions in: 10003, 50001, 50013 otherwise."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise DiscordError(10003)
        if not sees(channel, self.bot.id):
            raise DiscordError(50001)
        self.require(channel, *needs)
        return channel

    def require(self, channel: Channel, *needs: Permission) -> None:
        """50013 without one of these."""
        bits = in_channel(channel, self.bot.id)
        for need in needs:
            if not bits & need:
                raise DiscordError(50013)

    def may(self, channel: Channel, need: Permission, user_id: int | None = None) -> bool:
        """Whether a user (the bot) has a permission in a channel."""
        return bool(in_channel(channel, self.bot.id if user_id is None else user_id) & need)

    def message(self, channel: Channel, message_id: int) -> Message:
        """10008 where there is none; ephemeral ones are not found with a bot token."""
        found = channel.messages.get(message_id)
        if found is None:
            raise DiscordError(10008)
        return found
