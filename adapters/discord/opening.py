"""Where a conversation begins: a thread from a message, a post in a forum, a thread for one person alone, or direct messages.

A thread from a message has the message's id, so opening it twice is opening it once. The other two know no nonce: the thread carries a tag
in its name that only this post makes; it is looked for first, and a spare one is removed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import discord
from discord.http import handle_message_parameters

from adapters.discord.api import HAS_THREAD, Coded, Forbidden
from adapters.discord.cards import view
from adapters.discord.direct import Direct
from adapters.discord.heard import DIRECT, PLATFORM
from adapters.discord.looking import Lookout
from adapters.discord.reach import Reach
from adapters.discord.sending import Sending
from core.chat import Place, Post, Receipt
from core.errors import DeliveryError, Refused
from core.ports import Absent, CannotTell
from core.records import short_id

NAME = 100
TAG = 5
WEEK: Any = 10080
"""Minutes without a word after which Discord archives a thread."""
RETRIED = 0.9
"""Seconds after which the library may have asked a second time by itself."""
NO_THREADS = "I may not open threads in that channel; whoever manages it can allow me Create Public Threads and Send Messages in Threads"
REMEMBERED = 2000


class Opening:
    """Opens conversations, and finds those that were opened."""

    def __init__(
        self, reach: Reach, sending: Sending, direct: Direct, lookout: Lookout, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._reach = reach
        self._sending = sending
        self._direct = direct
        self._lookout = lookout
        self._steady = steady
        self._half: dict[str, int] = {}
        """Post → its thread, which is there already and has no first message yet."""
        self.threadless: Callable[[Place], None] = lambda place: None
        """Told that a channel allows no threads."""

    async def open(self, post: Post) -> Receipt:
        """Open it."""
        if post.aside:
            try:
                return await self._aside(post, post.aside)
            except Refused:  # then in their direct messages
                return await self._directly(post)
        if post.into.direct:
            return await self._directly(post)
        if await self._reach.is_forum(int(post.into.channel)):
            return await self._in_forum(post)
        return await self._from_message(post)

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        """Whether it was opened. What was begun is remembered, so that opening goes on there."""
        if post.aside and (thread := await self._tagged(post, int(post.aside.channel))) is not None:
            found = await self._lookout.look(thread, post.key)
            if isinstance(found, int):
                return Receipt(place=post.aside.at(str(thread)), id=str(found))
            self._remember(post.key, thread)
            return found
        if post.aside or post.into.direct:
            found = await self._lookout.look(await self._direct.channel(_person(post.into)), post.key)
            return Receipt(place=own(post.into), id=str(found)) if isinstance(found, int) else found
        parent = int(post.into.channel)
        if await self._reach.is_forum(parent):
            thread = await self._tagged(post, parent)
            return Receipt(place=post.into.outside.at(str(thread)), id=str(thread)) if thread is not None else Absent()
        found = await self._lookout.look(parent, post.key)
        return await self._threaded(post, parent, found) if isinstance(found, int) else found

    # --- a thread from a message ---

    async def _from_message(self, post: Post) -> Receipt:
        parent = int(post.into.channel)
        if post.about and not await self._may_thread(parent):
            raise Refused(NO_THREADS)
        return await self._threaded(post, parent, await self._sending.send(parent, post.card, post.key))

    async def _threaded(self, post: Post, parent: int, message: int) -> Receipt:
        try:
            await self._reach.call(
                self._reach.client.http.start_thread_with_message(parent, message, name=named(post.thread_name), auto_archive_duration=WEEK)
            )
        except Forbidden:
            if post.about:
                raise
            self.threadless(post.into.outside)
            return Receipt(place=post.into.outside, id=str(message))
        except Coded as error:
            if error.code != HAS_THREAD:
                raise
            await self._reach.call(self._reach.client.fetch_channel(message))
        return Receipt(place=post.into.outside.at(str(message)), id=str(message))

    async def _may_thread(self, channel: int) -> bool:
        found = self._reach.client.get_channel(channel)
        if not isinstance(found, discord.abc.GuildChannel) or found.guild.me is None:
            return True
        allowed = found.permissions_for(found.guild.me)
        return allowed.create_public_threads and allowed.send_messages_in_threads

    # --- a thread for one person ---

    async def _aside(self, post: Post, where: Place) -> Receipt:
        http, parent = self._reach.client.http, int(where.channel)
        thread = self._half.get(post.key)
        if thread is None:
            since = self._steady()
            made = await self._reach.call(
                http.start_thread_without_message(
                    parent, name=tagged(post), auto_archive_duration=WEEK, type=discord.ChannelType.private_thread.value, invitable=False
                )
            )
            thread = int(made["id"])
            self._remember(post.key, thread)
            if self._steady() - since > RETRIED:
                await self._remove_spares(post, int(where.space), parent, thread)
        await self._reach.call(http.add_user_to_thread(thread, _person(post.into)))
        message = await self._sending.send(thread, post.card, post.key)
        self._half.pop(post.key, None)
        return Receipt(place=where.outside.at(str(thread)), id=str(message))

    # --- a post in a forum ---

    async def _in_forum(self, post: Post) -> Receipt:
        parent = int(post.into.channel)
        forum = await self._reach.channel(parent)
        more: dict[str, Any] = {"name": named(post.thread_name), "auto_archive_duration": WEEK}
        if tags := _tags(forum, post):
            more["applied_tags"] = tags
        since = self._steady()
        with handle_message_parameters(
            view=view(post.card, post.key),
            files=await self._sending.files(post.card) or discord.utils.MISSING,
            allowed_mentions=discord.AllowedMentions.none(),
            channel_payload=more,
        ) as params:
            made = await self._reach.call(self._reach.client.http.start_thread_in_forum(parent, params=params))
        thread = int(made["id"])
        if self._steady() - since > RETRIED:
            await self._remove_spares(post, int(post.into.space), parent, thread)
        return Receipt(place=post.into.outside.at(str(thread)), id=str(thread))

    # --- direct messages ---

    async def _directly(self, post: Post) -> Receipt:
        message = await self._sending.send(await self._direct.channel(_person(post.into)), post.card, post.key)
        return Receipt(place=own(post.into), id=str(message))

    # --- spares ---

    async def _tagged(self, post: Post, parent: int) -> int | None:
        """The thread with this post's name, where there is one; the oldest of several, and the others are removed."""
        guild = int((post.aside or post.into).space)
        found = await self._like(post, guild, parent)
        if not found:
            return None
        await self._remove_spares(post, guild, parent, found[0])
        return found[0]

    async def _like(self, post: Post, guild: int, parent: int) -> list[int]:
        answer: Mapping[str, Any] = await self._reach.call(self._reach.client.http.get_active_threads(guild))
        name, me = tagged(post) if post.aside else named(post.thread_name), self._reach.me
        return sorted(
            int(thread["id"])
            for thread in answer.get("threads") or ()
            if int(thread.get("parent_id") or 0) == parent and thread["name"] == name and int(thread.get("owner_id") or 0) == me
        )

    async def _remove_spares(self, post: Post, guild: int, parent: int, kept: int) -> None:
        http = self._reach.client.http
        for spare in await self._like(post, guild, parent):
            if spare == kept:
                continue
            # as far as we may: deleted, else put away, else nobody is in it
            ways: tuple[Callable[[int], Any], ...] = (http.delete_channel, partial(http.edit_channel, archived=True), http.leave_thread)
            for way in ways:
                with suppress(DeliveryError):
                    await self._reach.call(way(spare))
                    break

    def _remember(self, key: str, thread: int) -> None:
        if len(self._half) > REMEMBERED:
            self._half.clear()
        self._half[key] = thread


def own(place: Place) -> Place:
    """A person's direct messages as they are named when they write there, whichever guild it is about."""
    return Place.dm(PLATFORM, DIRECT, place.channel.removeprefix("@"))


def named(name: str) -> str:
    """A thread's name, never empty."""
    return (name.strip() or "Loopcoach")[:NAME]


def tagged(post: Post) -> str:
    """The name of a thread for one person: the tag at its end is this post's own."""
    tag = f" · {short_id(post.key)[:TAG]}"
    return named(post.thread_name)[: NAME - len(tag)] + tag


def _person(place: Place) -> int:
    return int(place.channel.removeprefix("@"))


def _tags(forum: Any, post: Post) -> list[str]:
    """A tag that the card names, where the forum has one; else the first that anybody may give, where it wants one."""
    known = [tag for tag in getattr(forum, "available_tags", ()) if not tag.moderated]
    fitting = [tag for tag in known if tag.name.lower() in f"{post.card.eyebrow} {post.card.title}".lower()]
    wanted = fitting[:1] or (known[:1] if getattr(getattr(forum, "flags", None), "require_tag", False) else [])
    return [str(tag.id) for tag in wanted]
