"""How a message comes to be, changes and goes, whoever does it: REST, interactions, people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.core import mentions, threads
from tests.fakes.discord.core.models import FORUM, Channel, File, Flag, Interaction, Kind, Message, User
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads import messages as payloads


@dataclass
class Draft:
    """What is to be said, checked already and in the form in which Discord returns it."""

    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    poll: dict[str, Any] | None = None
    allowed: dict[str, Any] | None = None
    reply_to: Message | None = None
    nonce: str | int | None = None
    tts: bool = False


def post(world: World, channel: Channel, author: User, draft: Draft, **more: Any) -> Message:
    """A new message that everybody there sees. Un-archives a thread; emits MESSAGE_CREATE."""
    if channel.is_thread and channel.archived:
        threads.set_archived(world, channel, False)
    message = _make(world, channel, author, draft, **more)
    mentions.apply(world, message, draft.allowed, default=mentions.USERS_ONLY if message.interaction else mentions.ANYBODY)
    channel.messages[message.id] = message
    channel.last_message_id = message.id
    _count(channel, message)
    created(world, message)
    if channel.is_thread:
        threads.draw_in(world, message)
    return message


def whisper(world: World, channel: Channel, author: User, draft: Draft, *, to: User, interaction: Interaction) -> Message:
    """An ephemeral message: only one person sees it, no event, not in the history."""
    message = _make(world, channel, author, draft, interaction=interaction)
    message.for_user = to.id
    message.flags |= Flag.EPHEMERAL
    mentions.apply(world, message, draft.allowed, default=mentions.USERS_ONLY)
    channel.hidden[message.id] = message
    return message


def system(world: World, channel: Channel, author: User, kind: int, *, content: str = "", quiet: bool = False, **more: Any) -> Message:
    """What Discord itself writes: somebody was added, something was pinned. `quiet`: no event (a thread's starter)."""
    mentioned = more.pop("mentions", [])
    message = _make(world, channel, author, Draft(content=content), kind=kind, **more)
    message.mentions = mentioned
    channel.messages[message.id] = message
    channel.last_message_id = message.id
    _count(channel, message)
    if not quiet:
        created(world, message)
    return message


def created(world: World, message: Message) -> None:
    """Emit MESSAGE_CREATE."""
    body = payloads.event(world, message, created=True)
    world.emit(Event("MESSAGE_CREATE", body, message.channel.guild_id, message.channel, message))


def changed(world: World, message: Message) -> None:
    """Emit MESSAGE_UPDATE, unless nobody but one person sees it."""
    if not message.ephemeral:
        body = payloads.event(world, message, created=False)
        world.emit(Event("MESSAGE_UPDATE", body, message.channel.guild_id, message.channel, message))


def rewrite(world: World, message: Message, changes: dict[str, Any], *, allowed: dict[str, Any] | None = None) -> None:
    """Set what `changes` names (content, embeds, components, attachments, flags). A deferred answer arrives: not an edit."""
    if not message.thinking:
        message.versions.append(message.text)
        message.edited_at = world.clock.now()
    for name, value in changes.items():
        setattr(message, name, value)
    message.flags &= ~Flag.LOADING
    mentions.apply(world, message, allowed, default=mentions.USERS_ONLY if message.interaction else mentions.ANYBODY)
    changed(world, message)


def delete(world: World, message: Message) -> None:
    """Gone for everybody. Emits MESSAGE_DELETE; its thread stays."""
    channel = message.channel
    message.deleted = True
    channel.pins.pop(message.id, None)
    if channel.hidden.pop(message.id, None) is not None:
        return
    if channel.messages.pop(message.id, None) is None:
        return
    if channel.is_thread and channel.message_count > 0:
        channel.message_count -= 1
    body = {"id": str(message.id), "channel_id": str(channel.id)}
    if channel.guild is not None:
        body["guild_id"] = str(channel.guild.id)
    world.emit(Event("MESSAGE_DELETE", body, channel.guild_id, channel))


def _make(world: World, channel: Channel, author: User, draft: Draft, **more: Any) -> Message:
    kind = Kind.REPLY if draft.reply_to is not None else Kind.DEFAULT
    message = Message(
        id=more.pop("message_id", None) or world.snowflakes.next(),
        channel=channel,
        author=author,
        content=draft.content,
        kind=more.pop("kind", kind),
        flags=draft.flags,
        embeds=draft.embeds,
        components=draft.components,
        attachments=draft.files,
        poll=draft.poll,
        nonce=draft.nonce,
        tts=draft.tts,
        **more,
    )
    if draft.reply_to is not None:
        message.replied_to = draft.reply_to
        message.reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(draft.reply_to.id)}
        if channel.guild is not None:
            message.reference["guild_id"] = str(channel.guild.id)
    return message


def _count(channel: Channel, message: Message) -> None:
    """Neither a thread's starter nor a forum post's first message counts."""
    if not channel.is_thread:
        return
    message.position = channel.total_sent
    first_of_post = channel.parent is not None and channel.parent.kind == FORUM and message.id == channel.id
    if message.kind != Kind.THREAD_STARTER and not first_of_post:
        channel.message_count += 1
        channel.total_sent += 1
