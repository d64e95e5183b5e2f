"""Judging the blocks of a message and the views of modals and home tabs."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tests.fakes.slack.blockkit.blocks import BLOCKS, IN_MESSAGES, IN_VIEWS
from tests.fakes.slack.blockkit.objects import plain
from tests.fakes.slack.blockkit.rules import Problems, Rule, anything, boolean, by_type, items, one_of, shape, string, unique
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON
from tests.fakes.slack.writing import texts

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
MESSAGE_CHARACTERS = 13_200
"""Measured by others against Slack: text over this in one message's blocks is `msg_blocks_too_long`."""


def problems_of(blocks: Any, at: str, most: int, allowed: Collection[str]) -> Problems:
    """Everything wrong with an array of blocks."""
    problems = Problems()
    items(by_type(BLOCKS, allowed), 0, most)(blocks, at, problems)
    if isinstance(blocks, list):
        ids = [(f"{at}/{n}/block_id", one.get("block_id")) for n, one in enumerate(blocks) if isinstance(one, dict)]
        unique(ids, "block_id", problems)
        for n, one in enumerate(blocks):
            if isinstance(one, dict) and isinstance(one.get("elements"), list) and one.get("type") in ("actions", "context_actions"):
                elements = [(f"{at}/{n}/elements/{m}", e) for m, e in enumerate(one["elements"]) if isinstance(e, dict)]
                unique([(f"{where}/action_id", e.get("action_id")) for where, e in elements], "action_id", problems)
        if sum(1 for one in _walk(blocks) if one.get("focus_on_load") is True) > 1:
            problems.add(at, "focus_on_load can only be true for one element")
    return problems


def check_blocks(blocks: list[JSON]) -> None:
    """Refuse a message's blocks as chat.postMessage does."""
    problems = problems_of(blocks, "/blocks", MESSAGE_BLOCKS, IN_MESSAGES)
    if problems:
        lines = problems.lines()
        raise ApiError("invalid_blocks", errors=lines, messages=[f"[ERROR] {line}" for line in lines])
    written = sum(len(str(one.get("text", ""))) for one in blocks if one.get("type") == "markdown")
    if written > MARKDOWN_CHARACTERS or sum(map(len, texts(blocks))) > MESSAGE_CHARACTERS:
        raise ApiError("msg_blocks_too_long")


def slack_files(blocks: list[JSON]) -> list[JSON]:
    """Every `slack_file` that blocks show."""
    return [one["slack_file"] for one in _walk(blocks) if isinstance(one.get("slack_file"), dict)]


def _walk(value: Any) -> list[JSON]:
    if isinstance(value, list):
        return [one for each in value for one in _walk(each)]
    if isinstance(value, dict):
        return [value, *(one for each in value.values() for one in _walk(each))]
    return []


_META: dict[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
    "blocks": anything,
    "type": anything,
}
_MODAL = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": anything},
    {
        **_META,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = shape({"type": one_of("home"), "blocks": anything}, _META)


def view_problems(view: Any, at: str = "/view") -> Problems:
    """Everything wrong with a view."""
    problems = Problems()
    by_type({"modal": _MODAL, "home": _HOME})(view, at, problems)
    if not isinstance(view, dict):
        return problems
    blocks = view.get("blocks")
    if blocks is not None:
        problems.found += problems_of(blocks, f"{at}/blocks", VIEW_BLOCKS, IN_VIEWS).found
    has_input = isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if view.get("type") == "modal" and has_input and not view.get("submit"):
        problems.add(at, "missing required field: submit", "missing_field")
    return problems


def check_view(view: Any, *types: str) -> JSON:
    """Refuse a view as views.open and its sisters do; the view itself otherwise."""
    if isinstance(view, str):
        try:
            view = json.loads(view)
        except ValueError:
            raise ApiError("invalid_arguments", messages=["[ERROR] invalid JSON [json-pointer:/view]"]) from None
    problems = view_problems(view)
    if not problems and view["type"] not in types:
        problems.add("/view/type", f"must be one of: {', '.join(types)}")
    if problems:
        raise ApiError("invalid_arguments", messages=[f"[ERROR] {line}" for line in problems.lines()])
    if len(json.dumps(view)) > 250_000:
        raise ApiError("view_too_large")
    return dict(view)
