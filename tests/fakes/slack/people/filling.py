"""Filling in a modal: what Slack's client lets through, and what the answer does to the stack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.blockkit.check import check_view
from tests.fakes.slack.delivery.outlet import TROUBLE
from tests.fakes.slack.delivery.record import Answer
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.forms import INITIAL, close_views, inputs_of, put_view, show_update
from tests.fakes.slack.model import JSON, View
from tests.fakes.slack.people.elements import find, value_of
from tests.fakes.slack.world import World

REQUIRED = "Please complete this required field."


def fill(world: World, view: View, values: Mapping[str, Any]) -> None:
    """Write values into a view's state; keys are action_ids, block_ids or labels."""
    for name, wanted in values.items():
        block, element = find(view.blocks, name)
        if element["type"] not in INITIAL:
            raise AssertionError(f"{name!r} is a {element['type']}: nothing to fill in")
        key = INITIAL[element["type"]][0]
        view.state[block["block_id"]][element["action_id"]] = {"type": element["type"], key: value_of(world, element, wanted)}


def refused(view: View) -> dict[str, str]:
    """What the client itself finds wrong before it sends: block_id → text."""
    errors: dict[str, str] = {}
    for block, element in inputs_of(view.blocks):
        if block["type"] != "input":
            continue
        value = view.state[block["block_id"]][element["action_id"]][INITIAL[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
            continue
        problem = _problem(element, value)
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _problem(element: JSON, value: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < least:
            return f"Please enter at least {least} characters."
        return f"Please enter no more than {most} characters." if len(value) > most else ""
    if kind == "number_input":
        number = re.fullmatch(r"-?\d+(?:\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+", value)
        if not number:
            return "Please enter a number."
        low, high = element.get("min_value"), element.get("max_value")
        if (low is not None and float(value) < float(low)) or (high is not None and float(value) > float(high)):
            return f"Please enter a number between {low} and {high}."
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+\.\S+", value):
        return "Please enter a valid URL."
    if kind == "datepicker" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return "Please choose a date."
    if kind == "timepicker" and not re.fullmatch(r"[0-2]\d:[0-5]\d", value):
        return "Please choose a time."
    return ""


def after_submission(world: World, view: View, answer: Answer) -> Answer:
    """Do to the stack what the app answered."""
    if not answer.acked:
        return answer
    action = answer.payload.get("response_action")
    try:
        if not answer.payload:
            if view.open:
                close_views(world, view.app_id, view.user)
        elif action == "clear":
            close_views(world, view.app_id, view.user, all_of_them=True)
        elif action == "errors":
            _errors(view, answer)
        elif action == "update":
            show_update(world, view, check_view(answer.payload.get("view"), "modal"))
        elif action == "push":
            put_view(world, view.app_id, view.team_id, view.user, check_view(answer.payload.get("view"), "modal"))
        else:
            answer.error = TROUBLE
    except ApiError as error:
        world.complaints.append(f"view_submission answered with {action}: {error.code} {error.extra}")
        answer.error = TROUBLE
    return answer


def _errors(view: View, answer: Answer) -> None:
    errors = answer.payload.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs or not all(isinstance(one, str) for one in errors.values()):
        raise ApiError("invalid_errors", errors=errors, inputs=sorted(inputs))
    view.errors = dict(errors)
    answer.errors = dict(errors)
