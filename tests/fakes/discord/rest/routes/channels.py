"""Channels: get, change, delete; permission overwrites."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import joining, posting, threads
from tests.fakes.discord.core.errors import DiscordError, invalid
from tests.fakes.discord.core.models import DM, FORUM, Channel, Kind, Overwrite
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.world import World
from tests.fakes.discord.payloads.channels import channel
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route


@route("GET", "/channels/{channel_id}")
async def get_channel(call: Call) -> Reply:
    return Reply(200, channel(call.world.channel(call.ids["channel_id"]), call.world.bot.id))


@route("PATCH", "/channels/{channel_id}")
async def edit_channel(call: Call) -> Reply:
    one = call.world.channel(call.ids["channel_id"])
    if one.kind == DM:
        raise DiscordError(50003)
    if one.is_thread:
        edit_thread(call.world, one, call.body)
    else:
        _edit_guild_channel(call.world, one, call.body)
    return Reply(200, channel(one, call.world.bot.id))


def edit_thread(world: World, one: Channel, body: dict[str, Any]) -> None:
    """Who may change what: developers/topics/threads#editing-deleting-threads."""
    moderator = world.may(one, P.MANAGE_THREADS)
    owner = one.owner_id == world.bot.id
    reopening = body.get("archived") is False and one.archived
    if one.archived and not reopening:
        raise DiscordError(50083)
    if reopening:
        if one.locked and not moderator:
            raise DiscordError(160005)
        if not moderator and world.bot.id not in one.thread_members:
            raise DiscordError(50013)
    if not moderator and {"locked", "rate_limit_per_user"} & body.keys():
        raise DiscordError(50013)
    if not moderator and not owner and {"name", "auto_archive_duration", "invitable", "applied_tags"} & body.keys():
        raise DiscordError(50013)
    if body.get("archived") is True and not moderator and not owner:
        raise DiscordError(50013)
    if "name" in body and not 1 <= len((body["name"] or "").strip()) <= 100:
        raise invalid("name", "Must be between 1 and 100 in length.", "BASE_TYPE_BAD_LENGTH")
    renamed = body.get("name") and body["name"] != one.name
    if reopening:
        threads.set_archived(world, one, False)
    _set(one, body, {"name": "name", "auto_archive_duration": "auto_archive", "locked": "locked", "rate_limit_per_user": "slowmode"})
    if "invitable" in body and one.is_private_thread:
        one.invitable = bool(body["invitable"])
    if "applied_tags" in body:
        one.applied_tags = [int(each) for each in body["applied_tags"] or []]
    if body.get("archived") is True:
        threads.set_archived(world, one, True)
    else:
        threads.updated(world, one)
    if renamed:
        posting.system(world, one, world.bot, Kind.NAME_CHANGE, content=one.name)


def _edit_guild_channel(world: World, one: Channel, body: dict[str, Any]) -> None:
    world.require(one, P.MANAGE_CHANNELS)
    if "permission_overwrites" in body:
        world.require(one, P.MANAGE_ROLES)
        one.overwrites = {int(each["id"]): _overwrite(int(each["id"]), each) for each in body["permission_overwrites"] or []}
    _set(one, body, {"name": "name", "position": "position", "rate_limit_per_user": "slowmode"})
    if "topic" in body:
        one.topic = body["topic"]
    if "available_tags" in body and one.kind == FORUM:
        one.tags = [tag(world, each) for each in body["available_tags"] or []]
    if body.get("parent_id"):
        one.parent = world.channel(int(body["parent_id"]))
    joining.channel_changed(world, one)


def tag(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """A forum tag as it is kept."""
    return {
        "id": str(asked.get("id") or world.snowflakes.next()),
        "name": asked["name"],
        "moderated": bool(asked.get("moderated")),
        "emoji_id": None,
        "emoji_name": asked.get("emoji_name"),
    }


@route("DELETE", "/channels/{channel_id}")
async def delete_channel(call: Call) -> Reply:
    one = call.world.channel(call.ids["channel_id"])
    body = channel(one, call.world.bot.id)
    if one.kind == DM:
        return Reply(200, body)  # closing a DM removes it from a list that a bot does not have
    call.world.require(one, P.MANAGE_THREADS if one.is_thread else P.MANAGE_CHANNELS)
    joining.delete_channel(call.world, one)
    return Reply(200, body)


@route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
async def set_overwrite(call: Call) -> Reply:
    one = call.world.channel(call.ids["channel_id"], P.MANAGE_ROLES)
    if one.guild is None or one.is_thread:
        raise DiscordError(50024)
    one.overwrites[call.ids["overwrite_id"]] = _overwrite(call.ids["overwrite_id"], call.body)
    joining.channel_changed(call.world, one)
    return NOTHING


@route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}")
async def remove_overwrite(call: Call) -> Reply:
    one = call.world.channel(call.ids["channel_id"], P.MANAGE_ROLES)
    if one.overwrites.pop(call.ids["overwrite_id"], None) is None:
        raise DiscordError(10009)
    joining.channel_changed(call.world, one)
    return NOTHING


def _overwrite(target: int, asked: dict[str, Any]) -> Overwrite:
    return Overwrite(target, int(asked.get("type") or 0), int(asked.get("allow") or 0), int(asked.get("deny") or 0))


def _set(one: Channel, body: dict[str, Any], names: dict[str, str]) -> None:
    for key, name in names.items():
        if body.get(key) is not None:
            setattr(one, name, body[key])
