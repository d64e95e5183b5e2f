"""Who is in a thread: join, leave, add, remove, list."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import sending, threads
from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.core.models import Channel
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.payloads.channels import thread_member
from tests.fakes.discord.payloads.people import member
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route

BASE = "/channels/{channel_id}/thread-members"


def _thread(call: Call) -> Channel:
    one = call.world.channel(call.ids["channel_id"])
    if not one.is_thread:
        raise DiscordError(50024)
    return one


@route("PUT", BASE + "/@me")
async def join(call: Call) -> Reply:
    one = _thread(call)
    if one.archived:
        raise DiscordError(50083)
    threads.add(call.world, one, call.world.bot)
    return NOTHING


@route("DELETE", BASE + "/@me")
async def leave(call: Call) -> Reply:
    one = _thread(call)
    if one.archived:
        raise DiscordError(50083)
    threads.remove(call.world, one, call.world.bot)
    return NOTHING


@route("PUT", BASE + "/{user_id}")
async def add(call: Call) -> Reply:
    """204 for one who is in already."""
    one, who = _thread(call), call.world.user(call.ids["user_id"])
    sending.active(call.world, one)
    assert one.guild is not None
    if who.id not in one.guild.members:
        raise DiscordError(10007)
    if not threads.may_add(call.world, one, call.world.bot):
        raise DiscordError(50013)
    threads.add(call.world, one, who, by=call.world.bot)
    return NOTHING


@route("DELETE", BASE + "/{user_id}")
async def remove(call: Call) -> Reply:
    one, who = _thread(call), call.world.user(call.ids["user_id"])
    sending.active(call.world, one)
    creator = one.is_private_thread and one.owner_id == call.world.bot.id
    if not creator:
        call.world.require(one, P.MANAGE_THREADS)
    if who.id not in one.thread_members:
        raise DiscordError(10007)
    threads.remove(call.world, one, who, by=call.world.bot)
    return NOTHING


@route("GET", BASE + "/{user_id}")
async def get(call: Call) -> Reply:
    one = _thread(call)
    if call.ids["user_id"] not in one.thread_members:
        raise DiscordError(10007)
    return Reply(200, _shown(call, one, call.ids["user_id"]))


@route("GET", BASE)
async def list_all(call: Call) -> Reply:
    """Needs the members intent in the portal."""
    one = _thread(call)
    if "members" not in call.world.application.granted:
        raise DiscordError(50001)
    after, limit = int(call.query.get("after", 0)), call.number("limit", 100, 100)
    ids = sorted(each for each in one.thread_members if each > after)
    if call.query.get("with_member", "").lower() in ("true", "1"):
        ids = ids[:limit]
    return Reply(200, [_shown(call, one, each) for each in ids])


def _shown(call: Call, one: Channel, user_id: int) -> dict[str, Any]:
    body = thread_member(one, one.thread_members[user_id])
    assert one.guild is not None
    known = one.guild.members.get(user_id)
    if known is not None and call.query.get("with_member", "").lower() in ("true", "1"):
        body["member"] = member(known)
    return body
