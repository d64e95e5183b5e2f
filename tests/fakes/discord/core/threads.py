"""Threads: made, joined, archived; with the system messages and events that go with it (developers/topics/threads)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.fakes.discord.core import posting
from tests.fakes.discord.core.ids import moment
from tests.fakes.discord.core.models import PRIVATE_THREAD, PUBLIC_THREAD, Channel, Kind, Message, ThreadMember, User
from tests.fakes.discord.core.permissions import Permission, sees
from tests.fakes.discord.core.world import Event, World
from tests.fakes.discord.payloads.channels import thread, thread_member
from tests.fakes.discord.payloads.people import member

DURATIONS = (60, 1440, 4320, 10080)


def create(world: World, parent: Channel, owner: User, name: str, *, kind: int, thread_id: int | None = None, **settings: Any) -> Channel:
    """A thread with its owner in it. Emits THREAD_CREATE."""
    now = world.clock.now()
    made = Channel(
        id=thread_id or world.snowflakes.next(),
        kind=kind,
        guild=parent.guild,
        name=name,
        parent=parent,
        owner_id=owner.id,
        created_at=now,
        archived_at=now,
        **settings,
    )
    made.thread_members[owner.id] = ThreadMember(owner.id, now)
    world.add_channel(made)
    world.emit(Event("THREAD_CREATE", {**thread(made, world.bot.id), "newly_created": True}, made.guild_id, made))
    return made


def add(world: World, one: Channel, who: User, *, by: User | None = None) -> None:
    """Somebody joins (or is added `by` another, which the thread then says). Nothing happens to one who is in already."""
    if who.id in one.thread_members:
        return
    one.thread_members[who.id] = ThreadMember(who.id, world.clock.now())
    if who is world.bot:
        world.emit(Event("THREAD_CREATE", thread(one, world.bot.id), one.guild_id, one))
    _members_changed(world, one, added=[who])
    if by is not None and by is not who:
        posting.system(world, one, by, Kind.RECIPIENT_ADD, mentions=[who.id])


def remove(world: World, one: Channel, who: User, *, by: User | None = None) -> None:
    """Somebody leaves, or is removed."""
    if one.thread_members.pop(who.id, None) is None:
        return
    _members_changed(world, one, removed=[who])
    if by is not None and by is not who:
        posting.system(world, one, by, Kind.RECIPIENT_REMOVE, mentions=[who.id])


def set_archived(world: World, one: Channel, archived: bool) -> None:
    """Put it away, or fetch it back: THREAD_UPDATE, and THREAD_MEMBER_UPDATE for the bot when it is fetched back."""
    if one.archived == archived:
        return
    one.archived, one.archived_at = archived, world.clock.now()
    updated(world, one)
    mine = one.thread_members.get(world.bot.id)
    if not archived and mine is not None:
        body = {**thread_member(one, mine), "guild_id": str(one.guild_id)}
        world.emit(Event("THREAD_MEMBER_UPDATE", body, one.guild_id, one))


def archive_idle(world: World) -> list[Channel]:
    """What Discord does from time to time: archive threads in which nothing has happened for as long as they are set to."""
    done = []
    for one in list(world.channels.values()):
        if not one.is_thread or one.archived:
            continue
        last = max(moment(one.last_message_id or one.id), one.archived_at or moment(one.id))
        if world.clock.now() - last >= timedelta(minutes=one.auto_archive):
            set_archived(world, one, True)
            done.append(one)
    return done


def updated(world: World, one: Channel) -> None:
    """Emit THREAD_UPDATE."""
    world.emit(Event("THREAD_UPDATE", thread(one, world.bot.id), one.guild_id, one))


def starter(world: World, one: Channel, message: Message) -> None:
    """The first entry of a thread made from a message: it only points there."""
    reference = {"type": 0, "channel_id": str(message.channel.id), "guild_id": str(one.guild_id), "message_id": str(message.id)}
    posting.system(world, one, message.author, Kind.THREAD_STARTER, reference=reference, replied_to=message, quiet=True)


def announce(world: World, one: Channel, owner: User) -> None:
    """What the parent channel says of a public thread that no message started."""
    assert one.parent is not None
    reference = {"type": 0, "channel_id": str(one.id), "guild_id": str(one.guild_id)}
    posting.system(world, one.parent, owner, Kind.THREAD_CREATED, content=one.name, reference=reference)


def may_add(world: World, one: Channel, adder: User) -> bool:
    """Whether somebody may bring others in."""
    if not world.may(one, Permission.SEND_MESSAGES_IN_THREADS, adder.id):
        return False
    if one.kind == PUBLIC_THREAD or one.invitable:
        return True
    return adder.id == one.owner_id or world.may(one, Permission.MANAGE_THREADS, adder.id)


def draw_in(world: World, message: Message) -> None:
    """Writing in a thread joins it; being mentioned there does too, for whoever sees the parent."""
    one = message.channel
    add(world, one, message.author)
    if not may_add(world, one, message.author):
        return
    for user_id in message.mentions:
        guest = world.users[user_id]
        assert one.guild is not None
        assert one.parent is not None
        if user_id in one.guild.members and sees(one.parent, user_id):
            add(world, one, guest)


def archivable(kind: int) -> str:
    """Which list of archived threads it is in."""
    return "private" if kind == PRIVATE_THREAD else "public"


def _members_changed(world: World, one: Channel, *, added: list[User] | None = None, removed: list[User] | None = None) -> None:
    """THREAD_MEMBERS_UPDATE: without the members intent only what concerns the bot itself."""
    assert one.guild is not None

    def body(joined: list[User], left: list[User]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": str(one.id), "guild_id": str(one.guild_id), "member_count": min(len(one.thread_members), 50)}
        if joined:
            made["added_members"] = [_full_member(one, each) for each in joined]
        if left:
            made["removed_member_ids"] = [str(each.id) for each in left]
        return made

    joined, left = added or [], removed or []
    mine = body([each for each in joined if each is world.bot], [each for each in left if each is world.bot])
    concerns = "added_members" in mine or "removed_member_ids" in mine
    # One who was removed from a private thread no longer sees it but is told all the same.
    channel = None if world.bot in left else one
    world.emit(Event("THREAD_MEMBERS_UPDATE", body(joined, left), one.guild_id, channel, without_members=mine if concerns else {}))


def _full_member(one: Channel, who: User) -> dict[str, Any]:
    assert one.guild is not None
    known = one.guild.members.get(who.id)
    body = {**thread_member(one, one.thread_members[who.id]), "presence": None}
    if known is not None:
        body["member"] = member(known)
    return body
