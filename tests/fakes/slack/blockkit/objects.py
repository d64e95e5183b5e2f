"""Composition objects: text, option, confirmation, filter."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.blockkit.rules import Problems, Rule, anything, boolean, by_type, items, one_of, shape, string, url


def plain(most: int = 3000) -> Rule:
    """A plain_text object."""
    return _text(most, "plain_text")


def text(most: int = 3000) -> Rule:
    """A plain_text or mrkdwn object."""
    return _text(most, "plain_text", "mrkdwn")


def mrkdwn(most: int = 3000) -> Rule:
    """A mrkdwn or plain_text object where the documentation asks for mrkdwn."""
    return text(most)


def _text(most: int, *types: str) -> Rule:
    kinds = {
        "plain_text": shape({"type": anything, "text": string(most, 1)}, {"emoji": boolean}),
        "mrkdwn": shape({"type": anything, "text": string(most, 1)}, {"verbatim": boolean}),
    }
    return by_type(kinds, types)


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def option(*, rich: bool = False, link: bool = False) -> Rule:
    """One choice: text of 75, value of 150, description of 75 characters."""
    words = text(75) if rich else plain(75)
    optional: dict[str, Rule] = {"description": text(75) if rich else plain(75)}
    if link:
        optional["url"] = url(3000)
    return shape({"text": words, "value": string(150, 1)}, optional)


OPTION_GROUP = shape({"label": plain(75), "options": items(option(), 1, 100)})
DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
SLACK_FILE = shape({}, {"id": string(255, 1), "url": url(3000)})


def chosen(value: dict[str, Any], at: str, problems: Problems) -> None:
    """`initial_option(s)` must be exactly one of the options; options and groups exclude each other."""
    if "options" in value and "option_groups" in value:
        problems.add(at, "only one of options or option_groups may be given")
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += group.get("options", []) if isinstance(group, dict) else []
    initial = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    for one in initial if isinstance(initial, list) else []:
        if one not in offered:
            problems.add(at, "initial_option must exactly match one of the provided options")
    values = [one.get("value") for one in offered if isinstance(one, dict)]
    if len(values) != len(set(map(str, values))):
        problems.add(f"{at}/options", "option values must be unique")
