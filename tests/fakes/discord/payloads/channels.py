"""Channels and threads as Discord writes them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.models import ANNOUNCEMENT, DM, FORUM, TEXT, Channel, Message, ThreadMember
from tests.fakes.discord.payloads.people import short_user


def channel(one: Channel, viewer_id: int) -> dict[str, Any]:
    """Any channel, as `viewer_id` (the bot) sees it."""
    if one.is_thread:
        return thread(one, viewer_id)
    if one.kind == DM:
        return direct(one, viewer_id)
    assert one.guild is not None
    body: dict[str, Any] = {
        "id": str(one.id),
        "type": one.kind,
        "guild_id": str(one.guild.id),
        "name": one.name,
        "position": one.position,
        "flags": one.flags,
        "parent_id": _id(one.parent),
        "permission_overwrites": [
            {"id": str(each.id), "type": each.kind, "allow": str(int(each.allow)), "deny": str(int(each.deny))}
            for each in one.overwrites.values()
        ],
    }
    if one.kind in (TEXT, ANNOUNCEMENT, FORUM):
        body |= {"topic": one.topic, "nsfw": False, "rate_limit_per_user": one.slowmode, "last_message_id": _text(one.last_message_id)}
    if one.kind in (TEXT, ANNOUNCEMENT):
        pinned = max(one.pins.values(), default=None)
        body["last_pin_timestamp"] = iso(pinned) if pinned else None
    if one.kind == FORUM:
        body |= {
            "available_tags": one.tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return body


def direct(one: Channel, viewer_id: int) -> dict[str, Any]:
    """A direct message channel."""
    return {
        "id": str(one.id),
        "type": DM,
        "flags": 0,
        "last_message_id": _text(one.last_message_id),
        "recipients": [short_user(each) for each in one.recipients.values() if each.id != viewer_id],
    }


def thread(one: Channel, viewer_id: int, *, with_member: bool = True) -> dict[str, Any]:
    """A thread; with the viewer's own membership where there is one."""
    assert one.guild is not None
    assert one.created_at is not None
    metadata: dict[str, Any] = {
        "archived": one.archived,
        "archive_timestamp": iso(one.archived_at or one.created_at),
        "auto_archive_duration": one.auto_archive,
        "locked": one.locked,
        "create_timestamp": iso(one.created_at),
    }
    if one.is_private_thread:
        metadata["invitable"] = one.invitable
    body: dict[str, Any] = {
        "id": str(one.id),
        "type": one.kind,
        "guild_id": str(one.guild.id),
        "parent_id": _id(one.parent),
        "owner_id": str(one.owner_id),
        "name": one.name,
        "flags": one.flags,
        "last_message_id": _text(one.last_message_id),
        "rate_limit_per_user": one.slowmode,
        "message_count": one.message_count,
        "member_count": min(len(one.thread_members), 50),
        "total_message_sent": one.total_sent,
        "thread_metadata": metadata,
    }
    if one.parent is not None and one.parent.kind == FORUM:
        body["applied_tags"] = [str(tag) for tag in one.applied_tags]
    mine = one.thread_members.get(viewer_id)
    if mine is not None and with_member:
        body["member"] = thread_member(one, mine)
    return body


def thread_member(one: Channel, who: ThreadMember) -> dict[str, Any]:
    """A thread member object."""
    return {"id": str(one.id), "user_id": str(who.user_id), "join_timestamp": iso(who.joined_at), "flags": 0}


def gone_thread(one: Channel) -> dict[str, Any]:
    """THREAD_DELETE: four fields."""
    return {"id": str(one.id), "guild_id": _text(one.guild_id), "parent_id": _id(one.parent), "type": one.kind}


def partial(one: Channel, viewer_id: int, permissions: int) -> dict[str, Any]:
    """As it stands in an interaction: with the permissions of the person who did it."""
    body = channel(one, viewer_id)
    for key in ("permission_overwrites", "available_tags", "member"):
        body.pop(key, None)
    if one.guild is not None:
        body["permissions"] = str(int(permissions))
    return body


def _id(one: Channel | Message | None) -> str | None:
    return str(one.id) if one is not None else None


def _text(number: int | None) -> str | None:
    return str(number) if number is not None else None
