"""Finding what a call names, as far as the caller may see it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import TypeVar

from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import Channel, Message
from tests.fakes.slack.webapi.api import Context

T = TypeVar("T")
_KIND = {"public": "channels", "private": "groups", "im": "im"}


def seen(ctx: Context, id: str) -> Channel:
    """A conversation that the bot may know of: public, or one that it is in."""
    channel = ctx.team.channels.get(id)
    if channel is None or channel.deleted or (channel.kind != "public" and ctx.me not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def readable(ctx: Context, id: str) -> Channel:
    """A conversation whose history the bot may read."""
    channel = seen(ctx, id)
    ctx.require(f"{_KIND[channel.kind]}:history")
    if ctx.me not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def known(ctx: Context, id: str) -> Channel:
    """A conversation whose description the bot may read."""
    channel = seen(ctx, id)
    ctx.require(f"{_KIND[channel.kind]}:read")
    return channel


def writable(ctx: Context, name: str) -> Channel:
    """Where chat.postMessage may post: a conversation by id or name, or a person's direct message by user id."""
    if not name:
        raise ApiError("channel_not_found")
    channel = _addressed(ctx, name)
    if channel.archived:
        raise ApiError("is_archived")
    if ctx.me not in channel.members and not (channel.kind == "public" and "chat:write.public" in ctx.token.scopes):
        raise ApiError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    if channel.read_only:
        raise ApiError("restricted_action_read_only_channel")
    if channel.restricted:
        raise ApiError("restricted_action")
    if channel.kind == "im":
        if not ctx.app.messages_tab:
            raise ApiError("messages_tab_disabled")
        person = next((one for one in channel.members if one != ctx.me), ctx.me)
        refusal = ctx.team.users[person].refuses_dm if person in ctx.team.users else ""
        if refusal:
            raise ApiError(refusal)
    return channel


def _addressed(ctx: Context, name: str) -> Channel:
    if re.fullmatch(r"[UW][A-Z0-9]+", name):
        user = ctx.team.users.get(name)
        if user is None or user.deleted or user.is_bot:
            raise ApiError("channel_not_found")
        return ctx.world.dm(ctx.team, name, ctx.me)
    if re.fullmatch(r"[CGD][A-Z0-9]{8,}", name):
        return seen(ctx, name)
    plain = name.removeprefix("#")
    found = next((one for one in ctx.team.channels.values() if one.kind != "im" and one.name == plain), None)
    if found is None:
        raise ApiError("channel_not_found")
    return seen(ctx, found.id)


def own_message(ctx: Context, channel: Channel, ts: str, refusal: str) -> Message:
    """A message that this app posted."""
    message = channel.messages.get(ts)
    if message is None or message.tombstone:
        raise ApiError("message_not_found")
    if message.user != ctx.me:
        raise ApiError(refusal)
    return message


def timestamp(value: str, error: str) -> str:
    """A timestamp as an argument; a plain number of seconds will do."""
    if not re.fullmatch(r"\d{1,10}(?:\.\d{1,6})?", value):
        raise ApiError(error)
    seconds, _, part = value.partition(".")
    return f"{int(seconds):010d}.{part:0<6}"


def page(items: Sequence[T], cursor: str, limit: int, prefix: str = "next_ts") -> tuple[list[T], str]:
    """One page of `items`, and the cursor of the next or ''."""
    start = 0
    if cursor:
        try:
            kind, _, place = b64decode(cursor, validate=True).decode().partition(":")
            start = int(place)
        except ValueError:
            raise ApiError("invalid_cursor") from None
        if kind != prefix or start > len(items):
            raise ApiError("invalid_cursor")
    end = start + limit
    following = b64encode(f"{prefix}:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), following
