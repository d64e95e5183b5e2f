"""Permissions: the bits, and how roles and overwrites add up (developers/topics/permissions)."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord.core.models import Channel, Guild


class Permission(IntFlag):
    """The bits that something here asks for, and those of a usual server."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    SEND_VOICE_MESSAGES = 1 << 46
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


P = Permission
ALL = sum(P) | (1 << 53) - 1
"""Everything: what an owner or an administrator may do."""
USUAL = (
    P.CREATE_INSTANT_INVITE | P.ADD_REACTIONS | P.STREAM | P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY | P.MENTION_EVERYONE | P.USE_EXTERNAL_EMOJIS | P.CONNECT | P.SPEAK | P.USE_VAD | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS | P.CREATE_PUBLIC_THREADS | P.CREATE_PRIVATE_THREADS | P.USE_EXTERNAL_STICKERS
    | P.SEND_MESSAGES_IN_THREADS | P.USE_EMBEDDED_ACTIVITIES | P.SEND_VOICE_MESSAGES | P.SEND_POLLS | P.USE_EXTERNAL_APPS
)  # fmt: skip
"""What @everyone may do in a new server."""
IN_DM = (
    P.ADD_REACTIONS | P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY | P.MENTION_EVERYONE
    | P.USE_EXTERNAL_EMOJIS | P.USE_APPLICATION_COMMANDS | P.SEND_VOICE_MESSAGES | P.SEND_POLLS | P.PIN_MESSAGES
)  # fmt: skip
"""A direct message has no roles."""


def in_guild(guild: Guild, user_id: int) -> int:
    """Base permissions: @everyone and the member's roles. 0 for a stranger."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if guild.owner_id == user_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role in member.roles:
        bits |= guild.roles[role].permissions
    return ALL if bits & P.ADMINISTRATOR else bits


def in_channel(channel: Channel, user_id: int) -> int:
    """What a user may do in a channel; a thread inherits from its parent. Whether a private thread is seen is asked elsewhere."""
    if channel.guild is None:
        return int(IN_DM) if user_id in channel.recipients else 0
    place = channel.parent if channel.is_thread and channel.parent is not None else channel
    guild = channel.guild
    bits = in_guild(guild, user_id)
    if bits == ALL or not bits:
        return bits
    everyone = place.overwrites.get(guild.id)
    if everyone is not None:
        bits = bits & ~everyone.deny | everyone.allow
    roles = [place.overwrites[role] for role in guild.members[user_id].roles if role in place.overwrites]
    for overwrite in roles:
        bits &= ~overwrite.deny
    for overwrite in roles:
        bits |= overwrite.allow
    own = place.overwrites.get(user_id)
    if own is not None:
        bits = bits & ~own.deny | own.allow
    return _implied(bits, channel)


def _implied(bits: int, channel: Channel) -> int:
    """Who may not look may do nothing; who may not send may not attach either."""
    if not bits & P.VIEW_CHANNEL:
        return 0
    sending = P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES
    if not bits & sending:
        bits &= ~int(P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS)
    return bits


def sees(channel: Channel, user_id: int) -> bool:
    """Whether a channel exists for a user: VIEW_CHANNEL, and for a private thread membership or MANAGE_THREADS."""
    bits = in_channel(channel, user_id)
    if not bits & P.VIEW_CHANNEL:
        return False
    return not channel.is_private_thread or user_id in channel.thread_members or bool(bits & P.MANAGE_THREADS)
