"""An interaction as Discord makes it of what a person does, and sends it to the app."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.ids import interaction_token
from tests.fakes.discord.core.models import Channel, Interaction, Message, User
from tests.fakes.discord.core.permissions import IN_DM, in_channel
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.channels import partial
from tests.fakes.discord.payloads.messages import message as message_payload
from tests.fakes.discord.payloads.people import member, short_user
from tests.fakes.discord.people.options import Impossible

FOREIGN = P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE
"""What the app may do where only a user brought it."""
SIZE_LIMIT = 10 * 1024 * 1024


def offered(world: World, user: User, channel: Channel, name: str, kind: int) -> tuple[dict[str, Any], dict[str, str]]:
    """A registered command that this person is offered here, and who authorizes it; raises Impossible."""
    commands = world.application.commands
    guild = channel.guild
    here = [*(commands.get(guild.id, {}).values() if guild else ()), *commands[None].values()]
    found = next((each for each in here if each["name"] == name and each["type"] == kind), None)
    if found is None:
        raise Impossible(f"no command {name!r} is registered; there are {[each['name'] for each in here]}")
    contexts = found.get("contexts")
    if guild is None and ((contexts is None and found.get("dm_permission") is False) or (contexts is not None and 1 not in contexts)):
        raise Impossible(f"{name!r} is not offered in direct messages")
    if guild is not None and contexts is not None and 0 not in contexts:
        raise Impossible(f"{name!r} is not offered in servers")
    if guild is not None:
        bits = in_channel(channel, user.id)
        needed = found.get("default_member_permissions")
        if not bits & P.USE_APPLICATION_COMMANDS:
            raise Impossible("may not use application commands here")
        if needed is not None and not bits & P.ADMINISTRATOR and (int(needed) == 0 or bits & int(needed) != int(needed)):
            raise Impossible(f"{name!r} needs permissions that {user.name} does not have")
    if channel.is_thread and channel.archived:
        raise Impossible("application commands cannot be used in an archived thread")
    owners = owners_of(world, user, channel, found.get("integration_types") or [0])
    if not owners:
        raise Impossible(f"{name!r} is not installed here, for {user.name} or for the server")
    return found, owners


def owners_of(world: World, user: User, channel: Channel, kinds: list[int]) -> dict[str, str]:
    """`authorizing_integration_owners`."""
    owners = {}
    if 0 in kinds and channel.guild is None:
        owners["0"] = "0"
    elif 0 in kinds and channel.guild is not None and world.bot.id in channel.guild.members:
        owners["0"] = str(channel.guild.id)
    if 1 in kinds and user.installed:
        owners["1"] = str(user.id)
    return owners


def send(
    world: World,
    user: User,
    channel: Channel,
    kind: int,
    data: dict[str, Any],
    owners: dict[str, str],
    **more: Any,
) -> Interaction:
    """Make the interaction and emit INTERACTION_CREATE."""
    number = world.snowflakes.next()
    made = Interaction(
        id=number, token=interaction_token(number), kind=kind, user=user, channel=channel, created_at=world.clock.now(), data=data,
        owners=owners, **more,
    )  # fmt: skip
    world.interactions[made.id] = made
    world.tokens[made.token] = made
    world.emit(Event("INTERACTION_CREATE", payload(world, made), channel.guild_id))
    return made


def payload(world: World, one: Interaction) -> dict[str, Any]:
    """The interaction object."""
    channel, guild = one.channel, one.channel.guild
    bits = in_channel(channel, one.user.id)
    body: dict[str, Any] = {
        "id": str(one.id),
        "application_id": str(world.application.id),
        "type": one.kind,
        "token": one.token,
        "version": 1,
        "data": one.data,
        "channel_id": str(channel.id),
        "channel": partial(channel, world.bot.id, bits),
        "locale": one.user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": one.owners,
        "context": 1 if guild is None else 0,
        "attachment_size_limit": SIZE_LIMIT,
        "app_permissions": str(int(_app_permissions(world, channel))),
    }
    if guild is None:
        body["user"] = short_user(one.user)
    else:
        body["guild_id"] = str(guild.id)
        body["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
        body["guild_locale"] = guild.locale
        body["member"] = {**member(guild.members[one.user.id]), "permissions": str(int(bits))}
    if one.message is not None:
        body["message"] = message_payload(world, one.message)
    return body


def _app_permissions(world: World, channel: Channel) -> int:
    if channel.guild is None:
        return int(IN_DM)
    return in_channel(channel, world.bot.id) if world.bot.id in channel.guild.members else int(FOREIGN)


def owners_on(world: World, message: Message, user: User) -> dict[str, str]:
    """Who authorizes a press on a message: whoever authorized the message."""
    if message.interaction is not None:
        return message.interaction.owners
    return owners_of(world, user, message.channel, [0])
