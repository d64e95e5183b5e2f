"""What Discord asks of a modal beyond its schema (developers/components/using-modal-components)."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.errors import at_most, invalid
from tests.fakes.discord.core.models import walk
from tests.fakes.discord.rules.components import CHANNEL, MENTIONABLE, ROLE, STRING, TEXT_INPUT, USER, check_select, paths, shown, unique

LABEL, TEXT, ROW, RADIO, BOXES = 18, 10, 1, 21, 22
MOST_PARTS = 5
MOST_TEXT = 4000


def check(data: dict[str, Any]) -> None:
    """Raise 50035."""
    parts = data["components"]
    at_most("data.title", data["title"], 45, 1)
    at_most("data.custom_id", data["custom_id"], 100, 1)
    at_most("data.components", parts, MOST_PARTS, 1)
    if all(part["type"] == TEXT for part in parts):
        raise invalid("data.components", "A modal needs at least one input", "BASE_TYPE_REQUIRED")
    unique(walk(parts))
    for path, part in paths(parts, "data.components"):
        kind = part["type"]
        at_most(f"{path}.custom_id", part.get("custom_id"), 100, 1)
        at_most(f"{path}.label", part.get("label"), 45, 1)
        if kind == TEXT_INPUT:
            _check_input(path, part)
        elif kind in (STRING, USER, ROLE, MENTIONABLE, CHANNEL):
            check_select(path, part)
            if part.get("disabled"):
                raise invalid(f"{path}.disabled", "Select menus in modals cannot be disabled", "COMPONENT_DISABLED_IN_MODAL")
        elif kind in (RADIO, BOXES) and len({each["value"] for each in part["options"]}) != len(part["options"]):
            raise invalid(f"{path}.options", "The specified option value is already used", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")
        elif kind == ROW:
            for index, inner in enumerate(part["components"]):
                if not inner.get("label"):
                    raise invalid(f"{path}.components.{index}.label", "This field is required", "BASE_TYPE_REQUIRED")


def _check_input(path: str, part: dict[str, Any]) -> None:
    value, least, most = part.get("value"), part.get("min_length") or 0, part.get("max_length") or 4000
    if most > MOST_TEXT:
        raise invalid(f"{path}.max_length", f"Must be at most {MOST_TEXT}", "NUMBER_TYPE_MAX")
    if least > most:
        raise invalid(f"{path}.min_length", "Must be at most max_length", "TEXT_INPUT_COMPONENT_MIN_LENGTH_EXCEEDS_MAX")
    if value is not None and not least <= len(value) <= most and value:
        raise invalid(f"{path}.value", f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH")


def opened(data: dict[str, Any]) -> dict[str, Any]:
    """The modal as a person's client gets it."""
    return {"custom_id": data["custom_id"], "title": data["title"], "components": shown(data["components"])}
