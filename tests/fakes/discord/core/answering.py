"""Answers to interactions: what an interaction may be answered with and when, whichever way the answer comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.discord.core import posting
from tests.fakes.discord.core.errors import DiscordError, invalid
from tests.fakes.discord.core.models import Flag, Interaction, Kind, Message
from tests.fakes.discord.core.posting import Draft
from tests.fakes.discord.core.world import World

FIRST = timedelta(seconds=3)
"""Until the first answer."""
LIFE = timedelta(minutes=15)
"""Of the token."""
MOST_FOLLOWUPS = 5
"""For an interaction that only a user install authorizes."""

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5


def fitting(interaction: Interaction) -> tuple[int, ...]:
    """Callback types that an interaction takes."""
    if interaction.kind == AUTOCOMPLETE:
        return (CHOICES,)
    if interaction.kind == COMPONENT:
        return (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL)
    if interaction.kind == SUBMIT:
        on_message = interaction.message is not None
        return (MESSAGE, DEFER, DEFER_UPDATE, UPDATE) if on_message else (MESSAGE, DEFER)
    return (MESSAGE, DEFER, MODAL)


def first(world: World, interaction_id: int, token: str) -> Interaction:
    """The interaction of a callback: 10062 where it is unknown or too late, 40060 where it has been answered."""
    found = world.interactions.get(interaction_id)
    if found is None or found.token != token:
        raise DiscordError(10062)
    age = world.clock.now() - found.created_at
    if found.answer is not None and age <= LIFE:
        raise DiscordError(40060)
    if age > FIRST:
        raise DiscordError(10062)
    return found


def check_kind(interaction: Interaction, kind: int) -> None:
    """50035 for a callback type that does not fit."""
    allowed = fitting(interaction)
    if kind not in allowed:
        raise invalid("type", f"Value must be one of {set(allowed)}.", "INTERACTION_CALLBACK_INVALID_TYPE")


def later(world: World, webhook_id: int, token: str) -> Interaction:
    """The interaction of a followup or an edit: 10015 before the first answer, 50027 after fifteen minutes."""
    if webhook_id != world.application.id:
        raise DiscordError(10015)
    found = world.tokens.get(token)
    if found is None or world.clock.now() - found.created_at > LIFE:
        raise DiscordError(50027)
    if found.answer is None:
        raise DiscordError(10015)
    return found


def reply(world: World, interaction: Interaction, draft: Draft, *, loading: bool = False) -> Message:
    """The first answer, or a place held for it."""
    made = speak(world, interaction, draft, flags=Flag.LOADING if loading else 0)
    interaction.original = made
    return made


def speak(world: World, interaction: Interaction, draft: Draft, *, flags: int = 0) -> Message:
    """A message of the app in answer to an interaction: for all or, ephemeral, for one."""
    channel = interaction.channel
    hidden = bool(draft.flags & Flag.EPHEMERAL)
    draft.flags |= flags
    if hidden:
        return posting.whisper(world, channel, world.bot, draft, to=interaction.user, interaction=interaction)
    kind = _kind(interaction)
    base = interaction.original if interaction.original is not None else interaction.message
    more: dict[str, Any] = {}
    if kind == Kind.REPLY and base is not None and not base.ephemeral:
        reference: dict[str, Any] = {"type": 0, "channel_id": str(channel.id), "message_id": str(base.id)}
        if channel.guild is not None:
            reference["guild_id"] = str(channel.guild.id)
        more = {"reference": reference, "replied_to": base}
    return posting.post(world, channel, world.bot, draft, kind=kind, interaction=interaction, **more)


def _kind(interaction: Interaction) -> int:
    """20 and 23 for the answer to a command; a reply to the component's message, or to the first answer."""
    if interaction.original is not None or interaction.message is not None:
        return Kind.REPLY
    if interaction.kind == COMMAND:
        command = interaction.command or {}
        return Kind.COMMAND if command.get("type", 1) == 1 else Kind.CONTEXT_MENU
    return Kind.DEFAULT


def may_follow_up(interaction: Interaction) -> None:
    """40094 after five where only a user install allows it."""
    if set(interaction.owners) == {"1"} and len(interaction.followups) >= MOST_FOLLOWUPS:
        raise DiscordError(40094)


def find(world: World, interaction: Interaction, message_id: int | None) -> Message:
    """`@original` (None), or a followup: 10008 where there is none."""
    if message_id is None:
        if interaction.original is None or interaction.original.deleted:
            raise DiscordError(10008)
        return interaction.original
    candidates = [interaction.original, *interaction.followups]
    for each in candidates:
        if each is not None and each.id == message_id and not each.deleted:
            return each
    raise DiscordError(10008)
