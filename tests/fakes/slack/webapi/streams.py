"""chat.startStream, appendStream, stopStream: messages that grow."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.blockkit.check import check_blocks
from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.model import JSON, Message, Stream
from tests.fakes.slack.shapes import message_json
from tests.fakes.slack.webapi.access import seen, writable
from tests.fakes.slack.webapi.agents import STATUSES, set_session
from tests.fakes.slack.webapi.api import Context, method
from tests.fakes.slack.webapi.chat import draft
from tests.fakes.slack.webapi.compose import MARKDOWN_LIMIT, Content, blocks_of, metadata_of, thread_of
from tests.fakes.slack.writing import received, rich_text, stored

FIELD = 256


@method("chat.startStream", "chat:write")
async def start(ctx: Context) -> JSON:
    channel = writable(ctx, ctx.args.text("channel"))
    if not ctx.args.has("thread_ts") and channel.kind == "im":
        raise missing("thread_ts")
    if channel.kind != "im":
        for name in ("recipient_user_id", "recipient_team_id"):
            if not ctx.args.has(name):
                raise ApiError(f"missing_{name}")
    team, user = ctx.args.text("recipient_team_id"), ctx.args.text("recipient_user_id")
    if team and team not in ctx.world.teams:
        raise ApiError("team_not_found")
    if user and user not in ctx.team.users:
        raise ApiError("user_not_found")
    if ctx.args.text("task_display_mode", "timeline") not in ("timeline", "plan", "dense"):
        raise ApiError("invalid_arguments")
    thread_ts = thread_of(ctx, channel.id)
    stream = Stream(started=ctx.world.clock.now(), recipient=user)
    grow(ctx, stream, required=False)
    ctx.slack.limits.post(ctx.app.id, channel.id)
    message = draft(ctx, channel, Content(""), thread_ts)
    message.stream = stream
    show(ctx, message)
    ctx.happenings.post(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", "chat:write")
async def append(ctx: Context) -> JSON:
    message, stream = running(ctx, appending=True)
    grow(ctx, stream, required=True)
    show(ctx, message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream", "chat:write")
async def stop(ctx: Context) -> JSON:
    message, stream = running(ctx, appending=False)
    status = ctx.args.text("session_status", "active")
    if status not in STATUSES:
        raise ApiError("invalid_arguments", messages=["[ERROR] invalid session_status"])
    blocks = blocks_of(ctx.args.json("blocks", "invalid_blocks_format"))
    check_blocks(blocks)
    metadata = metadata_of(ctx)
    grow(ctx, stream, required=False)
    stream.state = "stopped"
    show(ctx, message, blocks)
    if metadata:
        key = metadata["event_payload"].get("key")
        if key:
            ctx.world.effects[message.channel, str(key)] += 1
    ctx.happenings.change(message, metadata=metadata or message.metadata)
    session = ctx.world.sessions.get((message.channel, message.thread_ts))
    if session:
        set_session(ctx.world, session, status)
    return {"channel": message.channel, "ts": message.ts, "message": message_json(ctx.world, message, metadata=True)}


def running(ctx: Context, *, appending: bool) -> tuple[Message, Stream]:
    """The stream that a call names, if it still takes text."""
    channel = seen(ctx, ctx.args.text("channel"))
    if channel.archived:
        raise ApiError("is_archived")
    message = channel.messages.get(ctx.args.need("ts"))
    if message is None or message.tombstone:
        raise ApiError("message_not_found")
    if message.user != ctx.me:
        raise ApiError("message_not_owned_by_app")
    if message.stream and message.stream.state == "stopped_by_user" and appending:
        raise ApiError("stopped_by_user")
    if message.stream is None or not ctx.slack.streaming(message):
        raise ApiError("message_not_in_streaming_state")
    return message, message.stream


def grow(ctx: Context, stream: Stream, *, required: bool) -> None:
    """Add what a call brings: Markdown text or chunks, never both, never the other kind than before."""
    text = ctx.args.text("markdown_text")
    chunks = ctx.args.json("chunks", "invalid_chunks")
    if text and chunks:
        raise ApiError("cannot_provide_both_markdown_text_and_chunks")
    if required and not text and not chunks:
        raise ApiError("markdown_text_or_chunks_required")
    if chunks is not None and not isinstance(chunks, list):
        raise ApiError("invalid_chunks")
    mode = "markdown_text" if text else "chunks" if chunks else ""
    if mode and stream.mode and mode != stream.mode:
        raise ApiError("streaming_mode_mismatch")
    if len(text) > MARKDOWN_LIMIT:
        raise ApiError("msg_too_long")
    for chunk in chunks or []:
        judge(chunk)
    stream.mode = stream.mode or mode
    stream.text += text
    for chunk in chunks or []:
        take(stream, chunk)


def judge(chunk: Any) -> None:
    """Refuse a chunk that is none."""
    if not isinstance(chunk, dict):
        raise ApiError("invalid_chunks")
    kind = chunk.get("type")
    if kind == "markdown_text" and isinstance(chunk.get("text"), str):
        if len(chunk["text"]) > MARKDOWN_LIMIT:
            raise ApiError("msg_too_long")
    elif kind == "task_update" and chunk.get("id") and chunk.get("title"):
        if chunk.get("status", "pending") not in ("pending", "in_progress", "complete", "error"):
            raise ApiError("invalid_chunks")
        if any(isinstance(chunk.get(name), str) and len(chunk[name]) > FIELD for name in ("title", "details", "output")):
            raise ApiError("msg_too_long")
    elif kind == "plan_update" and isinstance(chunk.get("title"), str):
        if len(chunk["title"]) > FIELD:
            raise ApiError("msg_too_long")
    elif kind == "blocks" and isinstance(chunk.get("blocks"), list):
        check_blocks(chunk["blocks"])
    else:
        raise ApiError("invalid_chunks")


def take(stream: Stream, chunk: JSON) -> None:
    """Let a chunk join: text appends, a task replaces its former self (details append), a title replaces."""
    if chunk["type"] == "markdown_text":
        stream.text += chunk["text"]
    elif chunk["type"] == "task_update":
        before = stream.tasks.get(chunk["id"], {})
        details = str(before.get("details", "")) + str(chunk.get("details") or "")
        stream.tasks[chunk["id"]] = {**before, **chunk, "details": details}
    elif chunk["type"] == "plan_update":
        stream.plan = chunk["title"]
    else:
        stream.blocks += chunk["blocks"]


def show(ctx: Context, message: Message, last: list[JSON] | None = None) -> None:
    """Write the stream's state into its message."""
    stream = message.stream
    assert stream
    message.text = received(stream.text)
    message.markdown = stream.text
    message.sent_blocks = [*stream.blocks, *(last or [])]
    body = [rich_text(message.text, ctx.world.ids)] if stream.text else []
    message.blocks = [*body, *stored(message.sent_blocks, ctx.world.ids)]
