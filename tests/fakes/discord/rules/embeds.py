"""Embeds: the limits that the schema lacks, and the form in which they come back (resources/message#embed-object-embed-limits)."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.errors import invalid

MOST = 6000
"""Characters in titles, descriptions, fields, footers and author names of all embeds of a message."""


KEYS: dict[str, tuple[str, ...]] = {
    "footer": ("text", "icon_url"),
    "author": ("name", "url", "icon_url"),
    "image": ("url", "description"),
    "thumbnail": ("url", "description"),
    "provider": ("name", "url"),
}
"""What is kept of an embed's parts; plain ones are title, description, url, timestamp, color."""
PLAIN = ("title", "description", "url", "timestamp", "color")


def check(embeds: list[dict[str, Any]]) -> None:
    """Raise 50035."""
    total = 0
    for index, embed in enumerate(embeds):
        texts = _texts(embed)
        total += sum(map(len, texts))
        if not texts and not any(embed.get(key) for key in ("image", "thumbnail", "url", "timestamp")):
            raise invalid(f"embeds.{index}.description", "This field is required", "BASE_TYPE_REQUIRED")
    if total > MOST:
        raise invalid("embeds", f"Embed size exceeds maximum size of {MOST}", "MAX_EMBED_SIZE_EXCEEDED")


def shown(embeds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As Discord gives them back."""
    return [_one(embed) for embed in embeds]


def _one(embed: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "rich"}
    body |= {key: embed[key] for key in PLAIN if embed.get(key) is not None}
    for key, keys in KEYS.items():
        if embed.get(key):
            body[key] = {name: embed[key][name] for name in keys if embed[key].get(name) is not None}
    if embed.get("fields"):
        body["fields"] = [{"name": each["name"], "value": each["value"], "inline": bool(each.get("inline"))} for each in embed["fields"]]
    return body


def _texts(embed: dict[str, Any]) -> list[str]:
    found = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for part in embed.get("fields") or []:
        found += [part["name"], part["value"]]
    return [text for text in found if text]
