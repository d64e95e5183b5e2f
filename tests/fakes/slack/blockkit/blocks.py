"""Layout blocks, and where each may stand."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.blockkit.elements import ELEMENTS, IMAGE, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from tests.fakes.slack.blockkit.objects import SLACK_FILE, mrkdwn, plain, text
from tests.fakes.slack.blockkit.rules import Problems, Rule, anything, boolean, by_type, items, number, one_of, picture, shape, string, url

_BLOCK: dict[str, Rule] = {"block_id": string(255, 1)}
_TYPE: dict[str, Rule] = {"type": anything}


def _wrapped(rule: Rule, schema: str = "allowed schemas") -> Rule:
    """Slack adds a line about the whole object to the line about its part."""

    def outer(value: Any, at: str, problems: Problems) -> None:
        inner = Problems()
        rule(value, at, inner)
        if inner:
            problems.add(at, f"failed to match all {schema}")
            problems.found += inner.found

    return outer


def _section(value: dict[str, Any], at: str, problems: Problems) -> None:
    if value.get("text") is None and value.get("fields") is None:
        problems.add(at, "must define either `fields` or `text`")


def _image(value: dict[str, Any], at: str, problems: Problems) -> None:
    if bool(value.get("image_url")) == bool(value.get("slack_file")):
        problems.add(at, "must define either `image_url` or `slack_file`")


def _card(value: dict[str, Any], at: str, problems: Problems) -> None:
    if not any(value.get(name) for name in ("hero_image", "title", "actions", "body")):
        problems.add(at, "must define one of `hero_image`, `title`, `actions` or `body`")


def _container(value: dict[str, Any], at: str, problems: Problems) -> None:
    if not value.get("title") and not value.get("rich_text_title"):
        problems.add(at, "must define either `title` or `rich_text_title`")
    if value.get("is_collapsible") and value.get("has_header_divider"):
        problems.add(at, "has_header_divider cannot be set when is_collapsible is true")


def _nested(value: Any, at: str, problems: Problems) -> None:
    by_type(BLOCKS)(value, at, problems)


_RICH = _wrapped(shape({**_TYPE, "elements": items(anything, 0)}, _BLOCK))
_CARD = shape(
    _TYPE,
    {
        **_BLOCK,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": items(by_type(ELEMENTS, ("button",)), 1, 5),
        "slack_icon": anything,
        "subtext": text(200),
    },
    _card,
)
_TASK = shape(
    {**_TYPE, "task_id": string(255, 1), "title": string(256, 1)},
    {
        **_BLOCK,
        "status": one_of("pending", "in_progress", "complete", "error"),
        "details": _RICH,
        "output": _RICH,
        "sources": items(anything),
    },
)

BLOCKS: dict[str, Rule] = {
    "section": shape(
        _TYPE,
        {
            **_BLOCK,
            "text": _wrapped(text(3000)),
            "fields": items(_wrapped(text(2000)), 1, 10),
            "accessory": by_type(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        _section,
    ),
    "header": shape({**_TYPE, "text": plain(150)}, {**_BLOCK, "level": number(1, 4)}),
    "divider": shape(_TYPE, _BLOCK),
    "image": shape(
        {**_TYPE, "alt_text": string(2000, 1)},
        {**_BLOCK, "image_url": picture, "slack_file": SLACK_FILE, "title": plain(2000)},
        _image,
    ),
    "actions": shape({**_TYPE, "elements": items(by_type(ELEMENTS, IN_ACTIONS), 1, 25)}, _BLOCK),
    "context": shape(
        {
            **_TYPE,
            "elements": items(by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)}), 1, 10),
        },
        _BLOCK,
    ),
    "context_actions": shape({**_TYPE, "elements": items(by_type(ELEMENTS, IN_CONTEXT_ACTIONS), 1, 5)}, _BLOCK),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": by_type(ELEMENTS, IN_INPUT)},
        {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": shape({**_TYPE, "text": string(12000, 1)}, _BLOCK),
    "rich_text": _RICH,
    "file": shape({**_TYPE, "external_id": string(255, 1), "source": one_of("remote")}, _BLOCK),
    "video": shape(
        {**_TYPE, "alt_text": string(0, 1), "title": plain(199), "thumbnail_url": url(3000), "video_url": url(3000)},
        {
            **_BLOCK,
            "author_name": string(49),
            "description": plain(200),
            "provider_icon_url": url(3000),
            "provider_name": string(),
            "title_url": url(3000),
        },
    ),
    "table": shape({**_TYPE, "rows": items(items(anything, 1, 20), 1, 100)}, {**_BLOCK, "column_settings": items(anything, 0, 20)}),
    "task_card": _TASK,
    "plan": shape({**_TYPE, "title": string(256, 1)}, {**_BLOCK, "tasks": items(_TASK)}),
    "alert": shape({**_TYPE, "text": text(3000)}, {**_BLOCK, "level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "carousel": shape({**_TYPE, "elements": items(_CARD, 1, 10)}, _BLOCK),
    "container": shape(
        {**_TYPE, "child_blocks": items(_nested, 1, 10)},
        {
            **_BLOCK,
            "title": text(150),
            "rich_text_title": _RICH,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        _container,
    ),
    "data_table": shape(_TYPE, {**_BLOCK, "columns": anything, "rows": anything, "title": anything}),
}

ONLY_IN_MESSAGES = {"markdown", "context_actions", "table", "data_table", "task_card", "plan", "file", "carousel", "container"}
IN_MESSAGES = set(BLOCKS)
IN_VIEWS = set(BLOCKS) - ONLY_IN_MESSAGES
