"""The bot itself, its application, its direct messages, its gateway."""

from __future__ import annotations

from tests.fakes.discord.core import joining
from tests.fakes.discord.core.errors import DiscordError
from tests.fakes.discord.payloads.channels import direct
from tests.fakes.discord.payloads.guilds import application, mine
from tests.fakes.discord.payloads.people import myself, user
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route


@route("GET", "/users/@me")
async def get_me(call: Call) -> Reply:
    return Reply(200, myself(call.world.bot))


@route("PATCH", "/users/@me")
async def edit_me(call: Call) -> Reply:
    call.world.bot.name = call.body.get("username") or call.world.bot.name
    return Reply(200, myself(call.world.bot))


@route("GET", "/users/{user_id}")
async def get_user(call: Call) -> Reply:
    return Reply(200, user(call.world.user(call.ids["user_id"])))


@route("POST", "/users/@me/channels")
async def create_dm(call: Call) -> Reply:
    """Idempotent. Works for closed DMs too: only sending fails there."""
    recipient = call.world.users.get(int(call.body.get("recipient_id") or 0))
    if recipient is None:
        raise DiscordError(50033)
    if recipient.bot:
        raise DiscordError(50007)
    return Reply(200, direct(call.world.direct(recipient), call.world.bot.id))


@route("GET", "/users/@me/guilds")
async def my_guilds(call: Call) -> Reply:
    after, before = int(call.query.get("after", 0)), int(call.query.get("before", 1 << 64))
    guilds = [each for each in call.world.joined_guilds() if after < each.id < before][: call.number("limit", 200, 200)]
    counts = call.query.get("with_counts", "").lower() in ("true", "1")
    more = [{"approximate_member_count": len(each.members), "approximate_presence_count": 0} if counts else {} for each in guilds]
    return Reply(200, [{**mine(call.world, each), **extra} for each, extra in zip(guilds, more, strict=True)])


@route("DELETE", "/users/@me/guilds/{guild_id}")
async def leave(call: Call) -> Reply:
    joining.part(call.world, call.world.guild(call.ids["guild_id"]), call.world.bot)
    return NOTHING


@route("GET", "/applications/@me")
async def my_application(call: Call) -> Reply:
    return Reply(200, application(call.world))


@route("PATCH", "/applications/@me")
async def edit_application(call: Call) -> Reply:
    return Reply(200, application(call.world))


@route("GET", "/oauth2/applications/@me")
async def my_oauth_application(call: Call) -> Reply:
    return Reply(200, application(call.world))


@route("GET", "/gateway")
async def gateway(call: Call) -> Reply:
    return Reply(200, {"url": call.world.gateway_url})
