"""An interaction's webhook: its first answer, read, edited, deleted; and followups. For fifteen minutes."""

from __future__ import annotations

from tests.fakes.discord.core import answering, posting
from tests.fakes.discord.core.models import Flag, Message
from tests.fakes.discord.payloads.messages import message
from tests.fakes.discord.rest.routing import NOTHING, Call, Reply, route
from tests.fakes.discord.rules import messages

BASE = "/webhooks/{webhook_id}/{webhook_token}"


def _message(call: Call) -> Message:
    interaction = answering.later(call.world, call.ids["webhook_id"], call.texts["webhook_token"])
    return answering.find(call.world, interaction, call.ids.get("message_id"))


async def get(call: Call) -> Reply:
    return Reply(200, message(call.world, _message(call)))


async def edit(call: Call) -> Reply:
    """Idempotent. The way to fill a deferred answer."""
    interaction = answering.later(call.world, call.ids["webhook_id"], call.texts["webhook_token"])
    one = answering.find(call.world, interaction, call.ids.get("message_id"))
    changes = messages.changes(one, call.body or {}, call.files)
    if one is interaction.original:
        interaction.thinking_open = False
    posting.rewrite(call.world, one, changes, allowed=(call.body or {}).get("allowed_mentions"))
    return Reply(200, message(call.world, one))


async def delete(call: Call) -> Reply:
    posting.delete(call.world, _message(call))
    return NOTHING


for path in ("/messages/@original", "/messages/{message_id}"):
    for method, handler in (("GET", get), ("PATCH", edit), ("DELETE", delete)):
        route(method, BASE + path, open=True, bucket="webhooks")(handler)


@route("POST", BASE, open=True, bucket="webhooks")
async def follow_up(call: Call) -> Reply:
    """The first one after a deferral fills the deferred answer, whose being ephemeral stays as it was."""
    world = call.world
    interaction = answering.later(world, call.ids["webhook_id"], call.texts["webhook_token"])
    said = messages.draft(world, call.body or {}, call.files, flags=messages.ANSWER)
    original = interaction.original
    if interaction.thinking_open and original is not None and not original.deleted:
        interaction.thinking_open = False
        changes = {"content": said.content, "embeds": said.embeds, "components": said.components, "attachments": said.files}
        changes["flags"] = original.flags | said.flags & ~Flag.EPHEMERAL
        posting.rewrite(world, original, changes, allowed=said.allowed)
        return Reply(200, message(world, original))
    answering.may_follow_up(interaction)
    made = answering.speak(world, interaction, said)
    interaction.followups.append(made)
    return Reply(200, message(world, made))
