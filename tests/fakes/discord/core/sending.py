"""Whether and what the bot may post, edit and react to: the order of Discord's refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.discord.core.errors import DiscordError, invalid
from tests.fakes.discord.core.ids import moment
from tests.fakes.discord.core.models import CATEGORY, DM, FORUM, Channel, Kind, Message
from tests.fakes.discord.core.permissions import Permission as P
from tests.fakes.discord.core.posting import Draft
from tests.fakes.discord.core.world import World

NONCE_WINDOW = timedelta(minutes=5)
"""Discord says "in the past few minutes" and promises no number."""


def may_send(world: World, channel: Channel) -> None:
    """Raise the reason why the bot may not write there."""
    if channel.kind == FORUM:
        raise DiscordError(40058)
    if channel.kind == CATEGORY:
        raise DiscordError(50008)
    if channel.kind == DM:
        reach(world, channel)
        return
    world.require(channel, P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES)
    unlocked(world, channel)


def reach(world: World, channel: Channel) -> None:
    """Whether a direct message would arrive: 50278 without a server in common, 50007 where the person does not want any."""
    person = next(each for each in channel.recipients.values() if each is not world.bot)
    if person.blocked_bot:
        raise DiscordError(50007)
    if not world.mutual(person):
        raise DiscordError(50278)
    if not person.dms_open:
        raise DiscordError(50007)


def unlocked(world: World, channel: Channel) -> None:
    """160005 in a locked thread, except for moderators."""
    if channel.is_thread and channel.locked and not world.may(channel, P.MANAGE_THREADS):
        raise DiscordError(160005)


def active(world: World, channel: Channel) -> None:
    """50083 in an archived thread: edits, reactions, members."""
    if channel.is_thread and channel.archived:
        raise DiscordError(50083)
    unlocked(world, channel)


def may_say(world: World, channel: Channel, draft: Draft) -> None:
    """Embeds and files need permissions of their own."""
    if channel.guild is None:
        return
    if draft.embeds:
        world.require(channel, P.EMBED_LINKS)
    if draft.files:
        world.require(channel, P.ATTACH_FILES)
    if draft.poll is not None:
        world.require(channel, P.SEND_POLLS)


def replied_to(world: World, channel: Channel, reference: dict[str, Any] | None) -> Message | None:
    """The message that `message_reference` names."""
    if not reference:
        return None
    if channel.guild is not None and not world.may(channel, P.READ_MESSAGE_HISTORY):
        raise DiscordError(160002)
    found = channel.messages.get(int(reference["message_id"]))
    if int(reference.get("channel_id") or channel.id) != channel.id:
        raise invalid("message_reference", "Cannot reply to a message in another channel", "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL")
    if found is None:
        if reference.get("fail_if_not_exists") is False:
            return None
        raise invalid("message_reference", "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
    if found.kind not in Kind.WRITTEN:
        raise invalid("message_reference", "Cannot reply to a system message", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE")
    return found


def same_nonce(world: World, nonce: str | int | None, *, enforce: bool) -> Message | None:
    """The message that the bot sent with this nonce in the past few minutes."""
    if nonce is None or not enforce:
        return None
    earlier = world.nonces.get((world.bot.id, str(nonce)))
    if earlier is None or earlier.deleted:
        return None
    age = world.clock.now() - moment(earlier.id)
    return earlier if age <= NONCE_WINDOW else None
