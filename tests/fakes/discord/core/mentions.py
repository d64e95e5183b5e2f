"""Who is pinged: what the words say, cut by `allowed_mentions` (developers/resources/message#allowed-mentions-object)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.core.errors import invalid
from tests.fakes.discord.core.models import Message
from tests.fakes.discord.core.permissions import Permission

if TYPE_CHECKING:
    from tests.fakes.discord.core.world import World

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")
ANYBODY = {"parse": ["users", "roles", "everyone"], "replied_user": True}
"""What an ordinary message allows where it says nothing."""
USERS_ONLY = {"parse": ["users"], "replied_user": True}
"""What an answer to an interaction allows where it says nothing."""


def check(allowed: dict[str, Any] | None) -> None:
    """`parse: [users]` and `users: [...]` exclude one another."""
    for kind in ("users", "roles"):
        if allowed and kind in (allowed.get("parse") or []) and allowed.get(kind):
            sentence = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            raise invalid("allowed_mentions", sentence, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")


def apply(world: World, message: Message, allowed: dict[str, Any] | None, *, default: dict[str, Any] = ANYBODY) -> None:
    """Set the message's mentions."""
    check(allowed)
    rule = default if allowed is None else allowed
    parse = set(rule.get("parse") or [])
    guild = message.channel.guild
    may_all = guild is None or world.may(message.channel, Permission.MENTION_EVERYONE, message.author.id)
    users = [int(each) for each in USER.findall(message.text)]
    if "users" not in parse:
        named = {int(each) for each in rule.get("users") or []}
        users = [each for each in users if each in named]
    roles = [int(each) for each in ROLE.findall(message.text)]
    if "roles" not in parse:
        named = {int(each) for each in rule.get("roles") or []}
        roles = [each for each in roles if each in named]
    original = message.replied_to
    # A reply to an answer to an interaction pings nobody: discord-api-docs issue 5395.
    if original is not None and original.interaction is None and rule.get("replied_user"):
        users.append(original.author.id)
    known = guild.roles if guild is not None else {}
    message.mentions = [each for each in dict.fromkeys(users) if each in world.users]
    message.mention_roles = [each for each in dict.fromkeys(roles) if each in known and (known[each].mentionable or may_all)]
    message.mention_everyone = bool("everyone" in parse and may_all and guild is not None and EVERYONE.search(message.text))


def pinged(message: Message, user_id: int) -> bool:
    """Whether somebody's client makes a sound for it."""
    if message.channel.guild is None:
        return True
    member = message.channel.guild.members.get(user_id)
    roles = set(member.roles if member else [])
    return user_id in message.mentions or bool(roles & set(message.mention_roles)) or message.mention_everyone
