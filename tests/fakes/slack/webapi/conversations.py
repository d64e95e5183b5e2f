"""conversations.*: who is where, and what was said."""

from __future__ import annotations

from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.model import JSON, Channel, Message
from tests.fakes.slack.shapes import channel_json, message_json
from tests.fakes.slack.webapi.access import known, page, readable, timestamp
from tests.fakes.slack.webapi.api import Context, method


@method("conversations.open", "im:write", "mpim:write", "channels:manage", "groups:write")
async def open_(ctx: Context) -> JSON:
    users = [one for one in ctx.args.text("users").split(",") if one]
    if not users:
        if not ctx.args.has("channel"):
            raise ApiError("users_list_not_supplied")
        channel = ctx.team.channels.get(ctx.args.text("channel"))
        if channel is None or channel.kind != "im" or ctx.me not in channel.members:
            raise ApiError("channel_not_found")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    if len(users) > 1:
        raise ApiError("fake_unsupported", messages=["[ERROR] this fake has no group direct messages"])
    user = ctx.team.users.get(users[0])
    if user is None:
        raise ApiError("user_not_found")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.refuses_dm:
        raise ApiError(user.refuses_dm)
    before = len(ctx.team.channels)
    channel = ctx.world.dm(ctx.team, user.id, ctx.me)
    existed = len(ctx.team.channels) == before
    shown = channel_json(ctx.world, channel, ctx.me) if ctx.args.flag("return_im") else {"id": channel.id}
    return ({"no_op": True, "already_open": True} if existed else {}) | {"channel": shown}


@method("conversations.info")
async def info(ctx: Context) -> JSON:
    channel = known(ctx, ctx.args.text("channel"))
    out = channel_json(ctx.world, channel, ctx.me)
    if ctx.args.flag("include_num_members"):
        out["num_members"] = len(channel.members)
    if ctx.args.flag("include_locale"):
        out["locale"] = "en-GB"
    return {"channel": out}


@method("conversations.list", "channels:read", "groups:read", "im:read")
async def list_(ctx: Context) -> JSON:
    names = {"public_channel": "public", "private_channel": "private", "im": "im"}
    kinds = {names.get(one.strip()) for one in ctx.args.text("types", "public_channel").split(",")}
    wanted = [
        channel_json(ctx.world, one, ctx.me)
        for one in ctx.team.channels.values()
        if one.kind in kinds
        and not one.deleted
        and (one.kind == "public" or ctx.me in one.members)
        and not (one.archived and ctx.args.flag("exclude_archived"))
    ]
    shown, following = page(wanted, ctx.args.text("cursor"), ctx.args.number("limit", 100) or 100, "team")
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


@method("conversations.members")
async def members(ctx: Context) -> JSON:
    channel = known(ctx, ctx.args.text("channel"))
    limit = ctx.args.number("limit", 100)
    if limit < 1:
        raise ApiError("invalid_limit")
    shown, following = page(channel.members, ctx.args.text("cursor"), min(limit, 1000), "user")
    return {"members": shown, "response_metadata": {"next_cursor": following}}


@method("conversations.join", "channels:join")
async def join(ctx: Context) -> JSON:
    channel = ctx.team.channels.get(ctx.args.text("channel"))
    if channel is None or channel.deleted or (channel.kind == "private" and ctx.me not in channel.members):
        raise ApiError("channel_not_found")
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    if ctx.me in channel.members:
        ctx.warnings.append("already_in_channel")
    ctx.happenings.join(channel, ctx.me)
    return {"channel": channel_json(ctx.world, channel, ctx.me)}


@method("conversations.leave", "channels:manage", "channels:write", "groups:write")
async def leave(ctx: Context) -> JSON:
    channel = known(ctx, ctx.args.text("channel"))
    if ctx.me not in channel.members:
        return {"not_in_channel": True}
    ctx.happenings.leave(channel, ctx.me)
    return {}


def _window(ctx: Context, messages: list[Message]) -> list[Message]:
    args = ctx.args
    inclusive = args.flag("inclusive")
    now = ctx.world.clock.now()
    kept = [one for one in messages if one.readable_at <= now]
    if args.has("oldest") and args.text("oldest") not in ("0", "0.0"):
        oldest = timestamp(args.text("oldest"), "invalid_ts_oldest")
        kept = [one for one in kept if one.ts > oldest or (inclusive and one.ts == oldest)]
    if args.has("latest"):
        latest = timestamp(args.text("latest"), "invalid_ts_latest")
        kept = [one for one in kept if one.ts < latest or (inclusive and one.ts == latest)]
    return kept


def _size(ctx: Context, default: int) -> int:
    limit = ctx.args.number("limit", default) or default
    if limit < 0:
        raise ApiError("invalid_limit")
    return min(limit, ctx.slack.limits.page)


def _shown(ctx: Context, messages: list[Message]) -> list[JSON]:
    metadata = ctx.args.flag("include_all_metadata")
    return [message_json(ctx.world, one, metadata=metadata) for one in messages]


@method("conversations.history")
async def history(ctx: Context) -> JSON:
    channel = readable(ctx, ctx.args.text("channel"))
    top = [one for one in channel.messages.values() if not one.is_reply or one.broadcast]
    found = sorted(_window(ctx, top), key=lambda one: one.ts, reverse=True)
    shown, following = page(found, ctx.args.text("cursor"), _size(ctx, 100))
    out: JSON = {
        "messages": _shown(ctx, shown),
        "has_more": bool(following),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return out | ({"response_metadata": {"next_cursor": following}} if following else {})


@method("conversations.replies")
async def replies(ctx: Context) -> JSON:
    channel: Channel = readable(ctx, ctx.args.text("channel"))
    if not ctx.args.has("ts"):
        raise missing("ts")
    named = channel.messages.get(timestamp(ctx.args.text("ts"), "thread_not_found"))
    if named is None or named.readable_at > ctx.world.clock.now():
        raise ApiError("thread_not_found")
    root = channel.messages.get(named.thread_ts) if named.is_reply else named
    answers = channel.replies(root.ts if root else named.thread_ts)
    found = sorted(_window(ctx, answers), key=lambda one: one.ts)
    shown, following = page(found, ctx.args.text("cursor"), _size(ctx, 1000))
    out: JSON = {"messages": _shown(ctx, [*([root] if root else []), *shown]), "has_more": bool(following)}
    return out | ({"response_metadata": {"next_cursor": following}} if following else {})
