"""Users, members and roles as Discord writes them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.ids import iso
from tests.fakes.discord.core.models import Member, Role, User


def user(who: User) -> dict[str, Any]:
    """A user object."""
    body: dict[str, Any] = {
        "id": str(who.id),
        "username": who.name,
        "global_name": who.display,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    if who.bot:
        body["bot"] = True
    return body


def short_user(who: User) -> dict[str, Any]:
    """As it stands in messages: without banner and colour."""
    body = user(who)
    del body["banner"], body["accent_color"]
    return body


def myself(bot: User) -> dict[str, Any]:
    """GET /users/@me: with what only the account itself may know."""
    return {**user(bot), "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None, "premium_type": 0}


def member(who: Member, *, with_user: bool = True) -> dict[str, Any]:
    """A guild member; without `user` as it comes with a message."""
    body: dict[str, Any] = {
        "roles": [str(role) for role in who.roles],
        "nick": who.nick,
        "avatar": None,
        "banner": None,
        "joined_at": iso(who.joined_at),
        "premium_since": None,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
        "mute": False,
        "deaf": False,
    }
    if with_user:
        body["user"] = short_user(who.user)
    return body


def resolved_member(who: Member) -> dict[str, Any]:
    """A member in `resolved`: without user, mute and deaf."""
    body = member(who, with_user=False)
    del body["mute"], body["deaf"]
    return body


def role(one: Role) -> dict[str, Any]:
    """A role object."""
    body: dict[str, Any] = {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.bot_id is not None,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if one.bot_id is not None:
        body["tags"] = {"bot_id": str(one.bot_id)}
    return body
