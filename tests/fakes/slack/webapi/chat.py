"""chat.postMessage, postEphemeral, update, delete, getPermalink."""

from __future__ import annotations

from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, Channel, Message
from tests.fakes.slack.shapes import message_json
from tests.fakes.slack.webapi.access import own_message, seen, timestamp, writable
from tests.fakes.slack.webapi.api import Context, method
from tests.fakes.slack.webapi.compose import Content, content_of, metadata_of, thread_of


def draft(ctx: Context, channel: Channel, content: Content, thread_ts: str = "") -> Message:
    """A message of the calling app, not posted yet."""
    args = ctx.args
    customised = any(args.has(name) for name in ("username", "icon_emoji", "icon_url"))
    if customised:
        ctx.require("chat:write.customize")
    icons: JSON = {}
    if args.has("icon_emoji"):
        icons["emoji"] = args.text("icon_emoji")
    elif args.has("icon_url"):
        icons["image_48"] = args.text("icon_url")
    return Message(
        ts=ctx.world.ids.ts(),
        channel=channel.id,
        team_id=channel.team_id,
        user=ctx.me,
        text=content.text,
        blocks=content.blocks,
        sent_blocks=content.sent_blocks,
        attachments=content.attachments,
        markdown=content.markdown,
        thread_ts=thread_ts,
        app_id=ctx.app.id,
        bot_id=ctx.install.bot_id,
        username=args.text("username"),
        icons=icons,
        unfurl_links=args.maybe_flag("unfurl_links"),
        unfurl_media=args.maybe_flag("unfurl_media"),
    )


@method("chat.postMessage", "chat:write")
async def post_message(ctx: Context) -> JSON:
    if ctx.args.has("as_user") and ctx.args.flag("as_user"):
        raise ApiError("as_user_not_supported")
    channel = writable(ctx, ctx.args.text("channel"))
    content = content_of(ctx)
    metadata = metadata_of(ctx)
    thread_ts = thread_of(ctx, channel.id)
    ctx.slack.limits.post(ctx.app.id, channel.id)
    message = draft(ctx, channel, content, thread_ts)
    message.metadata = metadata or None
    message.broadcast = bool(thread_ts) and ctx.args.flag("reply_broadcast")
    ctx.happenings.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(ctx.world, message, metadata=True)}


@method("chat.postEphemeral", "chat:write")
async def post_ephemeral(ctx: Context) -> JSON:
    user = ctx.args.need("user")
    channel = writable(ctx, ctx.args.text("channel"))
    content = content_of(ctx)
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    message = draft(ctx, channel, content, thread_of(ctx, channel.id))
    message.visible_to = user
    if message.thread_ts and not channel.replies(message.thread_ts):
        ctx.world.complaints.append(f"chat.postEphemeral: nobody sees it in {message.thread_ts}, which has no replies yet")
    else:
        channel.ephemerals.append(message)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
async def update(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel"))
    if channel.archived:
        raise ApiError("is_inactive")
    message = own_message(ctx, channel, ctx.args.need("ts"), "cant_update_message")
    if message.stream and ctx.slack.streaming(message):
        raise ApiError("streaming_state_conflict")
    content = content_of(ctx, update=True)
    metadata = metadata_of(ctx)
    changes: JSON = {"text": content.text, "edits": message.edits + 1, "markdown": content.markdown}
    if content.given_blocks or content.given_text:
        changes |= {"blocks": content.blocks, "sent_blocks": content.sent_blocks}
    if not content.given_text and not content.given_blocks:
        changes["text"] = message.text
    if ctx.args.has("attachments"):
        changes["attachments"] = content.attachments
    if metadata is not None:
        changes["metadata"] = metadata or None
    if not content.sent_blocks:
        changes["edited"] = {"user": ctx.install.bot_user, "ts": f"{int(ctx.world.clock.now()):010d}.000000"}
    ctx.happenings.change(message, **changes)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(ctx.world, message, metadata=True),
    }


@method("chat.delete", "chat:write")
async def delete(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel"))
    message = own_message(ctx, channel, ctx.args.need("ts"), "cant_delete_message")
    ctx.happenings.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
async def permalink(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel"))
    ts = timestamp(ctx.args.need("message_ts"), "message_not_found")
    message = channel.messages.get(ts)
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{ctx.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
