"""Block Kit as Slack judges it: limits, types, places."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models import blocks as models

from tests.fakes.slack.blockkit.check import check_blocks
from tests.fakes.slack.errors import ApiError
from tests.fakes_tests.slack.bolt import actions, button, field, section


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str = "x", value: str = "x") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def select(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return actions({"type": "static_select", "action_id": "s", "options": list(options), **more})


CONFIRM = {name: plain("x") for name in ("title", "text", "confirm", "deny")}
HALF = {"text": plain("x"), "value": "x"}
FEEDBACK = {"type": "feedback_buttons", "action_id": "f", "positive_button": HALF, "negative_button": HALF}
MANY = [option(str(n), str(n)) for n in range(101)]
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("header", {"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"),
    ("header mrkdwn", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
    ("empty text", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("empty section", {"type": "section"}, "must define either `fields` or `text` [json-pointer:/blocks/0]"),
    ("fields", {"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ("field", {"type": "section", "fields": [plain("x" * 2001)]}, "must be less than 2001 characters"),
    ("button text", actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    ("button value", actions(button(value="x" * 2001)), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"),
    ("action_id", actions(button(action_id="x" * 256)), "must be less than 256 characters"),
    ("button url", actions(button(url="nowhere")), "must be a valid URL"),
    ("style", actions(button(style="loud")), "must be one of: primary, danger"),
    ("actions", actions(*[button(action_id=str(n)) for n in range(26)]), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    ("no actions", actions(), "no fewer than 1 item allowed"),
    ("context", {"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
    ("context actions", {"type": "context_actions", "elements": [FEEDBACK] * 6}, "no more than 5 items allowed"),
    ("button in context actions", {"type": "context_actions", "elements": [button()]}, "unsupported type: button"),
    ("options", select(*MANY), "no more than 100 items allowed"),
    ("option text", select(option("x" * 76)), "must be less than 76 characters"),
    ("option value", select(option(value="x" * 151)), "must be less than 151 characters"),
    ("initial option", select(option(), initial_option=option("y", "y")), "must exactly match one of the provided options"),
    ("no options", select(), "missing required field: options"),
    ("overflow", actions({"type": "overflow", "action_id": "o", "options": MANY[:6]}), "no more than 5 items allowed"),
    ("markdown", {"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
    ("image", {"type": "image", "image_url": "https://example.com/a.png"}, "missing required field: alt_text"),
    (
        "image on this machine",
        {"type": "image", "image_url": "http://127.0.0.1:8000/a.png", "alt_text": "x"},
        "downloading image failed [json-pointer:/blocks/0/image_url]",
    ),
    ("unknown type", {"type": "sectoin"}, "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
    ("unknown key", {**section("x"), "colour": "red"}, "invalid additional property: colour [json-pointer:/blocks/0]"),
    ("text object", {"type": "section", "text": "x"}, "must provide an object [json-pointer:/blocks/0/text]"),
    ("emoji in mrkdwn", {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}, "invalid additional property: emoji"),
    ("input length", field("x", max_length=3001), "must be less than 3001"),
    ("block_id", {**section("x"), "block_id": "x" * 256}, "must be less than 256 characters"),
    ("date", actions({"type": "datepicker", "action_id": "d", "initial_date": "24.12.2026"}), "must match the pattern"),
    (
        "confirm",
        actions(button(confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")})),
        "less than 101",
    ),
    ("same action_id", actions(button(), button()), "`action_id` press already exists"),
]


@pytest.mark.parametrize(("block", "line"), [(block, line) for _, block, line in BAD], ids=[name for name, _, _ in BAD])
def test_what_slack_refuses(block: dict[str, Any], line: str) -> None:
    with pytest.raises(ApiError) as caught:
        check_blocks([block])
    assert caught.value.code == "invalid_blocks"
    messages = caught.value.extra["response_metadata"]["messages"]
    assert any(line in one and one.startswith("[ERROR] ") for one in messages), messages
    assert caught.value.extra["errors"] == [one.removeprefix("[ERROR] ") for one in messages]


def test_what_the_sdk_builds_is_accepted() -> None:
    built = [
        models.HeaderBlock(text="Title"),
        models.SectionBlock(text="*bold*", fields=["a", "b"], accessory=models.ButtonElement(text="Go", action_id="go", value="v")),
        models.DividerBlock(),
        models.ImageBlock(image_url="https://example.com/a.png", alt_text="A picture", title="A"),
        models.ActionsBlock(
            elements=[
                models.StaticSelectElement(action_id="s", options=[models.Option(text="a", value="a")], placeholder="p"),
                models.OverflowMenuElement(action_id="o", options=[models.Option(text="a", value="a"), models.Option(text="b", value="b")]),
                models.DatePickerElement(action_id="d", initial_date="2026-11-24"),
                models.TimePickerElement(action_id="t", initial_time="09:30"),
            ]
        ),
        models.ContextBlock(elements=[models.MarkdownTextObject(text="small")]),
        models.ContextActionsBlock(elements=[FEEDBACK]),
        models.MarkdownBlock(text="# Markdown"),
        models.InputBlock(label="Name", element=models.PlainTextInputElement(action_id="i", multiline=True, max_length=3000), hint="h"),
        models.TaskCardBlock(task_id="1", title="Work", status="complete"),
        models.AlertBlock(text="Careful", level="warning"),
        models.RichTextBlock(elements=[{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]),
    ]
    check_blocks([one.to_dict() for one in built])


def test_fifty_blocks_and_no_more() -> None:
    check_blocks([{"type": "divider"}] * 50)
    with pytest.raises(ApiError, match="invalid_blocks"):
        check_blocks([{"type": "divider"}] * 51)


def test_all_text_of_a_message_has_a_limit_too() -> None:
    check_blocks([{"type": "markdown", "text": "x" * 6_000}] * 2)
    for too_much in ([{"type": "markdown", "text": "x" * 6_001}] * 2, [section("x" * 2_999)] * 5):
        with pytest.raises(ApiError, match="msg_blocks_too_long"):
            check_blocks(too_much)


async def test_blocks_validate_says_where(slack: Any, client: Any, fails: Any) -> None:
    assert (await client.blocks_validate(blocks=[section("x")]))["ok"]
    data = await fails("invalid_blocks", client.blocks_validate(blocks=[{"type": "header", "text": plain("x" * 151)}]))
    assert data["errors"] == [{"pointer": "/0/text/text", "code": "failed_constraint", "message": "must be less than 151 characters"}]
    await fails("invalid_view", client.blocks_validate(view={"type": "modal", "blocks": []}))
    await fails("invalid_arguments", client.blocks_validate())
