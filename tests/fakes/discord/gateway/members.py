"""Request Guild Members (op 8): GUILD_MEMBERS_CHUNK (developers/events/gateway-events#request-guild-members)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.core.world import World
from tests.fakes.discord.gateway import intents
from tests.fakes.discord.gateway.session import Session
from tests.fakes.discord.payloads.people import member

SIZE = 1000


def chunks(world: World, session: Session, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answer. The whole list needs the members intent; a search by name (up to 100) or by ids does not."""
    guild = world.guilds.get(int(asked.get("guild_id") or 0))
    if guild is None or world.bot.id not in guild.members:
        return
    ids = asked.get("user_ids")
    missing: list[str] = []
    if ids is not None:
        wanted = [int(each) for each in (ids if isinstance(ids, list) else [ids])][:100]
        found = [guild.members[each] for each in wanted if each in guild.members]
        missing = [str(each) for each in wanted if each not in guild.members]
    else:
        query, limit = str(asked.get("query") or "").lower(), int(asked.get("limit") or 0)
        if not query and not session.has(intents.MEMBERS):
            return
        found = [each for each in guild.members.values() if (each.nick or each.user.name).lower().startswith(query)]
        found = found[: limit or None]
    parts = [found[start : start + SIZE] for start in range(0, len(found), SIZE)] or [[]]
    for index, part in enumerate(parts):
        body: dict[str, Any] = {
            "guild_id": str(guild.id),
            "members": [member(each) for each in part],
            "chunk_index": index,
            "chunk_count": len(parts),
        }
        if missing:
            body["not_found"] = missing
        if asked.get("presences"):
            body["presences"] = []
        if asked.get("nonce"):
            body["nonce"] = asked["nonce"]
        yield body
