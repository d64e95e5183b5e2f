"""What Slack makes of written text: escaping, links, rich_text blocks, notification text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.slack.ids import Ids
from tests.fakes.slack.model import JSON

_TOKEN = re.compile(r"<(?:@[UW]\w+(?:\|[^>]*)?|#C\w+(?:\|[^>]*)?|!\w[^>]*|https?://[^>\s]+|mailto:[^>]+)>")
_URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]]")
_PIECE = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>|<#(?P<channel>C\w+)(?:\|[^>]*)?>|<!(?P<range>here|channel|everyone)(?:\|[^>]*)?>"
    r"|<(?P<url>(?:https?://|mailto:)[^>|]+)(?:\|(?P<label>[^>]*))?>"
)


def escape(text: str) -> str:
    """`&`, `<` and `>` as Slack carries them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """What a client sends for what a person typed: escaped, mentions and links as tokens."""
    out, last = [], 0
    for found in _TOKEN.finditer(text):
        out += [_linked(text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*out, _linked(text[last:])])


def _linked(text: str) -> str:
    out, last = [], 0
    for found in _URL.finditer(text):
        out += [escape(text[last : found.start()]), f"<{escape(found[0])}>"]
        last = found.end()
    return "".join([*out, escape(text[last:])])


def received(text: str) -> str:
    """What Slack stores of an app's `text`: bare `&`, `<`, `>` escaped, its own tokens and entities left."""
    text = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    out, last = [], 0
    for found in re.finditer(r"<[@#!][^<>]*>|<(?:https?|mailto|slack):[^<>]+>", text):
        out += [_angles(text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*out, _angles(text[last:])])


def _angles(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text(text: str, ids: Ids) -> JSON:
    """The rich_text block of a message that has only text."""
    elements: list[JSON] = []
    last = 0
    for found in _PIECE.finditer(text):
        if found.start() > last:
            elements.append({"type": "text", "text": unescape(text[last : found.start()])})
        if found["user"]:
            elements.append({"type": "user", "user_id": found["user"]})
        elif found["channel"]:
            elements.append({"type": "channel", "channel_id": found["channel"]})
        elif found["range"]:
            elements.append({"type": "broadcast", "range": found["range"]})
        else:
            link: JSON = {"type": "link", "url": unescape(found["url"])}
            if found["label"]:
                link["text"] = unescape(found["label"])
            elements.append(link)
        last = found.end()
    if last < len(text):
        elements.append({"type": "text", "text": unescape(text[last:])})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": ids.short(), "elements": [section]}


def stored(blocks: Sequence[JSON], ids: Ids) -> list[JSON]:
    """Blocks as Slack gives them back: ids filled in, defaults written out, `markdown` rendered to rich_text."""
    out: list[JSON] = []
    for block in blocks:
        if block.get("type") == "markdown":
            out.append(rich_text(escape(str(block.get("text", ""))), ids))
            continue
        copy: JSON = with_defaults(block)
        copy.setdefault("block_id", ids.short())
        for element in _elements(copy):
            if element.get("type") not in (None, "image", "mrkdwn", "plain_text") and "rich_text_" not in str(element.get("type")):
                element.setdefault("action_id", ids.short())
        out.append(copy)
    return out


def with_defaults(value: Any) -> Any:
    """Text objects with what Slack writes out: `emoji`, `verbatim`."""
    if isinstance(value, list):
        return [with_defaults(one) for one in value]
    if not isinstance(value, dict):
        return value
    copy = {key: with_defaults(one) for key, one in value.items()}
    if copy.get("type") == "plain_text" and isinstance(copy.get("text"), str):
        copy.setdefault("emoji", True)
    if copy.get("type") == "mrkdwn" and isinstance(copy.get("text"), str):
        copy.setdefault("verbatim", False)
        copy["text"] = received(copy["text"])
    return copy


def _elements(block: JSON) -> Iterator[JSON]:
    if block.get("type") in ("actions", "context_actions"):
        yield from block.get("elements", [])
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]


def texts(value: Any) -> Iterator[str]:
    """Every string that counts as text in blocks."""
    if isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "text" and isinstance(one, str):
                yield one
            elif key not in ("value", "url", "image_url", "action_id", "block_id"):
                yield from texts(one)


def summary(blocks: Sequence[JSON]) -> str:
    """The notification text that Slack makes for blocks without `text`."""
    return " ".join(one for block in blocks if block.get("type") != "actions" for one in texts(block))
