"""Reactions, whoever makes them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.models import Message, User
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.people import member


def react(world: World, message: Message, who: User, emoji: str) -> None:
    """Once per person and emoji. Emits MESSAGE_REACTION_ADD."""
    users = message.reactions.setdefault(emoji, [])
    if who.id in users:
        return
    users.append(who.id)
    body = _body(message, who, emoji)
    body["message_author_id"] = str(message.author.id)
    guild = message.channel.guild
    if guild is not None and who.id in guild.members:
        body["member"] = member(guild.members[who.id])
    world.emit(Event("MESSAGE_REACTION_ADD", body, message.channel.guild_id, message.channel))


def unreact(world: World, message: Message, who: User, emoji: str) -> None:
    """Emits MESSAGE_REACTION_REMOVE."""
    users = message.reactions.get(emoji, [])
    if who.id not in users:
        return
    users.remove(who.id)
    if not users:
        del message.reactions[emoji]
    world.emit(Event("MESSAGE_REACTION_REMOVE", _body(message, who, emoji), message.channel.guild_id, message.channel))


def _body(message: Message, who: User, emoji: str) -> dict[str, Any]:
    """`type` and `burst` are always there: discord.py falls over without."""
    body: dict[str, Any] = {
        "user_id": str(who.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if message.channel.guild is not None:
        body["guild_id"] = str(message.channel.guild.id)
    return body
