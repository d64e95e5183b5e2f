"""Finding what a person presses, and what Slack says of the press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.slack.forms import INITIAL
from tests.fakes.slack.model import JSON
from tests.fakes.slack.world import World


def interactive(blocks: Sequence[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """(block, element) of everything that can be acted on."""
    for block in blocks:
        if block.get("type") in ("actions", "context_actions"):
            yield from ((block, one) for one in block.get("elements", []))
        for key in ("accessory", "element"):
            one = block.get(key)
            if isinstance(one, dict) and one.get("type") != "image":
                yield block, one
        if block.get("type") in ("card", "container", "carousel"):
            inner = [*(block.get("elements") or []), *(block.get("child_blocks") or [])]
            yield from interactive(inner)
            yield from ((block, one) for one in block.get("actions") or [])


def labels(element: JSON) -> list[str]:
    """What a person would call it: its text, placeholder or options."""
    found = [element.get("text"), element.get("placeholder"), element.get("positive_button"), element.get("negative_button")]
    out = []
    for one in found:
        inner = one.get("text") if isinstance(one, dict) else None
        text = inner.get("text") if isinstance(inner, dict) else inner
        if isinstance(text, str):
            out.append(text)
    return out


def find(blocks: Sequence[JSON], what: str) -> tuple[JSON, JSON]:
    """The element with this action_id, label, value or block_id; an AssertionError names what there is."""
    everything = list(interactive(blocks))
    tests = (
        lambda block, one: one.get("action_id") == what,
        lambda block, one: what in labels(one),
        lambda block, one: one.get("value") == what,
        lambda block, one: block.get("block_id") == what,
        lambda block, one: isinstance(block.get("label"), dict) and block["label"].get("text") == what,
    )
    for test in tests:
        for block, one in everything:
            if test(block, one):
                return block, one
    there = [labels(one) or one.get("action_id") for _, one in everything]
    raise AssertionError(f"nothing here is called {what!r}; there is {there}")


def press(block: JSON, element: JSON, what: str, ts: str) -> JSON:
    """The `actions` entry of a press on a button."""
    kind = element["type"]
    action: JSON = {"action_id": element["action_id"], "block_id": block["block_id"], "type": kind, "action_ts": ts}
    if kind == "feedback_buttons":
        good = what in ("good", "positive", _word(element["positive_button"]), element["positive_button"]["value"])
        chosen = element["positive_button" if good else "negative_button"]
        return action | {"text": chosen["text"], "value": chosen["value"]}
    if kind in ("button", "icon_button", "workflow_button"):
        action["text"] = element["text"]
        for key in ("value", "style", "url"):
            if key in element:
                action[key] = element[key]
        return action
    raise AssertionError(f"a {kind} is not pressed; use chooses()")


def _word(half: JSON) -> str:
    return str(half["text"].get("text", ""))


def options_of(element: JSON) -> list[JSON]:
    """All options, groups included."""
    return [*element.get("options", []), *(one for group in element.get("option_groups", []) for one in group["options"])]


def option_of(element: JSON, wanted: Any) -> JSON:
    """One option, by value or text; for menus filled by the app the option itself."""
    if isinstance(wanted, dict):
        return wanted
    for one in options_of(element):
        if wanted in (one["value"], one["text"]["text"]):
            return one
    there = [(one["value"], one["text"]["text"]) for one in options_of(element)]
    raise AssertionError(f"no option {wanted!r}; there is {there}")


def value_of(world: World, element: JSON, wanted: Any) -> Any:
    """What the state of an element becomes when somebody chooses or writes `wanted`."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "overflow", "external_select"):
        return None if wanted is None else option_of(element, wanted)
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return [option_of(element, one) for one in wanted]
    if kind in ("users_select", "multi_users_select"):
        return [world.user(one).id for one in wanted] if kind.startswith("multi") else world.user(wanted).id
    if kind.endswith(("channels_select", "conversations_select")):
        return [world.channel(one).id for one in wanted] if kind.startswith("multi") else world.channel(wanted).id
    if kind in ("datetimepicker", "rich_text_input", "file_input"):
        return wanted
    return None if wanted in (None, "") else str(wanted)


def choose(world: World, block: JSON, element: JSON, wanted: Any, ts: str) -> JSON:
    """The `actions` entry of a choice."""
    kind = element["type"]
    action: JSON = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
    key = "selected_option" if kind == "overflow" else INITIAL[kind][0]
    action[key] = value_of(world, element, wanted)
    initial = INITIAL.get(kind, ("", ""))[1]
    for name in ("placeholder", initial):
        if name and name in element:
            action[name] = element[name]
    return action | {"action_ts": ts}
