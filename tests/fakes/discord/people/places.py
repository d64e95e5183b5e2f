"""A server, as its owner runs it: channels, roles, members, permissions, the bot's coming and going."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.discord.core import joining
from tests.fakes.discord.core.models import ANNOUNCEMENT, CATEGORY, FORUM, TEXT, Channel, Guild, Overwrite, Role, User
from tests.fakes.discord.core.permissions import USUAL
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.channels import channel
from tests.fakes.discord.payloads.people import member, role
from tests.fakes.discord.people.person import Person

REQUIRE_TAG = 1 << 4
Target = Person | Role | User


class Server:
    """Wraps a guild. Whatever is done here is told to the bot, if it is there."""

    def __init__(self, world: World, guild: Guild, person: Callable[[User], Person]) -> None:
        self._world = world
        self._person = person
        self.guild = guild

    @property
    def id(self) -> int:
        return self.guild.id

    @property
    def everyone(self) -> Role:
        """The role of all."""
        return self.guild.roles[self.guild.id]

    @property
    def bot_role(self) -> Role:
        """The bot's own."""
        return next(each for each in self.guild.roles.values() if each.bot_id == self._world.bot.id)

    # Channels -------------------------------------------------------------------------------------------------------------

    def text(self, name: str = "general", **settings: Any) -> Channel:
        """A text channel."""
        return self._channel(name, TEXT, **settings)

    def announcement(self, name: str = "news", **settings: Any) -> Channel:
        """An announcement channel."""
        return self._channel(name, ANNOUNCEMENT, **settings)

    def category(self, name: str) -> Channel:
        """A category."""
        return self._channel(name, CATEGORY)

    def forum(self, name: str = "bank", *, tags: tuple[str, ...] = (), tag_required: bool = False) -> Channel:
        """A forum."""
        kept = [
            {"id": str(self._world.snowflakes.next()), "name": each, "moderated": False, "emoji_id": None, "emoji_name": None}
            for each in tags
        ]
        return self._channel(name, FORUM, tags=kept, flags=REQUIRE_TAG if tag_required else 0)

    def _channel(self, name: str, kind: int, **settings: Any) -> Channel:
        number = self._world.snowflakes.next()
        made = Channel(number, kind, self.guild, name, position=len(self.guild.channels), **settings)
        self._world.add_channel(made)
        self._world.emit(Event("CHANNEL_CREATE", channel(made, self._world.bot.id), self.id))
        return made

    def delete(self, one: Channel) -> None:
        """A channel or thread is gone."""
        joining.delete_channel(self._world, one)

    def allow(self, one: Channel, whom: Target, permissions: int) -> None:
        """Overwrite: allow."""
        self._overwrite(one, whom, allow=permissions)

    def deny(self, one: Channel, whom: Target, permissions: int) -> None:
        """Overwrite: deny."""
        self._overwrite(one, whom, deny=permissions)

    def _overwrite(self, one: Channel, whom: Target, *, allow: int = 0, deny: int = 0) -> None:
        kind, before = 0 if isinstance(whom, Role) else 1, joining.seen(self._world, self.guild)
        current = one.overwrites.setdefault(whom.id, Overwrite(whom.id, kind))
        current.allow = current.allow & ~deny | allow
        current.deny = current.deny & ~allow | deny
        joining.channel_changed(self._world, one)
        joining.sync_threads(self._world, self.guild, before)

    # People and roles -----------------------------------------------------------------------------------------------------

    def role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A role."""
        made = Role(self._world.snowflakes.next(), name, permissions, len(self.guild.roles), mentionable)
        self.guild.roles[made.id] = made
        self._world.emit(Event("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role(made)}, self.id))
        return made

    def permit(self, which: Role, permissions: int) -> None:
        """Set what a role may do, everywhere."""
        before = joining.seen(self._world, self.guild)
        which.permissions = permissions
        self._world.emit(Event("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": role(which)}, self.id))
        joining.sync_threads(self._world, self.guild, before)

    def member(self, name: str, *roles: Role) -> Person:
        """A new person, who joins."""
        user = self._world.add_user(name.lower(), display=name)
        joining.join(self._world, self.guild, user, roles=[each.id for each in roles])
        return self._person(user)

    def join(self, person: Person, *roles: Role) -> Person:
        """Somebody who exists joins."""
        joining.join(self._world, self.guild, person.user, roles=[each.id for each in roles])
        return person

    def give(self, person: Person, which: Role) -> None:
        """A role to a member."""
        who = self.guild.members[person.id]
        who.roles.append(which.id)
        self._world.emit(Event("GUILD_MEMBER_UPDATE", {**member(who), "guild_id": str(self.id)}, self.id))

    def nickname(self, person: Person, nick: str | None) -> None:
        """What somebody is called here."""
        who = self.guild.members[person.id]
        who.nick = nick
        self._world.emit(Event("GUILD_MEMBER_UPDATE", {**member(who), "guild_id": str(self.id)}, self.id))

    # The bot --------------------------------------------------------------------------------------------------------------

    def invite_bot(self, permissions: int = int(USUAL)) -> None:
        """The bot comes, with the permissions of its invite link."""
        if self._world.bot.id not in self.guild.members:
            joining.invite_bot(self._world, self.guild, permissions)

    def kick_bot(self) -> None:
        """The bot goes: GUILD_DELETE, then nothing more from here."""
        joining.part(self._world, self.guild, self._world.bot)

    def goes_dark(self) -> None:
        """An outage of this guild: GUILD_DELETE with `unavailable`."""
        self._world.emit(Event("GUILD_DELETE", {"id": str(self.id), "unavailable": True}, self.id))
        self.guild.available = False

    def comes_back(self) -> None:
        """It is available again: GUILD_CREATE."""
        self.guild.available = True
        self._world.emit(Event("GUILD_CREATE", {}, self.id))
