"""Agent sessions, and the assistant methods that agents still use."""

from __future__ import annotations

from tests.fakes.slack.errors import ApiError, missing
from tests.fakes.slack.model import JSON, Channel, Session
from tests.fakes.slack.webapi.access import seen
from tests.fakes.slack.webapi.api import Context, method
from tests.fakes.slack.world import Prompts, World

STATUSES = ("active", "processing", "suspended", "closed")
NO_STOP = "missing_agent_session_stopped_event_subscription"


def set_session(world: World, session: Session, status: str) -> None:
    session.status, session.changed = status, world.clock.now()


def _place(ctx: Context) -> tuple[Channel, str]:
    try:
        channel = seen(ctx, ctx.args.text("channel_id"))
    except ApiError:
        raise ApiError("channel_not_found") from None
    if ctx.me not in channel.members:
        raise ApiError("not_authorized")
    thread_ts = ctx.args.text("thread_ts")
    if not thread_ts:
        raise ApiError("thread_ts_required")
    if not ctx.app.agent:
        raise ApiError("not_agent_app")
    return channel, thread_ts


@method("agents.sessions.setStatus", "chat:write")
async def set_status(ctx: Context) -> JSON:
    status = ctx.args.need("status")
    if status not in STATUSES:
        raise ApiError("invalid_status")
    channel, thread_ts = _place(ctx)
    if any(ctx.args.has(name) for name in ("icon_emoji", "icon_url", "username")):
        ctx.require("chat:write.customize")
    initiator = ctx.args.text("initiator_user_id")
    if initiator and initiator not in channel.members:
        raise ApiError("user_not_found")
    key = (channel.id, thread_ts)
    session = ctx.world.sessions.get(key)
    if session is None:
        title = ctx.args.text("title")
        if len(title) > 200:
            raise ApiError("invalid_arguments", messages=["[ERROR] must be less than 201 characters [json-pointer:/title]"])
        session = ctx.world.sessions[key] = Session(channel.id, thread_ts, status, title, initiator)
    set_session(ctx.world, session, status)
    if "agent_session_stopped" not in ctx.app.events:
        ctx.warnings.append(NO_STOP)
    return {"status": status, "agent_status": status, "title": session.title}


@method("agents.sessions.rename", "chat:write")
async def rename(ctx: Context) -> JSON:
    title = ctx.args.need("title")
    channel, thread_ts = _place(ctx)
    session = ctx.world.sessions.get((channel.id, thread_ts))
    if session is None:
        raise ApiError("session_not_found")
    if len(title) > 200:
        raise ApiError("invalid_name")
    session.title = title
    return {"title": title}


@method("assistant.threads.setStatus", "chat:write", "assistant:write")
async def thread_status(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel_id"))
    if ctx.me not in channel.members:
        raise ApiError("channel_not_found")
    thread_ts = ctx.args.need("thread_ts")
    if thread_ts not in channel.messages:
        raise ApiError("invalid_thread_ts")
    if "status" not in ctx.args.values:
        raise missing("status")
    loading = ctx.args.json("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > 10:
        raise ApiError("invalid_arguments", messages=["[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]"])
    status = ctx.args.text("status")
    if status:
        ctx.world.statuses[channel.id, thread_ts] = (status, list(loading), ctx.world.clock.now())
    else:
        ctx.world.statuses.pop((channel.id, thread_ts), None)
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
async def suggested_prompts(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel_id"))
    if not (ctx.app.agent or ctx.app.assistant):
        raise ApiError("not_agent_app")
    prompts = ctx.args.json("prompts")
    if not isinstance(prompts, list) or not all(isinstance(one, dict) and one.get("title") and one.get("message") for one in prompts):
        raise missing("prompts")
    if len(prompts) > 4:
        raise ApiError("invalid_arguments", messages=["[ERROR] no more than 4 items allowed [json-pointer:/prompts]"])
    thread_ts = ctx.args.text("thread_ts")
    if ctx.app.agent and thread_ts:
        ctx.world.complaints.append("assistant.threads.setSuggestedPrompts: thread_ts makes it fail silently in an agent app")
        return {}
    if not ctx.app.agent and not thread_ts:
        raise ApiError("missing_thread_ts")
    ctx.world.prompts[channel.id] = Prompts(ctx.args.text("title"), prompts, thread_ts)
    return {}


@method("assistant.threads.setTitle", "assistant:write")
async def thread_title(ctx: Context) -> JSON:
    channel = seen(ctx, ctx.args.text("channel_id"))
    thread_ts = ctx.args.need("thread_ts")
    if thread_ts not in channel.messages:
        raise ApiError("invalid_thread_ts")
    ctx.world.thread_titles[channel.id, thread_ts] = ctx.args.need("title")
    return {}
