"""Coming and going: of members, of the bot, of channels."""

from __future__ import annotations

from tests.fakes.discord.core.models import Channel, Guild, Member, Role, User
from tests.fakes.discord.core.permissions import sees
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.channels import channel, gone_thread, thread, thread_member
from tests.fakes.discord.payloads.people import member, short_user


def join(world: World, guild: Guild, who: User, *, roles: list[int] | None = None) -> Member:
    """A person joins a guild."""
    made = Member(who, world.clock.now(), roles or [])
    guild.members[who.id] = made
    world.emit(Event("GUILD_MEMBER_ADD", {**member(made), "guild_id": str(guild.id)}, guild.id))
    return made


def invite_bot(world: World, guild: Guild, permissions: int) -> Member:
    """The bot joins with a role of its own that has the permissions of the invite link."""
    role = Role(world.snowflakes.next(), world.bot.name, permissions, len(guild.roles), bot_id=world.bot.id)
    guild.roles[role.id] = role
    made = Member(world.bot, world.clock.now(), [role.id])
    guild.members[world.bot.id] = made
    world.emit(Event("GUILD_CREATE", {"joined": True}, guild.id))
    return made


def part(world: World, guild: Guild, who: User) -> None:
    """Somebody leaves or is kicked. The bot hears GUILD_DELETE of itself and nothing after it."""
    guild.members.pop(who.id, None)
    for each in guild.channels.values():
        each.thread_members.pop(who.id, None)
    if who is world.bot:
        guild.roles = {key: role for key, role in guild.roles.items() if role.bot_id != who.id}
        world.emit(Event("GUILD_DELETE", {"id": str(guild.id)}, guild.id))
    else:
        world.emit(Event("GUILD_MEMBER_REMOVE", {"guild_id": str(guild.id), "user": short_user(who)}, guild.id))


def delete_channel(world: World, one: Channel) -> None:
    """A channel with its threads, or a thread, is gone for good."""
    name, body = ("THREAD_DELETE", gone_thread(one)) if one.is_thread else ("CHANNEL_DELETE", channel(one, world.bot.id))
    world.emit(Event(name, body, one.guild_id, one))
    world.remove_channel(one)


def seen(world: World, guild: Guild) -> set[int]:
    """Channels that the bot sees, to be compared after a change of permissions."""
    return {each.id for each in guild.channels.values() if not each.is_thread and sees(each, world.bot.id)}


def sync_threads(world: World, guild: Guild, before: set[int]) -> None:
    """THREAD_LIST_SYNC: the active threads of channels that the bot did not see before (topics/threads#channel-access)."""
    gained = seen(world, guild) - before
    if not gained or world.bot.id not in guild.members:
        return
    bot = world.bot.id
    active = [each for each in guild.channels.values() if each.is_thread and not each.archived and sees(each, bot)]
    found = [each for each in active if each.parent is not None and each.parent.id in gained]
    body = {
        "guild_id": str(guild.id),
        "channel_ids": [str(each) for each in sorted(gained)],
        "threads": [thread(each, bot) for each in found],
        "members": [thread_member(each, each.thread_members[bot]) for each in found if bot in each.thread_members],
    }
    world.emit(Event("THREAD_LIST_SYNC", body, guild.id))


def channel_changed(world: World, one: Channel) -> None:
    """Emit CHANNEL_UPDATE."""
    world.emit(Event("CHANNEL_UPDATE", channel(one, world.bot.id), one.guild_id))
