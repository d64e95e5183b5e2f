"""Messages: list, get, create, edit, delete; typing; pins."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import posting, sending
from tests.fakes.discord.core.content import over_rest
from tests.fakes.discord.core.errors import DiscordError, at_most, invalid
from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.models import DM, FORUM, Channel, Flag, Kind, Message
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.messages import message
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route
from tests.fakes.discord.rules.messages import changes, draft

MOST_PINS = 250
UNDELETABLE = (Kind.RECIPIENT_ADD, Kind.RECIPIENT_REMOVE, Kind.NAME_CHANGE, Kind.THREAD_STARTER)


def shown(world: World, one: Message, *, with_nonce: bool = False) -> dict[str, Any]:
    """A message over REST, content cut where the intent is not granted."""
    return over_rest(world, one, message(world, one, with_nonce=with_nonce))


def _readable(call: Call) -> Channel:
    channel = call.world.channel(call.ids["channel_id"])
    if channel.guild is not None:
        call.world.require(channel, P.READ_MESSAGE_HISTORY)
    return channel


@route("GET", "/channels/{channel_id}/messages")
async def list_messages(call: Call) -> Reply:
    """Newest first. Without READ_MESSAGE_HISTORY: none, and no error."""
    channel = call.world.channel(call.ids["channel_id"])
    if channel.kind == FORUM:
        raise DiscordError(50024)
    if channel.guild is not None and not call.world.may(channel, P.READ_MESSAGE_HISTORY):
        return Reply(200, [])
    given = [key for key in ("around", "before", "after") if key in call.query]
    if len(given) > 1:
        raise invalid(given[1], "before, after and around are mutually exclusive", "BASE_TYPE_BAD")
    limit = call.number("limit", 50, 100)
    ids = sorted(channel.messages)
    if "before" in call.query:
        ids = [each for each in ids if each < int(call.query["before"])][-limit:]
    elif "after" in call.query:
        ids = [each for each in ids if each > int(call.query["after"])][:limit]
    elif "around" in call.query:
        middle = int(call.query["around"])
        older = [each for each in ids if each <= middle][-(limit // 2 + 1) :]
        ids = (older + [each for each in ids if each > middle][: limit // 2])[:limit]
    else:
        ids = ids[-limit:]
    return Reply(200, [shown(call.world, channel.messages[each]) for each in reversed(ids)])


@route("GET", "/channels/{channel_id}/messages/{message_id}")
async def get_message(call: Call) -> Reply:
    channel = _readable(call)
    return Reply(200, shown(call.world, call.world.message(channel, call.ids["message_id"])))


@route("POST", "/channels/{channel_id}/messages")
async def create_message(call: Call) -> Reply:
    world = call.world
    channel = world.channel(call.ids["channel_id"])
    sending.may_send(world, channel)
    said = draft(world, call.body or {}, call.files)
    sending.may_say(world, channel, said)
    nonce = call.body.get("nonce")
    at_most("nonce", nonce if isinstance(nonce, str) else None, 25)
    earlier = sending.same_nonce(world, nonce, enforce=bool(call.body.get("enforce_nonce")))
    if earlier is not None:
        return Reply(200, shown(world, earlier, with_nonce=True))
    said.reply_to = sending.replied_to(world, channel, call.body.get("message_reference"))
    said.nonce = nonce
    made = posting.post(world, channel, world.bot, said)
    if nonce is not None:
        world.nonces[world.bot.id, str(nonce)] = made
    return Reply(200, shown(world, made, with_nonce=True))


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
async def edit_message(call: Call) -> Reply:
    world = call.world
    channel = world.channel(call.ids["channel_id"])
    one = world.message(channel, call.ids["message_id"])
    if one.author is not world.bot:
        only_flags = set(call.body) <= {"flags"}
        if not (only_flags and world.may(channel, P.MANAGE_MESSAGES)):
            raise DiscordError(50005)
    if one.kind not in Kind.WRITTEN:
        raise DiscordError(50021)
    sending.active(world, channel)
    wanted = changes(one, call.body, call.files)
    if channel.guild is not None and call.files:
        world.require(channel, P.ATTACH_FILES)
    posting.rewrite(world, one, wanted, allowed=call.body.get("allowed_mentions"))
    return Reply(200, shown(world, one))


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
async def delete_message(call: Call) -> Reply:
    world = call.world
    channel = world.channel(call.ids["channel_id"])
    one = world.message(channel, call.ids["message_id"])
    if one.author is not world.bot:
        if channel.kind == DM:
            raise DiscordError(50003)
        world.require(channel, P.MANAGE_MESSAGES)
    if one.kind in UNDELETABLE:
        raise DiscordError(50021)
    posting.delete(world, one)
    return NOTHING


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
async def bulk_delete(call: Call) -> Reply:
    channel = call.world.channel(call.ids["channel_id"], P.MANAGE_MESSAGES)
    if channel.guild is None:
        raise DiscordError(50003)
    found = [channel.messages[int(each)] for each in call.body["messages"] if int(each) in channel.messages]
    for one in found:
        one.deleted = True
        channel.messages.pop(one.id)
    body = {"ids": [str(one.id) for one in found], "channel_id": str(channel.id), "guild_id": str(channel.guild.id)}
    call.world.emit(Event("MESSAGE_DELETE_BULK", body, channel.guild.id, channel))
    return NOTHING


@route("POST", "/channels/{channel_id}/typing")
async def typing(call: Call) -> Reply:
    channel = call.world.channel(call.ids["channel_id"])
    sending.may_send(call.world, channel)
    call.world.typing.append((channel, call.world.bot))
    return NOTHING


@route("GET", "/channels/{channel_id}/messages/pins")
async def list_pins(call: Call) -> Reply:
    channel = _readable(call)
    pins = sorted(channel.pins.items(), key=lambda each: each[1], reverse=True)
    limit = call.number("limit", 50, 50)
    before = call.query.get("before")
    pins = [each for each in pins if before is None or iso(each[1]) < before]
    items = [{"pinned_at": iso(when), "message": shown(call.world, channel.messages[each])} for each, when in pins[:limit]]
    return Reply(200, {"items": items, "has_more": len(pins) > limit})


@route("GET", "/channels/{channel_id}/pins")
async def list_pins_as_before(call: Call) -> Reply:
    channel = _readable(call)
    pins = sorted(channel.pins.items(), key=lambda each: each[1], reverse=True)
    return Reply(200, [shown(call.world, channel.messages[each]) for each, _ in pins])


@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", bucket="pins")
async def pin(call: Call) -> Reply:
    world, channel = call.world, _readable(call)
    world.require(channel, P.PIN_MESSAGES)
    one = world.message(channel, call.ids["message_id"])
    sending.active(world, channel)
    if one.kind not in Kind.WRITTEN:
        raise DiscordError(50021)
    if one.pinned:
        return NOTHING
    if len(channel.pins) >= MOST_PINS:
        raise DiscordError(30003)
    channel.pins[one.id] = world.clock.now()
    _pins_changed(world, channel)
    posting.changed(world, one)
    reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(one.id)}
    if channel.guild is not None:
        reference["guild_id"] = str(channel.guild.id)
    posting.system(world, channel, world.bot, Kind.PINNED, reference=reference)
    return NOTHING


@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", bucket="pins")
async def unpin(call: Call) -> Reply:
    world = call.world
    channel = world.channel(call.ids["channel_id"], P.PIN_MESSAGES)
    one = world.message(channel, call.ids["message_id"])
    sending.active(world, channel)
    if channel.pins.pop(one.id, None) is not None:
        _pins_changed(world, channel)
        posting.changed(world, one)
    return NOTHING


route("PUT", "/channels/{channel_id}/pins/{message_id}", bucket="pins")(pin)
route("DELETE", "/channels/{channel_id}/pins/{message_id}", bucket="pins")(unpin)


@route("POST", "/channels/{channel_id}/messages/{message_id}/crosspost")
async def crosspost(call: Call) -> Reply:
    channel = call.world.channel(call.ids["channel_id"], P.SEND_MESSAGES)
    one = call.world.message(channel, call.ids["message_id"])
    if channel.kind != 5:
        raise DiscordError(50024)
    one.flags |= Flag.CROSSPOSTED
    posting.changed(call.world, one)
    return Reply(200, shown(call.world, one))


def _pins_changed(world: World, channel: Channel) -> None:
    latest = max(channel.pins.values(), default=None)
    body: dict[str, Any] = {"channel_id": str(channel.id), "last_pin_timestamp": iso(latest) if latest else None}
    if channel.guild is not None:
        body["guild_id"] = str(channel.guild.id)
    world.emit(Event("CHANNEL_PINS_UPDATE", body, channel.guild_id, channel))
