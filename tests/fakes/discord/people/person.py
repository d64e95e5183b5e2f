"""A person at their client: writes, reacts, types commands, presses, fills in. Does only what Discord would let them do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core import joining, posting, reacting, threads
from tests.fakes.discord.core.mentions import ANYBODY, pinged
from tests.fakes.discord.core.models import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, Channel, File, Flag, Kind, Message, User
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.permissions import sees
from tests.fakes.discord.core.posting import Draft
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.people import member
from tests.fakes.discord.people.commanding import Commanding
from tests.fakes.discord.people.options import Impossible

if TYPE_CHECKING:
    from tests.fakes.discord.people.shown import Wait


MOST_CONTENT = 2000


class Person(Commanding):
    """One human account. Where they last did something is their `place`: what they do next happens there unless told otherwise."""

    def __init__(self, world: World, user: User, wait: Wait) -> None:
        super().__init__(world, user, wait)
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        """As one types it."""
        return f"<@{self.user.id}>"

    @property
    def dm(self) -> Channel:
        """The direct message channel with the bot."""
        return self._world.direct(self.user)

    # Messages -------------------------------------------------------------------------------------------------------------

    async def says(
        self,
        channel: Channel | None,
        text: str = "",
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Sequence[File] = (),
        voice: bool = False,
    ) -> Message:
        """Write. `ping`: whether a reply notifies whom it answers. `channel` None: to the bot, directly."""
        place = self.dm if channel is None else channel
        self._may_write(place)
        if not (text.strip() or files) or len(text) > MOST_CONTENT:
            raise Impossible(f"a message has 1 to {MOST_CONTENT} characters, or files")
        allowed = {**ANYBODY, "replied_user": ping}
        flags = int(Flag.VOICE_MESSAGE) if voice else 0
        draft = Draft(content=text, files=list(files), flags=flags, allowed=allowed, reply_to=reply_to)
        made = posting.post(self._world, place, self.user, draft)
        self.place = place
        await asyncio.sleep(0)
        return made

    async def edits(self, message: Message, text: str) -> None:
        """Change one's own words."""
        if message.author is not self.user:
            raise Impossible("not theirs")
        posting.rewrite(self._world, message, {"content": text})
        await asyncio.sleep(0)

    async def deletes(self, message: Message) -> None:
        """Take one's own words back."""
        if message.author is not self.user and not self._world.may(message.channel, P.MANAGE_MESSAGES, self.id):
            raise Impossible("not theirs")
        posting.delete(self._world, message)
        await asyncio.sleep(0)

    async def reacts(self, message: Message, emoji: str) -> None:
        """Add a reaction."""
        reacting.react(self._world, message, self.user, emoji)
        await asyncio.sleep(0)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take it away."""
        reacting.unreact(self._world, message, self.user, emoji)
        await asyncio.sleep(0)

    async def types(self, channel: Channel) -> None:
        """Their dots appear."""
        body: dict[str, Any] = {
            "channel_id": str(channel.id),
            "user_id": str(self.id),
            "timestamp": int(self._world.clock.now().timestamp()),
        }
        if channel.guild is not None:
            body["guild_id"] = str(channel.guild.id)
            body["member"] = member(channel.guild.members[self.id])
        self._world.typing.append((channel, self.user))
        self._world.emit(Event("TYPING_START", body, channel.guild_id, channel))
        await asyncio.sleep(0)

    # Threads --------------------------------------------------------------------------------------------------------------

    async def starts_thread(self, where: Channel | Message, name: str, *, private: bool = False, text: str = "") -> Channel:
        """From a message, in a channel, or (with a first `text`) as a post in a forum."""
        world = self._world
        if isinstance(where, Message):
            made = threads.create(world, where.channel, self.user, name, kind=PUBLIC_THREAD, thread_id=where.id)
            where.thread, where.flags = made, where.flags | Flag.HAS_THREAD
            threads.starter(world, made, where)
            posting.changed(world, where)
        elif where.kind == FORUM:
            number = world.snowflakes.next()
            made = threads.create(world, where, self.user, name, kind=PUBLIC_THREAD, thread_id=number)
            posting.post(world, made, self.user, Draft(content=text), message_id=number)
        else:
            made = threads.create(world, where, self.user, name, kind=PRIVATE_THREAD if private else PUBLIC_THREAD)
            if not private:
                threads.announce(world, made, self.user)
        await asyncio.sleep(0)
        return made

    async def joins(self, thread: Channel) -> None:
        """Into a public thread."""
        threads.add(self._world, thread, self.user)
        await asyncio.sleep(0)

    async def leaves(self, thread: Channel) -> None:
        """Out of it."""
        threads.remove(self._world, thread, self.user)
        await asyncio.sleep(0)

    async def adds(self, thread: Channel, who: Person | User) -> None:
        """Bring somebody (or the bot) into a thread."""
        threads.add(self._world, thread, who if isinstance(who, User) else who.user, by=self.user)
        await asyncio.sleep(0)

    async def archives(self, thread: Channel, *, locked: bool = False) -> None:
        """Close it; `locked`: so that only moderators open it again."""
        thread.locked = thread.locked or locked
        threads.set_archived(self._world, thread, True)
        await asyncio.sleep(0)

    # Themselves -----------------------------------------------------------------------------------------------------------

    def closes_dms(self) -> None:
        """Takes no direct messages from members of shared servers."""
        self.user.dms_open = False

    def opens_dms(self) -> None:
        """Takes them again."""
        self.user.dms_open, self.user.blocked_bot = True, False

    def blocks_the_bot(self) -> None:
        """For good."""
        self.user.blocked_bot = True

    def installs_the_app(self) -> None:
        """As a user install: commands everywhere, `authorizing_integration_owners` key "1"."""
        self.user.installed = True

    def leaves_guild(self, guild: Any) -> None:
        """Out of a server."""
        joining.part(self._world, getattr(guild, "guild", guild), self.user)

    def sees(self, channel: Channel) -> bool:
        """Whether the channel exists for them."""
        return sees(channel, self.id)

    def reads(self, channel: Channel | None = None) -> list[Message]:
        """All that stands there for their eyes, oldest first: everybody's, and what only they see."""
        place = self.dm if channel is None else channel
        if not self.sees(place):
            return []
        mine = [each for each in place.hidden.values() if each.for_user == self.id]
        return sorted([*place.messages.values(), *mine], key=lambda each: each.id)

    def was_pinged_by(self, message: Message) -> bool:
        """Whether it made a sound."""
        return pinged(message, self.id)

    def _may_write(self, channel: Channel) -> None:
        if channel.guild is None:
            if self.id not in channel.recipients:
                raise Impossible("not their direct message")
            return
        if not sees(channel, self.id):
            raise Impossible(f"{self.user.name} does not see {channel.name!r}")
        need = P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES
        if not self._world.may(channel, need, self.id):
            raise Impossible(f"{self.user.name} may not write in {channel.name!r}")
        if channel.is_thread and channel.locked and not self._world.may(channel, P.MANAGE_THREADS, self.id):
            raise Impossible(f"{channel.name!r} is locked")
        if channel.kind == FORUM:
            raise Impossible("a forum takes posts only")

    def __repr__(self) -> str:
        return f"<{self.user.display or self.user.name}>"


def written(message: Message) -> bool:
    """Not one of Discord's own system messages."""
    return message.kind in Kind.WRITTEN
