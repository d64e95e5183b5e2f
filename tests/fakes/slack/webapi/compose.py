"""Reading and judging what a message is to say: text, Markdown, blocks, metadata."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.blockkit.check import check_blocks, slack_files
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON
from tests.fakes.slack.webapi.api import Context
from tests.fakes.slack.writing import received, rich_text, stored, summary

TEXT_LIMIT = 40_000
UPDATE_LIMIT = 4_000
MARKDOWN_LIMIT = 12_000
METADATA_LIMIT = 16_000


@dataclass
class Content:
    """What a message says."""

    text: str
    blocks: list[JSON] = field(default_factory=list)
    sent_blocks: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    markdown: str = ""
    given_text: bool = False
    given_blocks: bool = False


def content_of(ctx: Context, *, update: bool = False) -> Content:
    """Text, blocks and attachments of a call, checked and in Slack's own form."""
    args = ctx.args
    text = args.text("text")
    blocks = blocks_of(args.json("blocks", "invalid_blocks_format"))
    attachments = args.json("attachments", "invalid_attachments") or []
    markdown = args.text("markdown_text")
    if markdown:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_LIMIT:
            raise ApiError("msg_too_long")
        sent: list[JSON] = [{"type": "markdown", "text": markdown}]
        return Content(received(markdown), stored(sent, ctx.world.ids), sent, [], markdown, True, True)
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    if update and len(text.encode()) > UPDATE_LIMIT:
        raise ApiError("msg_too_long")
    if len(text) > TEXT_LIMIT:
        if ctx.slack.limits.long_text == "refuse":
            raise ApiError("msg_too_long")
        text = text[:TEXT_LIMIT]
        ctx.warnings.append("message_truncated")
    check_blocks(blocks)
    for shown_file in slack_files(blocks):
        known = ctx.world.files.get(str(shown_file.get("id", "")))
        if shown_file.get("id") and (known is None or not known.complete or known.deleted):
            raise ApiError("invalid_blocks", errors=["invalid slack file"], messages=["[ERROR] invalid slack file"])
    if blocks and not text:
        ctx.world.complaints.append(f"{ctx.method}: blocks without `text` for notifications and screen readers")
    kept = received(text) if text else received(summary(blocks))
    shown = stored(blocks, ctx.world.ids) if blocks else [rich_text(kept, ctx.world.ids)] if text else []
    return Content(kept, shown, blocks, attachments, "", bool(text), bool(blocks))


def blocks_of(value: Any) -> list[JSON]:
    """`blocks` as an array."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ApiError("invalid_blocks_format")
    return value


def metadata_of(ctx: Context) -> JSON | None:
    """`metadata`, checked; None where absent, {} where it is to be removed."""
    value = ctx.args.json("metadata", "invalid_metadata_format")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ApiError("invalid_metadata_format")
    if not value:
        return {}
    kind, payload = value.get("event_type"), value.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z0-9_.-]+", kind) or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(value)) > METADATA_LIMIT:
        raise ApiError("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}


def thread_of(ctx: Context, channel_id: str) -> str:
    """`thread_ts`, as the root's timestamp; a thread that does not exist is accepted, as Slack does, and noted."""
    value = ctx.args.text("thread_ts")
    if not value:
        return ""
    if not re.fullmatch(r"\d{10}\.\d{6}", value):
        raise ApiError("invalid_thread_ts", messages=[f"[ERROR] {value} is not a valid thread_ts"])
    root = ctx.world.channel(channel_id).messages.get(value)
    if root is None:
        ctx.world.complaints.append(f"{ctx.method}: replied in {channel_id} to {value}, which is not there")
        return value
    if root.is_reply:
        ctx.world.complaints.append(f"{ctx.method}: thread_ts {value} is a reply, not its parent")
        return root.thread_ts
    return value
