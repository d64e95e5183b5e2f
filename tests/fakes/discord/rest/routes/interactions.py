"""The callback: the first answer to an interaction, within three seconds and once."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core import answering, posting
from tests.fakes.discord.core.answering import CHOICES, DEFER, DEFER_UPDATE, MESSAGE, MODAL, UPDATE
from tests.fakes.discord.core.errors import at_most, invalid
from tests.fakes.discord.core.models import Flag, Interaction, Message
from tests.fakes.discord.core.posting import Draft
from tests.fakes.discord.payloads.messages import message
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route
from tests.fakes.discord.rules import messages, modals

MOST_CHOICES = 25


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", open=True, bucket="")
async def callback(call: Call) -> Reply:
    """204, or with `with_response` 200 and what was made."""
    interaction = answering.first(call.world, call.ids["interaction_id"], call.texts["interaction_token"])
    kind, data = call.body["type"], call.body.get("data") or {}
    answering.check_kind(interaction, kind)
    made = _answer(call, interaction, kind, data)
    interaction.answer = kind
    if call.query.get("with_response", "").lower() not in ("true", "1"):
        return NOTHING
    return Reply(200, _response(call, interaction, kind, made))


def _answer(call: Call, interaction: Interaction, kind: int, data: dict[str, Any]) -> Message | None:
    world = call.world
    if kind == MESSAGE:
        return answering.reply(world, interaction, messages.draft(world, data, call.files, flags=messages.ANSWER))
    if kind == DEFER:
        return _defer(call, interaction, data)
    if kind == DEFER_UPDATE:
        interaction.original = interaction.message
    elif kind == UPDATE:
        assert interaction.message is not None
        changes = messages.changes(interaction.message, data, call.files)
        posting.rewrite(world, interaction.message, changes, allowed=data.get("allowed_mentions"))
        interaction.original = interaction.message
    elif kind == CHOICES:
        choices = data.get("choices") or []
        at_most("data.choices", choices, MOST_CHOICES)
        interaction.choices = choices
    elif kind == MODAL:
        modals.check(data)
        interaction.modal = modals.opened(data)
    return interaction.original


def _defer(call: Call, interaction: Interaction, data: dict[str, Any]) -> Message:
    """The person sees "thinking". Only EPHEMERAL may be said here: everything else must wait for the edit."""
    flags = data.get("flags") or 0
    if flags & ~Flag.EPHEMERAL:
        raise invalid("data.flags", "Only EPHEMERAL can be set when deferring", "INTERACTION_DEFER_INVALID_FLAGS")
    interaction.thinking_open = True
    return answering.reply(call.world, interaction, Draft(flags=flags & Flag.EPHEMERAL), loading=True)


def _response(call: Call, interaction: Interaction, kind: int, made: Message | None) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind, "channel_id": str(interaction.channel.id)}
    if interaction.guild is not None:
        about["guild_id"] = str(interaction.guild.id)
    if made is not None:
        about["response_message_id"] = str(made.id)
        about["response_message_loading"] = made.thinking
        about["response_message_ephemeral"] = made.ephemeral
    body: dict[str, Any] = {"interaction": about}
    if made is not None and kind in (MESSAGE, UPDATE):
        body["resource"] = {"type": kind, "message": message(call.world, made)}
    return body
