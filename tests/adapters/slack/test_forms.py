"""Forms as modals: prefilled, within Slack's limits, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.views import View

from adapters.slack.forms import Origin, fields, modal, note, problems
from core.chat import Button, Form, Input, Option, Place
from tests.adapters.slack.judging import judge
from tests.fakes.door import _drill_form

ORIGIN = Origin("answer q1", Place(platform="slack", space="T1", channel="C1"), "slack:T1:C1:1.1", "https://hooks.slack.com/x")
FORM = Form(
    title="The tax service is slow for everybody",
    line="answer q1",
    text="Read *this* first.",
    fields=(
        Input(name="text", label="Your answer", kind="paragraph", max_length=4000, hint="Three to six **sentences**."),
        Input(name="title", label="Title", value="A title", max_length=80, required=False),
        Input(
            name="level",
            label="Level",
            kind="choice",
            value="sde2",
            options=(Option(value="sde1", label="I"), Option(value="sde2", label="II")),
        ),
        Input(
            name="days", label="Days", kind="choices", value="0,2", options=tuple(Option(value=str(n), label=f"Day {n}") for n in range(7))
        ),
        Input(name="many", label="Many", kind="choices", value="3", options=tuple(Option(value=str(n), label=f"{n}") for n in range(16))),
        Input(name="at", label="At", kind="time", value="09:00"),
        Input(name="on", label="On", kind="date", value="2026-12-24"),
        Input(name="odd", label="At", kind="time", value="nine"),
    ),
    submit="Review my answer, please, now",
    way_out=Button(label="Rather type it in a DM", line="review"),
)


def element(view: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(block["element"] for block in view["blocks"] if block.get("block_id") == name)
    return found


@pytest.mark.parametrize("form", [FORM, _drill_form(), Form(title="t", line="x")])
def test_a_form_is_a_view_that_slack_takes(form: Form) -> None:
    view = modal(form, ORIGIN)
    if view["blocks"]:
        View(**view).validate_json()
    judge(view["blocks"], view=True)
    assert len(view["title"]["text"]) <= 24
    assert len(view["submit"]["text"]) <= 24


def test_it_is_filled_in() -> None:
    view = modal(FORM, ORIGIN)
    assert element(view, "title")["initial_value"] == "A title"
    assert element(view, "text")["max_length"] == 3000
    assert element(view, "level")["initial_option"]["value"] == "sde2"
    assert [option["value"] for option in element(view, "days")["initial_options"]] == ["0", "2"]
    assert (element(view, "days")["type"], element(view, "many")["type"]) == ("checkboxes", "multi_static_select")
    assert element(view, "at")["initial_time"] == "09:00"
    assert element(view, "on")["initial_date"] == "2026-12-24"
    assert "initial_time" not in element(view, "odd")


def test_a_title_that_is_too_long_stands_inside() -> None:
    header = modal(FORM, ORIGIN)["blocks"][0]
    assert (header["type"], header["text"]["text"]) == ("header", FORM.title)


def test_a_hint_says_how_much_fits() -> None:
    hint = next(block["hint"]["text"] for block in modal(FORM, ORIGIN)["blocks"] if block.get("block_id") == "text")
    assert hint == "Three to six sentences. Up to 3,000 characters here."


def test_where_it_was_opened_from_comes_back() -> None:
    view = modal(FORM, ORIGIN)
    assert Origin.of(view) == ORIGIN
    assert len(view["private_metadata"]) <= 3000
    with pytest.raises((KeyError, ValueError)):
        Origin.of({"private_metadata": ""})


def test_what_was_filled_in_comes_back_by_name() -> None:
    option = {"value": "sde1", "text": {}}
    values = {
        "text": {"value": {"type": "plain_text_input", "value": "My answer."}},
        "title": {"value": {"type": "plain_text_input", "value": None}},
        "level": {"value": {"type": "static_select", "selected_option": option}},
        "days": {"value": {"type": "checkboxes", "selected_options": [{"value": "0"}, {"value": "2"}]}},
        "many": {"value": {"type": "multi_static_select", "selected_options": []}},
        "at": {"value": {"type": "timepicker", "selected_time": "16:30"}},
        "on": {"value": {"type": "datepicker", "selected_date": None}},
    }
    assert fields({"state": {"values": values}}) == {
        "text": "My answer.",
        "title": "",
        "level": "sde1",
        "days": "0,2",
        "many": "",
        "at": "16:30",
        "on": "",
    }


def test_what_is_wrong_stands_where_it_is_wrong() -> None:
    view = modal(FORM, ORIGIN)
    assert problems({"at": "No.", "elsewhere": "Nor that."}, view) == {"at": "No.", "text": "Nor that."}
    assert problems({"": "Too late."}, note("Loopcoach", "x")) == {"": "Too late."}
