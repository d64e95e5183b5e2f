"""Guilds, their channels, members and roles."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import joining
from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.core.models import Guild, Member
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.permissions import in_guild
from tests.fakes.discord.core.world import Event
from tests.fakes.discord.payloads.channels import channel
from tests.fakes.discord.payloads.guilds import guild
from tests.fakes.discord.payloads.people import member, role
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route


def _member(call: Call, one: Guild) -> Member:
    """10013 for nobody, 10007 for somebody who is not there."""
    call.world.user(call.ids["user_id"])
    found = one.members.get(call.ids["user_id"])
    if found is None:
        raise DiscordError(10007)
    return found


def _require(call: Call, one: Guild, need: P) -> None:
    if not in_guild(one, call.world.bot.id) & need:
        raise DiscordError(50013)


@route("GET", "/gateway/bot")
async def gateway_bot(call: Call) -> Reply:
    starts = call.world.starts
    limit = {
        "total": 1000,
        "remaining": starts.remaining,
        "reset_after": starts.reset_after(call.world.clock.now()),
        "max_concurrency": starts.max_concurrency,
    }
    return Reply(200, {"url": call.world.gateway_url, "shards": starts.shards, "session_start_limit": limit})


@route("GET", "/guilds/{guild_id}")
async def get_guild(call: Call) -> Reply:
    one = call.world.guild(call.ids["guild_id"])
    body = guild(one)
    if call.query.get("with_counts", "").lower() in ("true", "1"):
        body |= {"approximate_member_count": len(one.members), "approximate_presence_count": len(one.members)}
    return Reply(200, body)


@route("GET", "/guilds/{guild_id}/channels")
async def list_channels(call: Call) -> Reply:
    """Threads are not in it."""
    one = call.world.guild(call.ids["guild_id"])
    return Reply(200, [channel(each, call.world.bot.id) for each in one.channels.values() if not each.is_thread])


@route("GET", "/guilds/{guild_id}/members")
async def list_members(call: Call) -> Reply:
    """Needs the members intent in the portal."""
    one = call.world.guild(call.ids["guild_id"])
    if "members" not in call.world.application.granted:
        raise DiscordError(50001)
    after = int(call.query.get("after", 0))
    found = sorted((each for each in one.members.values() if each.user.id > after), key=lambda each: each.user.id)
    return Reply(200, [member(each) for each in found[: call.number("limit", 1, 1000)]])


@route("GET", "/guilds/{guild_id}/members/search")
async def search_members(call: Call) -> Reply:
    one = call.world.guild(call.ids["guild_id"])
    start = call.query.get("query", "").lower()
    found = [
        each for each in one.members.values() if start in (each.user.name.lower()[: len(start)], (each.nick or "").lower()[: len(start)])
    ]
    return Reply(200, [member(each) for each in found[: call.number("limit", 1, 1000)]])


@route("GET", "/guilds/{guild_id}/members/{user_id}")
async def get_member(call: Call) -> Reply:
    return Reply(200, member(_member(call, call.world.guild(call.ids["guild_id"]))))


@route("PATCH", "/guilds/{guild_id}/members/@me")
async def edit_me(call: Call) -> Reply:
    one = call.world.guild(call.ids["guild_id"])
    mine = one.members[call.world.bot.id]
    if "nick" in call.body:
        _require(call, one, P.CHANGE_NICKNAME)
        mine.nick = call.body["nick"] or None
    body = {**member(mine), "guild_id": str(one.id)}
    call.world.emit(Event("GUILD_MEMBER_UPDATE", body, one.id))
    return Reply(200, member(mine))


@route("DELETE", "/guilds/{guild_id}/members/{user_id}")
async def kick(call: Call) -> Reply:
    one = call.world.guild(call.ids["guild_id"])
    _require(call, one, P.KICK_MEMBERS)
    joining.part(call.world, one, _member(call, one).user)
    return NOTHING


@route("GET", "/guilds/{guild_id}/roles")
async def list_roles(call: Call) -> Reply:
    return Reply(200, [role(each) for each in call.world.guild(call.ids["guild_id"]).roles.values()])


@route("GET", "/guilds/{guild_id}/roles/{role_id}")
async def get_role(call: Call) -> Reply:
    found = call.world.guild(call.ids["guild_id"]).roles.get(call.ids["role_id"])
    if found is None:
        raise DiscordError(10011)
    return Reply(200, role(found))


@route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
async def give_role(call: Call) -> Reply:
    _roles(call, lambda roles, role_id: roles + [role_id] * (role_id not in roles))
    return NOTHING


@route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
async def take_role(call: Call) -> Reply:
    _roles(call, lambda roles, role_id: [each for each in roles if each != role_id])
    return NOTHING


def _roles(call: Call, change: Any) -> None:
    one = call.world.guild(call.ids["guild_id"])
    _require(call, one, P.MANAGE_ROLES)
    if call.ids["role_id"] not in one.roles:
        raise DiscordError(10011)
    who = _member(call, one)
    who.roles = change(who.roles, call.ids["role_id"])
    call.world.emit(Event("GUILD_MEMBER_UPDATE", {**member(who), "guild_id": str(one.id)}, one.id))
