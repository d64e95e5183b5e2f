"""Threads: from a message, without one, as a forum post; and where they are listed."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import posting, sending, threads
from tests.fakes.discord.core.errors import DiscordError, at_most, invalid
from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.models import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    DM,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Flag,
    Kind,
)
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.permissions import sees
from tests.fakes.discord.payloads.channels import thread, thread_member
from tests.fakes.discord.rest.routes.messages import shown
from tests.fakes.discord.rest.routing import Call, Reply, route
from tests.fakes.discord.rules.messages import draft

REQUIRE_TAG = 1 << 4


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
async def from_message(call: Call) -> Reply:
    """Naturally idempotent: the thread has the message's id, a second one is refused with 160004."""
    world = call.world
    channel = world.channel(call.ids["channel_id"])
    if channel.kind not in (TEXT, ANNOUNCEMENT):
        raise DiscordError(50024 if channel.kind != DM else 50003)
    world.require(channel, P.CREATE_PUBLIC_THREADS)
    message = world.message(channel, call.ids["message_id"])
    if message.thread is not None or message.id in world.channels:
        raise DiscordError(160004)
    if message.kind not in Kind.WRITTEN:
        raise DiscordError(50021)
    kind = ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else PUBLIC_THREAD
    made = threads.create(world, channel, world.bot, call.body["name"], kind=kind, thread_id=message.id, **_settings(call.body))
    message.thread = made
    message.flags |= Flag.HAS_THREAD
    threads.starter(world, made, message)
    posting.changed(world, message)
    return Reply(201, thread(made, world.bot.id))


@route("POST", "/channels/{channel_id}/threads")
async def without_message(call: Call) -> Reply:
    """No nonce exists here: sent twice, two are made."""
    world = call.world
    channel = world.channel(call.ids["channel_id"])
    if channel.kind == FORUM:
        return _forum_post(call, channel)
    kind = call.body.get("type") or PRIVATE_THREAD
    if channel.kind not in (TEXT, ANNOUNCEMENT) or (channel.kind == ANNOUNCEMENT and kind == PRIVATE_THREAD):
        raise DiscordError(50024 if channel.kind != DM else 50003)
    if channel.kind == ANNOUNCEMENT:
        kind = ANNOUNCEMENT_THREAD
    world.require(channel, P.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else P.CREATE_PUBLIC_THREADS)
    settings = _settings(call.body)
    if kind == PRIVATE_THREAD:
        settings["invitable"] = call.body.get("invitable") is not False
    made = threads.create(world, channel, world.bot, call.body["name"], kind=kind, **settings)
    if kind != PRIVATE_THREAD:
        threads.announce(world, made, world.bot)
    return Reply(201, thread(made, world.bot.id))


def _forum_post(call: Call, channel: Channel) -> Reply:
    world, body = call.world, call.body
    world.require(channel, P.SEND_MESSAGES)
    said = draft(world, body["message"], call.files)
    sending.may_say(world, channel, said)
    tags = [int(each) for each in body.get("applied_tags") or []]
    known = {int(each["id"]): each for each in channel.tags}
    if any(each not in known for each in tags):
        raise DiscordError(10087)
    if channel.flags & REQUIRE_TAG and not tags:
        raise DiscordError(40067)
    post_id = world.snowflakes.next()
    made = threads.create(
        world, channel, world.bot, body["name"], kind=PUBLIC_THREAD, thread_id=post_id, applied_tags=tags, **_settings(body)
    )
    channel.last_message_id = made.id
    first = posting.post(world, made, world.bot, said, message_id=post_id)
    return Reply(201, {**thread(made, world.bot.id), "message": shown(world, first)})


def _settings(body: dict[str, Any]) -> dict[str, Any]:
    at_most("name", body["name"], 100, 1)
    if body.get("auto_archive_duration") not in (None, *threads.DURATIONS):
        raise invalid("auto_archive_duration", f"Value must be one of {threads.DURATIONS}.", "BASE_TYPE_CHOICES")
    made: dict[str, Any] = {"auto_archive": body.get("auto_archive_duration") or 4320}
    if body.get("rate_limit_per_user") is not None:
        made["slowmode"] = body["rate_limit_per_user"]
    return made


@route("GET", "/guilds/{guild_id}/threads/active")
async def active_threads(call: Call) -> Reply:
    """All that the bot sees, newest first; with its own memberships."""
    guild = call.world.guild(call.ids["guild_id"])
    bot = call.world.bot.id
    found = [each for each in guild.channels.values() if each.is_thread and not each.archived and sees(each, bot)]
    return Reply(200, _listing(call, sorted(found, key=lambda each: -each.id)))


@route("GET", "/channels/{channel_id}/threads/archived/public")
async def archived_public(call: Call) -> Reply:
    channel = call.world.channel(call.ids["channel_id"], P.READ_MESSAGE_HISTORY)
    return _archived(call, channel, "public")


@route("GET", "/channels/{channel_id}/threads/archived/private")
async def archived_private(call: Call) -> Reply:
    channel = call.world.channel(call.ids["channel_id"], P.READ_MESSAGE_HISTORY, P.MANAGE_THREADS)
    return _archived(call, channel, "private")


@route("GET", "/channels/{channel_id}/users/@me/threads/archived/private")
async def archived_private_joined(call: Call) -> Reply:
    """Ordered by id, and `before` is an id."""
    channel = call.world.channel(call.ids["channel_id"], P.READ_MESSAGE_HISTORY)
    before = int(call.query.get("before", 1 << 64))
    found = [each for each in _children(call, channel, "private") if call.world.bot.id in each.thread_members and each.id < before]
    return _page(call, sorted(found, key=lambda each: -each.id))


def _archived(call: Call, channel: Channel, kind: str) -> Reply:
    before = call.query.get("before", "9999").replace(" ", "+")
    found = [each for each in _children(call, channel, kind) if iso(each.archived_at or call.world.clock.now()) < before]
    return _page(call, sorted(found, key=lambda each: each.archived_at or call.world.clock.now(), reverse=True))


def _children(call: Call, channel: Channel, kind: str) -> list[Channel]:
    everything = call.world.channels.values()
    return [each for each in everything if each.parent is channel and each.archived and threads.archivable(each.kind) == kind]


def _page(call: Call, found: list[Channel]) -> Reply:
    limit = call.number("limit", 50, 100)
    return Reply(200, {**_listing(call, found[:limit]), "has_more": len(found) > limit})


def _listing(call: Call, found: list[Channel]) -> dict[str, Any]:
    bot = call.world.bot.id
    members = [thread_member(each, each.thread_members[bot]) for each in found if bot in each.thread_members]
    return {"threads": [thread(each, bot) for each in found], "members": members, "has_more": False}
