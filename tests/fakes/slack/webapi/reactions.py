"""reactions.add and remove."""

from __future__ import annotations

import re

from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, Message
from tests.fakes.slack.webapi.access import seen
from tests.fakes.slack.webapi.api import Context, method


def _target(ctx: Context) -> tuple[Message, str]:
    name = ctx.args.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?", name):
        raise ApiError("invalid_name")
    if not ctx.args.has("channel") or not ctx.args.has("timestamp"):
        raise ApiError("no_item_specified")
    channel = seen(ctx, ctx.args.text("channel"))
    if ctx.me not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    ts = ctx.args.text("timestamp")
    if not re.fullmatch(r"\d{10}\.\d{6}", ts):
        raise ApiError("bad_timestamp")
    message = channel.messages.get(ts)
    if message is None or message.tombstone:
        raise ApiError("message_not_found")
    return message, name


def _mine(ctx: Context, message: Message, name: str) -> bool:
    return any(one.name == name and ctx.me in one.users for one in message.reactions)


@method("reactions.add", "reactions:write")
async def add(ctx: Context) -> JSON:
    message, name = _target(ctx)
    if _mine(ctx, message, name):
        raise ApiError("already_reacted")
    ctx.happenings.react(message, name, ctx.me)
    return {}


@method("reactions.remove", "reactions:write")
async def remove(ctx: Context) -> JSON:
    message, name = _target(ctx)
    if not _mine(ctx, message, name):
        raise ApiError("no_reaction")
    ctx.happenings.react(message, name, ctx.me, gone=True)
    return {}
