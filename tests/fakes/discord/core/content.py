"""The message content intent: what is left of a message for an app that lacks it.

Source: developers/events/gateway#message-content-intent. Empty are content, embeds, attachments, components; poll is omitted.
Kept: what the app wrote, direct messages with it, messages that mention it. A reply mentions the author it replies to when its
ping is on; a reply to an interaction response never does (discord-api-docs issue 5395). Context-menu targets come whole in
the interaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.discord.core.models import Message
    from tests.fakes.discord.core.world import World


def exempt(world: World, message: Message) -> bool:
    """Whether the app may read a message without the intent."""
    return message.channel.guild is None or message.author is world.bot or world.bot.id in message.mentions


def cut(world: World, message: Message, body: dict[str, Any]) -> dict[str, Any]:
    """A message's payload without what the intent covers; the message it replies to is judged by itself."""
    body = dict(body)
    if not exempt(world, message):
        body |= {"content": "", "embeds": [], "attachments": [], "components": []}
        body.pop("poll", None)
    original = message.replied_to
    if original is not None and body.get("referenced_message"):
        body["referenced_message"] = cut(world, original, body["referenced_message"])
    return body


def over_rest(world: World, message: Message, body: dict[str, Any]) -> dict[str, Any]:
    """For REST it counts what the portal grants, not what the session asked for."""
    return body if "message_content" in world.application.granted else cut(world, message, body)
