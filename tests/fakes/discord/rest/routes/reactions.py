"""Reactions: the bot's own, removing others', who reacted."""

from __future__ import annotations

from urllib.parse import unquote

from tests.fakes.discord.core import reacting, sending
from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.core.models import Channel, Message
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.payloads.people import short_user
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route

BASE = "/channels/{channel_id}/messages/{message_id}/reactions"
MOST = 20


def _target(call: Call, *needs: P) -> tuple[Channel, Message, str]:
    channel = call.world.channel(call.ids["channel_id"])
    if channel.guild is not None:
        call.world.require(channel, P.READ_MESSAGE_HISTORY, *needs)
    message = call.world.message(channel, call.ids["message_id"])
    emoji = unquote(call.texts.get("emoji_name", ""))
    if emoji.isascii() and emoji:
        raise DiscordError(10014)  # custom emoji (`name:id`): no guild here has one
    return channel, message, emoji


@route("PUT", BASE + "/{emoji_name}/@me", bucket="reactions")
async def add(call: Call) -> Reply:
    channel, message, emoji = _target(call)
    sending.active(call.world, channel)
    if emoji not in message.reactions:
        if channel.guild is not None:
            call.world.require(channel, P.ADD_REACTIONS)
        if len(message.reactions) >= MOST:
            raise DiscordError(30010)
    reacting.react(call.world, message, call.world.bot, emoji)
    return NOTHING


@route("DELETE", BASE + "/{emoji_name}/@me", bucket="reactions")
async def remove(call: Call) -> Reply:
    channel, message, emoji = _target(call)
    sending.active(call.world, channel)
    reacting.unreact(call.world, message, call.world.bot, emoji)
    return NOTHING


@route("DELETE", BASE + "/{emoji_name}/{user_id}", bucket="reactions")
async def remove_of(call: Call) -> Reply:
    channel, message, emoji = _target(call, P.MANAGE_MESSAGES)
    sending.active(call.world, channel)
    reacting.unreact(call.world, message, call.world.user(call.ids["user_id"]), emoji)
    return NOTHING


@route("GET", BASE + "/{emoji_name}")
async def users(call: Call) -> Reply:
    _, message, emoji = _target(call)
    after = int(call.query.get("after", 0))
    ids = sorted(each for each in message.reactions.get(emoji, []) if each > after)[: call.number("limit", 25, 100)]
    return Reply(200, [short_user(call.world.users[each]) for each in ids])
