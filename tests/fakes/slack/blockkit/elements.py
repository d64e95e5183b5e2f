"""Block elements: what people press, choose from and write into."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.blockkit.objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    OPTION_GROUP,
    SLACK_FILE,
    chosen,
    option,
    plain,
)
from tests.fakes.slack.blockkit.rules import Problems, Rule, anything, boolean, items, number, one_of, picture, shape, string, url

_ID = {"action_id": string(255, 1)}
_CONFIRM: dict[str, Rule] = {"confirm": CONFIRM}
_PICK: dict[str, Rule] = {**_ID, **_CONFIRM, "placeholder": plain(150), "focus_on_load": boolean}
_DATE = string(10, 10, pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(5, 5, pattern=r"(?:[01]\d|2[0-3]):[0-5]\d")
_TYPE: dict[str, Rule] = {"type": anything}


def _one_source(value: dict[str, Any], at: str, problems: Problems) -> None:
    if not value.get("options") and not value.get("option_groups"):
        problems.add(at, "missing required field: options", "missing_field")
    chosen(value, at, problems)


def _length(value: dict[str, Any], at: str, problems: Problems) -> None:
    least, most, initial = value.get("min_length"), value.get("max_length"), value.get("initial_value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        problems.add(f"{at}/min_length", "must be less than or equal to max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        problems.add(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _picture(value: dict[str, Any], at: str, problems: Problems) -> None:
    if bool(value.get("image_url")) == bool(value.get("slack_file")):
        problems.add(at, "must define either `image_url` or `slack_file`")


def _choice(value: dict[str, Any], at: str, problems: Problems) -> None:
    chosen(value, at, problems)


IMAGE = shape(
    {**_TYPE, "alt_text": string(2000, 1)},
    {"image_url": picture, "slack_file": SLACK_FILE, "image_width": number(), "image_height": number(), "image_bytes": number()},
    _picture,
)
_FEEDBACK = shape({"text": plain(75), "value": string(2000, 1)}, {"accessibility_label": string(75)})
_STATIC: dict[str, Rule] = {**_PICK, "options": items(option(), 1, 100), "option_groups": items(OPTION_GROUP, 1, 100)}
_MANY: dict[str, Rule] = {"max_selected_items": number(1)}


def _writing(extra: dict[str, Rule] | None = None) -> dict[str, Rule]:
    return {
        **_ID,
        "placeholder": plain(150),
        "initial_value": string(),
        "dispatch_action_config": DISPATCH,
        "focus_on_load": boolean,
        **(extra or {}),
    }


ELEMENTS: dict[str, Rule] = {
    "image": IMAGE,
    "button": shape(
        {**_TYPE, "text": plain(75)},
        {
            **_ID,
            **_CONFIRM,
            "url": url(3000),
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
            "agent_prompt": string(4000),
        },
    ),
    "workflow_button": shape(
        {**_TYPE, "text": plain(75), "workflow": anything},
        {**_ID, "style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
    "feedback_buttons": shape({**_TYPE, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ID),
    "icon_button": shape(
        {**_TYPE, "icon": one_of("trash"), "text": plain(75)},
        {**_ID, **_CONFIRM, "value": string(2000), "accessibility_label": string(75), "visible_to_user_ids": items(string(0, 1))},
    ),
    "overflow": shape({**_TYPE, "options": items(option(link=True), 1, 5)}, {**_ID, **_CONFIRM}, _choice),
    "checkboxes": shape(
        {**_TYPE, "options": items(option(rich=True), 1, 10)},
        {**_ID, **_CONFIRM, "initial_options": items(option(rich=True), 1, 10), "focus_on_load": boolean},
        _choice,
    ),
    "radio_buttons": shape(
        {**_TYPE, "options": items(option(rich=True), 1, 10)},
        {**_ID, **_CONFIRM, "initial_option": option(rich=True), "focus_on_load": boolean},
        _choice,
    ),
    "static_select": shape(_TYPE, {**_STATIC, "initial_option": option()}, _one_source),
    "multi_static_select": shape(_TYPE, {**_STATIC, **_MANY, "initial_options": items(option(), 1, 100)}, _one_source),
    "external_select": shape(_TYPE, {**_PICK, "initial_option": option(), "min_query_length": number(0)}),
    "multi_external_select": shape(_TYPE, {**_PICK, **_MANY, "initial_options": items(option(), 1, 100), "min_query_length": number(0)}),
    "users_select": shape(_TYPE, {**_PICK, "initial_user": string(0, 1)}),
    "multi_users_select": shape(_TYPE, {**_PICK, **_MANY, "initial_users": items(string(0, 1), 1)}),
    "conversations_select": shape(
        _TYPE,
        {
            **_PICK,
            "initial_conversation": string(0, 1),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": shape(
        _TYPE,
        {
            **_PICK,
            **_MANY,
            "initial_conversations": items(string(0, 1), 1),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        },
    ),
    "channels_select": shape(_TYPE, {**_PICK, "initial_channel": string(0, 1), "response_url_enabled": boolean}),
    "multi_channels_select": shape(_TYPE, {**_PICK, **_MANY, "initial_channels": items(string(0, 1), 1)}),
    "datepicker": shape(_TYPE, {**_PICK, "initial_date": _DATE}),
    "timepicker": shape(_TYPE, {**_PICK, "initial_time": _TIME, "timezone": string(0, 1)}),
    "datetimepicker": shape(
        _TYPE, {**_ID, **_CONFIRM, "initial_date_time": number(1_000_000_000, 9_999_999_999), "focus_on_load": boolean}
    ),
    "plain_text_input": shape(
        _TYPE,
        _writing({"multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000), "initial_value": string(3000)}),
        _length,
    ),
    "rich_text_input": shape(
        _TYPE,
        {**_ID, "placeholder": plain(150), "initial_value": anything, "dispatch_action_config": DISPATCH, "focus_on_load": boolean},
    ),
    "email_text_input": shape(_TYPE, _writing()),
    "url_text_input": shape(_TYPE, _writing()),
    "number_input": shape({**_TYPE, "is_decimal_allowed": boolean}, _writing({"min_value": string(), "max_value": string()})),
    "file_input": shape(_TYPE, {**_ID, "filetypes": items(string(0, 1), 1), "max_files": number(1, 10)}),
}

_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI = tuple(f"multi_{one}" for one in _SELECTS)
_PICKERS = ("datepicker", "timepicker", "datetimepicker")
_BOXES = ("checkboxes", "radio_buttons")

IN_ACTIONS = ("button", "workflow_button", "overflow", "rich_text_input", *_BOXES, *_PICKERS, *_SELECTS, *_MULTI)
IN_SECTION = ("button", "workflow_button", "overflow", "image", "datepicker", "timepicker", *_BOXES, *_SELECTS, *_MULTI)
IN_INPUT = (
    "plain_text_input",
    "rich_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "file_input",
    *_BOXES,
    *_PICKERS,
    *_SELECTS,
    *_MULTI,
)
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")
