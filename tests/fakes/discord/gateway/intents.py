"""Which event needs which intent (developers/events/gateway#list-of-intents)."""

from __future__ import annotations

GUILDS, MEMBERS, PRESENCES, CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 15
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT_MESSAGES, DIRECT_REACTIONS, DIRECT_TYPING = 1 << 12, 1 << 13, 1 << 14
KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
"""Any other bit is an invalid intent."""

MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK")
REACTIONS = ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI")
OF_GUILDS = (
    "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE",
    "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE",
    "THREAD_LIST_SYNC", "THREAD_MEMBER_UPDATE", "THREAD_MEMBERS_UPDATE",
)  # fmt: skip
OF_MEMBERS = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE")


def wanted(name: str, intents: int, *, guild: bool) -> bool:
    """Whether a session with these intents gets the event. INTERACTION_CREATE, READY and the like need none."""
    if name in MESSAGES:
        return bool(intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES))
    if name in REACTIONS:
        return bool(intents & (GUILD_REACTIONS if guild else DIRECT_REACTIONS))
    if name == "TYPING_START":
        return bool(intents & (GUILD_TYPING if guild else DIRECT_TYPING))
    if name == "CHANNEL_PINS_UPDATE":
        return bool(intents & (GUILDS if guild else DIRECT_MESSAGES))
    if name in OF_MEMBERS:
        return bool(intents & MEMBERS)
    if name == "THREAD_MEMBERS_UPDATE":
        return bool(intents & (GUILDS | MEMBERS))
    return not (name in OF_GUILDS and not intents & GUILDS)
