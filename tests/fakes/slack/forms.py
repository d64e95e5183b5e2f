"""Modals as a client keeps them: the stack of at most three, what people have filled in, what comes of an answer."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, View
from tests.fakes.slack.world import World
from tests.fakes.slack.writing import stored, with_defaults

STACK = 3
INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
"""Element type → where its state keeps the value, and where the element gives a first value."""


def inputs_of(blocks: list[JSON]) -> list[tuple[JSON, JSON]]:
    """(block, element) of everything that keeps state."""
    found: list[tuple[JSON, JSON]] = []
    for block in blocks:
        elements: list[Any] = [block.get("element"), block.get("accessory")]
        if block.get("type") == "actions":
            elements += block.get("elements", [])
        found += [(block, one) for one in elements if isinstance(one, dict) and one.get("type") in INITIAL]
    return found


def first_state(blocks: list[JSON], before: dict[str, dict[str, JSON]] | None = None) -> dict[str, dict[str, JSON]]:
    """`state.values`; what stood in the same block_id and action_id before stays."""
    state: dict[str, dict[str, JSON]] = {}
    for block, element in inputs_of(blocks):
        kind, block_id, action_id = element["type"], block["block_id"], element["action_id"]
        kept = (before or {}).get(block_id, {}).get(action_id)
        key, initial = INITIAL[kind]
        empty: Any = [] if kind in ("checkboxes", "file_input") or kind.startswith("multi_") else None
        value = kept if kept and kept["type"] == kind else {"type": kind, key: element.get(initial, empty)}
        state.setdefault(block_id, {})[action_id] = value
    return state


def _prepared(world: World, body: JSON) -> JSON:
    words = {name: with_defaults(body[name]) for name in ("title", "submit", "close") if body.get(name)}
    return {**body, **words, "blocks": stored(body.get("blocks", []), world.ids)}


def open_view(world: World, app_id: str, team_id: str, user: str, body: JSON) -> View:
    """A first modal; an older one of the same app goes away."""
    for view in world.stack(app_id, user):
        view.open = False
    world.stacks[app_id, user] = []
    return put_view(world, app_id, team_id, user, body)


def put_view(world: World, app_id: str, team_id: str, user: str, body: JSON) -> View:
    """Another modal on top."""
    stack = world.stacks.setdefault((app_id, user), [])
    if len(stack) >= STACK:
        raise ApiError("push_limit_reached")
    view = View(world.ids.make("V"), team_id, app_id, user, body)
    view.root = stack[0] if stack else view.id
    view.previous = stack[-1] if stack else None
    world.views[view.id] = view
    stack.append(view.id)
    show_update(world, view, body)
    return view


def show_update(world: World, view: View, body: JSON) -> None:
    """The view now shows something else."""
    view.body = _prepared(world, body)
    view.external_id = str(body.get("external_id") or "")
    view.hash = f"{int(world.clock.now())}.{world.ids.secret('hash')[:8]}"
    view.state = first_state(view.blocks, view.state)
    view.errors = {}


def close_views(world: World, app_id: str, user: str, *, all_of_them: bool = False) -> list[View]:
    """Take the top modal away, or the whole stack; what was closed, the top first."""
    stack = world.stacks.get((app_id, user), [])
    closed: list[View] = []
    while stack:
        view = world.views[stack.pop()]
        view.open = False
        closed.append(view)
        if not all_of_them:
            break
    return closed
