"""Where Discord's published description and Discord itself differ: allowed, each with its reason, in one place.

Beginning: /work/shared/specs/README.md and facts/discord.md section 3; the rest was found with the real libraries.
"""

from __future__ import annotations

from typing import Any

SNOWFLAKE_OR_INTEGER = {
    "anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}],
}
"""Requests: discord.py sends ids as integers (recipient_id, attachments[].id, allowed_mentions, message_reference); Discord takes both."""

INTEGER_OR_TEXT = {"anyOf": [{"type": ["integer", "null"]}, {"type": "string", "pattern": "^[0-9]+$"}]}
"""Requests: the docs say that permissions are strings (topics/permissions); the description says integers."""
PERMISSION_KEYS = ("allow", "deny", "permissions", "default_member_permissions")

EXTRA_REQUEST_KEYS: dict[str, dict[str, str]] = {
    "ApplicationCommandCreateRequest": {"nsfw": "documented, missing in the description"},
    "ApplicationCommandUpdateRequest": {"nsfw": "documented, missing in the description"},
    "ApplicationCommandPatchRequestPartial": {"nsfw": "documented, missing in the description"},
    "MessageEditRequestPartial": {"tts": "discord.py sends it; ignored", "enforce_nonce": "discord.py sends it; ignored"},
    "IncomingWebhookUpdateRequestPartial": {"tts": "discord.py sends it; ignored", "enforce_nonce": "discord.py sends it; ignored"},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {
        "tts": "discord.py sends it; ignored",
        "enforce_nonce": "discord.py sends it; ignored",
    },
    "IncomingWebhookInteractionRequest": {
        "enforce_nonce": "discord.py sends it; ignored",
        "nonce": "discord.py sends it; ignored",
    },
    "IncomingWebhookRequestPartial": {"enforce_nonce": "discord.py sends it; ignored", "nonce": "ignored"},
    "BaseCreateMessageCreateRequest": {"tts": "discord.py sends it with a forum post; ignored"},
    "CreateForumThreadRequest": {"type": "discord.py sends it with every thread; ignored in a forum"},
}
"""Schema -> key -> why no lint is made of it."""

EXTRA_QUERY_KEYS: dict[str, dict[str, str]] = {
    "POST /channels/{channel_id}/threads": {"use_nested_fields": "discord.py sends it with forum posts, from before the body was nested"},
}
"""Operation -> query parameter -> why no lint is made of it."""

EXTRA_REPLY_KEYS: dict[str, dict[str, str]] = {
    "CreatedThreadResponse": {"message": "documented: a forum post's answer carries its first message"},
    "ApplicationCommandResponse": {"nsfw": "documented"},
    "UserResponse": {"banner": "documented", "accent_color": "documented"},
}
"""The same for what the fake answers."""


def request_schemas(schemas: dict[str, Any]) -> dict[str, Any]:
    """The description's schemas as requests are judged with."""
    made = {name: permissions(body) for name, body in schemas.items()}
    made["SnowflakeType"] = SNOWFLAKE_OR_INTEGER
    for name, keys in EXTRA_REQUEST_KEYS.items():
        _allow(made, name, keys)
    return made


def reply_schemas(schemas: dict[str, Any]) -> dict[str, Any]:
    """The description's schemas as answers and events are judged with."""
    made = dict(schemas)
    # The docs and Discord itself give `_errors` codes as words (BASE_TYPE_REQUIRED); the description says integers.
    made["ErrorDetails"] = {"type": "object"}
    for name, keys in EXTRA_REPLY_KEYS.items():
        _allow(made, name, keys)
    return made


def _allow(schemas: dict[str, Any], name: str, keys: dict[str, str]) -> None:
    body = schemas.get(name)
    if body is not None:
        schemas[name] = {**body, "properties": {**{key: {} for key in keys}, **body["properties"]}}


def permissions(part: Any) -> Any:
    """A request schema in which permissions may be text too."""
    if isinstance(part, list):
        return [permissions(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: permissions(value) for key, value in part.items()}
    properties = made.get("properties")
    if isinstance(properties, dict):
        for key in PERMISSION_KEYS:
            if "integer" in str(properties.get(key, {}).get("type", "")):
                properties[key] = INTEGER_OR_TEXT
    return made
