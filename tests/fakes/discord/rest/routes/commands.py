"""Application commands: global ones and a guild's."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route
from tests.fakes.discord.rules.commands import check, check_all, kept, without_localizations

DAILY = 200
"""New commands a day and guild."""
GLOBAL, GUILD = "/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands"


def _scope(call: Call) -> tuple[int | None, dict[int, dict[str, Any]]]:
    """Whose commands: a guild's (the bot must be there, else 50001) or everybody's."""
    if call.ids["application_id"] != call.world.application.id:
        raise DiscordError(20012, status=403, message="You are not authorized to perform this action on this application")
    guild_id = call.ids.get("guild_id")
    if guild_id is not None and call.world.bot.id not in getattr(call.world.guilds.get(guild_id), "members", {}):
        raise DiscordError(50001)
    return guild_id, call.world.application.commands.setdefault(guild_id, {})


def _keep(call: Call, guild_id: int | None, asked: dict[str, Any], old: dict[str, Any] | None) -> dict[str, Any]:
    """Store one: the same name keeps its id, and its version where nothing changed."""
    world = call.world
    if old is None:
        made = world.application.commands_created.get(guild_id, 0) + 1
        if made > DAILY:
            raise DiscordError(30034)
        world.application.commands_created[guild_id] = made
    command_id = int(old["id"]) if old else world.snowflakes.next()
    version = int(old["version"]) if old else command_id
    body = kept(asked, command_id=command_id, version=version, application_id=world.application.id, guild_id=guild_id)
    if old is not None and body != old:
        body["version"] = str(world.snowflakes.next())
    return body


def _same(commands: dict[int, dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any] | None:
    wanted = (asked["name"], asked.get("type") or 1)
    return next((each for each in commands.values() if (each["name"], each["type"]) == wanted), None)


async def overwrite(call: Call) -> Reply:
    """All at once: what is not named is gone."""
    guild_id, commands = _scope(call)
    asked = call.body or []
    check_all(asked)
    made = [_keep(call, guild_id, each, _same(commands, each)) for each in asked]
    commands.clear()
    commands.update({int(each["id"]): each for each in made})
    return Reply(200, made)


async def list_all(call: Call) -> Reply:
    _, commands = _scope(call)
    localized = call.query.get("with_localizations", "").lower() in ("true", "1")
    return Reply(200, [each if localized else without_localizations(each) for each in commands.values()])


async def create(call: Call) -> Reply:
    """201 for a new one, 200 for one that replaces its namesake."""
    guild_id, commands = _scope(call)
    check(call.body)
    old = _same(commands, call.body)
    check_all([*(each for each in commands.values() if each is not old), call.body])
    made = _keep(call, guild_id, call.body, old)
    commands[int(made["id"])] = made
    return Reply(200 if old else 201, made)


def _one(call: Call) -> tuple[int | None, dict[int, dict[str, Any]], dict[str, Any]]:
    guild_id, commands = _scope(call)
    found = commands.get(call.ids["command_id"])
    if found is None:
        raise DiscordError(10063)
    return guild_id, commands, found


async def get(call: Call) -> Reply:
    return Reply(200, _one(call)[2])


async def edit(call: Call) -> Reply:
    guild_id, commands, old = _one(call)
    asked = {**old, **call.body}
    check(asked)
    made = _keep(call, guild_id, asked, old)
    commands[int(made["id"])] = made
    return Reply(200, made)


async def delete(call: Call) -> Reply:
    _, commands, old = _one(call)
    del commands[int(old["id"])]
    return NOTHING


for base in (GLOBAL, GUILD):
    route("PUT", base)(overwrite)
    route("GET", base)(list_all)
    route("POST", base)(create)
    for method, handler in (("GET", get), ("PATCH", edit), ("DELETE", delete)):
        route(method, base + "/{command_id}")(handler)
