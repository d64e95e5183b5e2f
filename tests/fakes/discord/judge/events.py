"""Gateway events as a judge sees them: the description knows REST only, so each event is cut to the objects that it describes.

What an event has beyond its object (documented in developers/events/gateway-events) is listed here and taken off first.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.judge.spec import Finding, Judge, named

ID = {"type": "string", "pattern": "^[1-9][0-9]*$"}
EMOJI = named("MessageReactionEmojiResponse")


def _closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required), "additionalProperties": False}


MEMBER = named("GuildMemberResponse")
MESSAGE_EXTRA = ("guild_id", "member", "channel_type")
OBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "MESSAGE_CREATE": ("MessageResponse", MESSAGE_EXTRA),
    "MESSAGE_UPDATE": ("MessageResponse", MESSAGE_EXTRA),
    "THREAD_CREATE": ("ThreadResponse", ("newly_created",)),
    "THREAD_UPDATE": ("ThreadResponse", ()),
    "CHANNEL_CREATE": ("GuildChannelResponse", ()),
    "CHANNEL_UPDATE": ("GuildChannelResponse", ()),
    "CHANNEL_DELETE": ("GuildChannelResponse", ()),
    "GUILD_UPDATE": ("GuildResponse", ()),
    "GUILD_MEMBER_ADD": ("GuildMemberResponse", ("guild_id",)),
    "GUILD_MEMBER_UPDATE": ("GuildMemberResponse", ("guild_id",)),
    "THREAD_MEMBER_UPDATE": ("ThreadMemberResponse", ("guild_id",)),
}
"""Event -> schema, and what is taken off before."""

SHAPES: dict[str, dict[str, Any]] = {
    "MESSAGE_DELETE": _closed({"id": ID, "channel_id": ID}, {"guild_id": ID}),
    "MESSAGE_DELETE_BULK": _closed({"ids": {"type": "array", "items": ID}, "channel_id": ID}, {"guild_id": ID}),
    "MESSAGE_REACTION_ADD": _closed(
        {"user_id": ID, "channel_id": ID, "message_id": ID, "emoji": EMOJI, "burst": {"type": "boolean"}, "type": {"enum": [0, 1]}},
        {"guild_id": ID, "member": MEMBER, "message_author_id": ID, "burst_colors": {"type": "array"}},
    ),
    "MESSAGE_REACTION_REMOVE": _closed(
        {"user_id": ID, "channel_id": ID, "message_id": ID, "emoji": EMOJI, "burst": {"type": "boolean"}, "type": {"enum": [0, 1]}},
        {"guild_id": ID},
    ),
    "TYPING_START": _closed({"channel_id": ID, "user_id": ID, "timestamp": {"type": "integer"}}, {"guild_id": ID, "member": MEMBER}),
    "CHANNEL_PINS_UPDATE": _closed({"channel_id": ID}, {"guild_id": ID, "last_pin_timestamp": {"type": ["string", "null"]}}),
    "THREAD_DELETE": _closed({"id": ID, "guild_id": ID, "parent_id": ID, "type": {"enum": [10, 11, 12]}}),
    "THREAD_LIST_SYNC": _closed(
        {"guild_id": ID, "threads": {"type": "array"}, "members": {"type": "array"}}, {"channel_ids": {"type": "array", "items": ID}}
    ),
    "THREAD_MEMBERS_UPDATE": _closed(
        {"id": ID, "guild_id": ID, "member_count": {"type": "integer"}},
        {"added_members": {"type": "array"}, "removed_member_ids": {"type": "array", "items": ID}},
    ),
    "GUILD_DELETE": _closed({"id": ID}, {"unavailable": {"type": "boolean"}}),
    "GUILD_MEMBER_REMOVE": _closed({"guild_id": ID, "user": named("UserResponse")}),
    "GUILD_ROLE_CREATE": _closed({"guild_id": ID, "role": named("GuildRoleResponse")}),
    "GUILD_ROLE_UPDATE": _closed({"guild_id": ID, "role": named("GuildRoleResponse")}),
    "GUILD_ROLE_DELETE": _closed({"guild_id": ID, "role_id": ID}),
}
"""Events that are no REST object: their documented fields."""

GUILD_EXTRA = (
    "joined_at", "large", "unavailable", "member_count", "members", "channels", "threads", "presences", "voice_states",
    "stage_instances", "guild_scheduled_events", "soundboard_sounds",
)  # fmt: skip


def judge_event(judge: Judge, name: str, body: dict[str, Any]) -> tuple[list[Finding], list[Finding]]:
    """Violations and lints of one event."""
    violations: list[Finding] = []
    lints: list[Finding] = []

    def look(schema: dict[str, Any], part: Any, at: str = "") -> None:
        wrong, unknown = judge.reply(schema, part)
        violations.extend((f"{at}.{path}".strip("."), what) for path, what in wrong)
        lints.extend((f"{at}.{path}".strip("."), what) for path, what in unknown)

    if name in SHAPES:
        look(SHAPES[name], body)
    elif name in OBJECTS:
        schema, extra = OBJECTS[name]
        plain = {key: value for key, value in body.items() if key not in extra}
        if schema == "MessageResponse":
            plain["mentions"] = [_without(each, "member") for each in plain["mentions"]]
            if "member" in body:
                look(MEMBER, {**body["member"], "user": body["author"]}, "member")
        look(named(schema), plain)
    elif name == "GUILD_CREATE":
        look(named("GuildResponse"), {key: value for key, value in body.items() if key not in GUILD_EXTRA})
        for each in body["members"]:
            look(MEMBER, each, "members")
        for each in body["channels"]:
            look(named("GuildChannelResponse"), {**each, "guild_id": body["id"]}, "channels")
        for each in body["threads"]:
            look(named("ThreadResponse"), each, "threads")
    elif name == "INTERACTION_CREATE":
        _interaction(look, body)
    return violations, lints


def _interaction(look: Any, body: dict[str, Any]) -> None:
    if "message" in body:
        look(named("MessageResponse"), body["message"], "message")
    if "member" in body:
        look(named("PrivateGuildMemberResponse"), body["member"], "member")
    if "user" in body:
        look(named("UserResponse"), body["user"], "user")
    resolved = dict(body["data"].get("resolved") or {})
    for each in resolved.pop("messages", {}).values():
        look(named("MessageResponse"), each, "data.resolved.messages")
    for each in resolved.pop("attachments", {}).values():
        look(named("AttachmentResponse"), each, "data.resolved.attachments")
    members = {key: _without(each, "permissions") for key, each in (resolved.pop("members", None) or {}).items()}
    for each in members.values():
        look(named("BasicGuildMemberResponse"), each, "data.resolved.members")
    resolved.pop("channels", None)  # partial channels, documented by their own table
    look(named("ResolvedObjectsResponse"), resolved, "data.resolved")


def _without(part: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != key}
