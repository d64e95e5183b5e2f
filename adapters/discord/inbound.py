"""Discord's messages, edits and comings and goings → what was meant. Pure functions of the library's objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import discord

from adapters.discord.heard import GUILD, PLATFORM, id_of, parent_of, person_of, place_of
from adapters.discord.markup import typed
from core.chat import Attachment, Kind, Message, Person, Place, house
from core.commands import parse

SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


def said(message: discord.Message, me: int) -> Message | None:
    """Something a person said, before anybody knows whether a conversation is going on there; None where it cannot concern us."""
    if message.author.bot or message.webhook_id or message.type not in SPOKEN:
        return None
    place = place_in(message)
    addressed = any(user.id == me for user in message.mentions)
    if not (place.direct or place.thread or addressed):
        return None
    return Message(
        id=id_of(message.id),
        place=place,
        author=author_of(message.author),
        kind=Kind.DIRECT if place.direct else Kind.MENTION if addressed else Kind.AMBIENT,
        text=words_of(message, me),
        about=id_of(message.reference.message_id) if message.reference and message.reference.message_id else None,
        attachments=tuple(map(_attachment, message.attachments)),
        sent_at=message.created_at,
    )


def meant(message: Message, live: bool) -> Message | None:
    """The same where it concerns us; `live`: a conversation is going on there. Channel chatter is None, and so is what we cannot read."""
    if not (message.text.strip() or message.attachments):
        return None
    words = message.text.replace("@loopcoach", " ").strip() if live else message.text
    if call := parse(words, lone=True) if live else parse(message.text, bare=True) if message.place.direct else None:
        return message.model_copy(update={"kind": Kind.COMMAND, "command": call[0], "fields": call[1]})
    if live and message.kind is Kind.MENTION:  # a reply with the ping on is how one speaks to us where we cannot read the rest
        return message.model_copy(update={"kind": Kind.AMBIENT, "text": words})
    return message if live or message.kind is not Kind.AMBIENT else None


def edited(payload: discord.RawMessageUpdateEvent, me: int) -> Message | None:
    """Other words for something said; None where only Discord changed something about it."""
    message, before = payload.message, payload.cached_message
    if message.author.bot or message.edited_at is None or (before is not None and before.content == message.content):
        return None
    place = place_in(message)
    if not (place.direct or place.thread) or not message.content:
        return None
    return Message(
        id=id_of(message.id, "edited", int(message.edited_at.timestamp() * 1000)),
        place=place,
        author=author_of(message.author),
        kind=Kind.EDITED,
        text=words_of(message, me),
        about=id_of(message.id),
        sent_at=message.edited_at,
    )


def deleted(message: discord.Message, now: datetime) -> Message | None:
    """Something was taken back that we remember."""
    place = place_in(message)
    if message.author.bot or not (place.direct or place.thread):
        return None
    return Message(
        id=id_of(message.id, "deleted"),
        place=place,
        author=author_of(message.author),
        kind=Kind.DELETED,
        about=id_of(message.id),
        sent_at=now,
    )


# --- comings and goings ----------------------------------------------------------------------------------------------


def installed(guild: discord.Guild, now: datetime) -> Message:
    """We are in a guild: its owner is a lead. The same at every start."""
    since = guild.me.joined_at if guild.me else None
    owner = guild.owner_id or guild.id
    known = guild.get_member(owner)
    author = person_of(known or discord.Object(owner), may_manage=True)
    return _lifecycle(guild.id, GUILD, "installed", author, now, (since or now).timestamp())


def removed(guild: discord.Guild, now: datetime) -> Message:
    """We are in a guild no more."""
    return _lifecycle(guild.id, GUILD, "removed", None, now, now.timestamp())


def closed(channel: discord.abc.GuildChannel, now: datetime) -> Message:
    """A channel is gone."""
    return _lifecycle(channel.guild.id, str(channel.id), "closed", None, now, channel.id)


def trouble(place: Place, name: str, what: str, now: datetime, who: Person | None = None) -> Message:
    """Something that whoever set the channel's question, or whoever runs us, should know once."""
    message = _lifecycle(place.space, place.channel, "trouble", who, now, 0)
    return message.model_copy(update={"id": id_of(place.space, place.channel, "trouble", name), "fields": {"what": what}})


def _lifecycle(space: int | str, channel: str, word: str, author: Person | None, now: datetime, since: float) -> Message:
    place = Place(platform=PLATFORM, space=str(space), channel=channel)
    id = id_of(space, channel, word, f"{since:.0f}")
    return Message(id=id, place=place, author=author or house(place), kind=Kind.LIFECYCLE, text=word, sent_at=now)


# --- parts -----------------------------------------------------------------------------------------------------------


def place_in(message: discord.Message) -> Place:
    """Where a message stands. What began a thread stands outside it."""
    guild = message.guild.id if message.guild else None
    return place_of(guild, message.channel.id, parent_of(message.channel), message.author.id)


def author_of(user: Any) -> Person:
    """Who said it, with what Discord says they may do."""
    rights = getattr(user, "guild_permissions", None)
    return person_of(user, may_manage=bool(rights and rights.manage_guild))


def words_of(message: discord.Message, me: int) -> str:
    """What they typed."""
    names = {user.id: user.display_name for user in message.mentions}
    names |= {channel.id: channel.name for channel in message.channel_mentions if hasattr(channel, "name")}
    names |= {role.id: role.name for role in message.role_mentions}
    return typed(message.content, me, names)


def _attachment(file: discord.Attachment) -> Attachment:
    return Attachment(name=file.filename, mime=file.content_type or "", size=file.size, url=file.url)
