"""Slack's published limits, held against what we send: the models of slack_sdk, and what those leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

Json = dict[str, Any]
BLOCKS_MESSAGE, BLOCKS_VIEW = 50, 100
NOT_IN_VIEWS = ("markdown", "context_actions")


def judge(blocks: Sequence[Json], *, view: bool = False) -> None:
    """AssertionError where Slack would answer `invalid_blocks`."""
    assert len(blocks) <= (BLOCKS_VIEW if view else BLOCKS_MESSAGE)
    assert sum(len(block["text"]) for block in blocks if block["type"] == "markdown") <= 12_000
    actions: list[str] = []
    for block in blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None, block["type"]
        parsed.validate_json()
        assert not (view and block["type"] in NOT_IN_VIEWS)
        for thing in walk(block):
            _judge_text(thing)
            _judge_element(thing)
            actions += [thing["action_id"]] if "action_id" in thing else []
    assert len(actions) == len(set(actions))


def walk(value: object) -> Iterator[Json]:
    """Every object inside."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def _judge_text(thing: Json) -> None:
    if thing.get("type") in ("plain_text", "mrkdwn"):
        assert 1 <= len(thing["text"]) <= 3000, thing
    if thing.get("type") == "text":
        assert thing["text"], "an empty text element"


def _judge_element(thing: Json) -> None:
    match thing.get("type"):
        case "button":
            assert len(thing["text"]["text"]) <= 75
            assert len(thing["value"]) <= 2000
            assert len(thing["action_id"]) <= 255
        case "static_select" | "multi_static_select":
            assert 1 <= len(thing["options"]) <= 100
            assert all(len(option["text"]["text"]) <= 75 and len(option["value"]) <= 150 for option in thing["options"])
            assert len(thing.get("placeholder", {"text": ""})["text"]) <= 150
        case "actions":
            assert 1 <= len(thing["elements"]) <= 25
        case "context":
            assert 1 <= len(thing["elements"]) <= 10
        case "header":
            assert len(thing["text"]["text"]) <= 150
        case "section":
            assert "text" in thing or 1 <= len(thing["fields"]) <= 10
            assert all(len(field["text"]) <= 2000 for field in thing.get("fields", []))
        case "rich_text" | "rich_text_section" | "rich_text_quote" | "rich_text_list":
            assert thing["elements"]


def text_of(blocks: Sequence[Json]) -> str:
    """All the words that somebody reads, in order."""
    return "\n".join(_words(blocks))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name in (
            "text",
            "elements",
            "fields",
            "alt_text",
            "title",
            "placeholder",
            "options",
            "positive_button",
            "negative_button",
            "fallback",
        ):
            inner = value.get(name)
            if isinstance(inner, str):
                yield inner
            elif inner is not None:
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
