"""What Discord asks of a message's components beyond its schema, and the form in which it gives them back.

Sources: developers/components/reference; the sentences are those that libraries' issue trackers quote.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.errors import at_most, invalid
from tests.fakes.discord.core.models import walk

ROW, BUTTON, STRING, TEXT_INPUT, USER, ROLE, MENTIONABLE, CHANNEL = 1, 2, 3, 4, 5, 6, 7, 8
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS = (STRING, USER, ROLE, MENTIONABLE, CHANNEL)
V2_ONLY = (SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER)
MOST = 40
MOST_TEXT = 4000
LINK, PREMIUM = 5, 6


def check(components: list[dict[str, Any]], *, v2: bool, files: set[str]) -> None:
    """Raise 50035 for what Discord would refuse. `files`: names that `attachment://` may mean."""
    parts = walk(components)
    if not v2:
        for index, part in enumerate(components):
            if part["type"] != ROW:
                raise invalid(f"components.{index}.type", 'Value of field "type" must be one of (1,).', "UNION_TYPE_CHOICES")
        if len(components) > 5:
            raise invalid("components", "Must be 5 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    if len(parts) > MOST:
        raise invalid("components", f"The total number of components cannot exceed {MOST}", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED")
    if sum(len(part["content"]) for part in parts if part["type"] == TEXT) > MOST_TEXT:
        sentence = f"The total displayable text size of all components cannot exceed {MOST_TEXT}"
        raise invalid("components", sentence, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")
    unique(parts)
    for path, part in paths(components):
        _check_one(path, part, files)


def unique(parts: list[dict[str, Any]]) -> None:
    """No custom_id and no id twice."""
    seen: set[tuple[str, Any]] = set()
    for part in parts:
        for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
            value = part.get(key)
            if not value:
                continue
            if (key, value) in seen:
                raise invalid("components", f"Component {key.replace('_', ' ')} cannot be duplicated", code)
            seen.add((key, value))


def paths(components: list[dict[str, Any]], prefix: str = "components") -> list[tuple[str, dict[str, Any]]]:
    """Every component with its place in the tree, as errors name it."""
    found = []
    for index, part in enumerate(components):
        path = f"{prefix}.{index}"
        found.append((path, part))
        found += paths(part.get("components") or [], f"{path}.components")
        for key in ("accessory", "component"):
            if part.get(key):
                found.append((f"{path}.{key}", part[key]))
    return found


def _check_one(path: str, part: dict[str, Any], files: set[str]) -> None:
    kind = part["type"]
    at_most(f"{path}.custom_id", part.get("custom_id"), 100, 1)
    if kind == ROW:
        at_most(f"{path}.components", part["components"], 5, 1)
        inside = [each["type"] for each in part["components"]]
        if any(each in SELECTS for each in inside) and len(inside) > 1:
            raise invalid(path, "The specified component exceeds the maximum width", "COMPONENT_LAYOUT_WIDTH_EXCEEDED")
    elif kind == BUTTON:
        _check_button(path, part)
    elif kind in SELECTS:
        check_select(path, part)
    elif kind == SECTION:
        if not part.get("accessory"):
            raise invalid(f"{path}.accessory", "This field is required", "BASE_TYPE_REQUIRED")
    elif kind == FILE:
        _check_media(f"{path}.file", part["file"]["url"], files, only_attachments=True)
    elif kind == THUMBNAIL:
        _check_media(f"{path}.media", part["media"]["url"], files)
    elif kind == GALLERY:
        for index, item in enumerate(part["items"]):
            _check_media(f"{path}.items.{index}.media", item["media"]["url"], files)


def _check_button(path: str, part: dict[str, Any]) -> None:
    style = part["style"]
    at_most(f"{path}.label", part.get("label"), 80)
    if style == LINK:
        if not part.get("url"):
            raise invalid(f"{path}.url", "A url is required", "BUTTON_COMPONENT_INVALID_URL")
        if part.get("custom_id"):
            raise invalid(f"{path}.custom_id", "A custom id and url cannot both be specified", "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE")
    elif style != PREMIUM and not part.get("custom_id"):
        raise invalid(f"{path}.custom_id", "A custom id is required", "COMPONENT_CUSTOM_ID_REQUIRED")
    if style != PREMIUM and not part.get("label") and not part.get("emoji"):
        raise invalid(path, "A button must have a label or an emoji", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")


def check_select(path: str, part: dict[str, Any]) -> None:
    """Bounds, unique values, at most max_values defaults."""
    least, most = part.get("min_values"), part.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if least > most:
        raise invalid(f"{path}.min_values", "min_values must be at most max_values", "SELECT_COMPONENT_MIN_VALUES_EXCEEDS_MAX")
    if part["type"] != STRING:
        return
    options = part["options"]
    at_most(f"{path}.options", options, 25, 1)
    for index, option in enumerate(options):
        at_most(f"{path}.options.{index}.label", option["label"], 100, 1)
        at_most(f"{path}.options.{index}.value", option["value"], 100, 1)
    if len({each["value"] for each in options}) != len(options):
        raise invalid(f"{path}.options", "The specified option value is already used", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")
    if most > len(options):
        raise invalid(f"{path}.max_values", "Must not exceed the number of options", "SELECT_COMPONENT_MAX_VALUES_EXCEEDS_OPTIONS")
    if sum(bool(each.get("default")) for each in options) > most:
        raise invalid(f"{path}.options", "Too many default options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES")


def _check_media(path: str, url: str, files: set[str], *, only_attachments: bool = False) -> None:
    if url.startswith("attachment://"):
        if url.removeprefix("attachment://") not in files:
            sentence = "The referenced attachment was not found in the request"
            raise invalid(f"{path}.url", sentence, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")
    elif only_attachments or not url.startswith(("http://", "https://")):
        raise invalid(f"{path}.url", "Scheme must be one of ('http', 'https', 'attachment').", "URL_TYPE_INVALID_SCHEME")


DEFAULTS: dict[int, dict[str, Any]] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"spoiler": False},
    SEPARATOR: {"divider": True, "spacing": 1},
    CONTAINER: {"accent_color": None, "spoiler": False},
}
"""What Discord fills in where a request says nothing."""
NULLABLE = {"accent_color", "description"}
INTERACTIVE = ("custom_id", "disabled", "required")
KEYS: dict[int, tuple[str, ...]] = {
    ROW: ("components",),
    BUTTON: ("custom_id", "disabled", "emoji", "label", "sku_id", "style", "url"),
    **dict.fromkeys(SELECTS, (*INTERACTIVE, "default_values", "max_values", "min_values", "placeholder")),
    STRING: (*INTERACTIVE, "max_values", "min_values", "options", "placeholder"),
    CHANNEL: (*INTERACTIVE, "channel_types", "default_values", "max_values", "min_values", "placeholder"),
    TEXT_INPUT: ("custom_id", "label", "max_length", "min_length", "placeholder", "required", "style", "value"),
    SECTION: ("accessory", "components"),
    TEXT: ("content",),
    THUMBNAIL: ("description", "media", "spoiler"),
    GALLERY: ("items",),
    FILE: ("file", "spoiler"),
    SEPARATOR: ("divider", "spacing"),
    CONTAINER: ("accent_color", "components", "spoiler"),
    18: ("component", "description", "label"),
    19: ("custom_id", "max_values", "min_values", "required"),
    21: ("custom_id", "options", "required"),
    22: ("custom_id", "max_values", "min_values", "options", "required"),
    23: ("custom_id", "default"),
}
"""What Discord keeps of each kind; any other key it drops."""


def shown(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As Discord gives them back: ids filled in in order, defaults filled in, `null` left out."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    count = 0

    def number() -> int:
        nonlocal count
        count += 1
        while count in taken:
            count += 1
        return count

    def one(part: dict[str, Any]) -> dict[str, Any]:
        body = {"type": part["type"], "id": part.get("id") or number(), **DEFAULTS.get(part["type"], {})}
        for key, value in part.items():
            if key not in KEYS[part["type"]]:
                continue
            if value is None and not (part["type"] in (THUMBNAIL, CONTAINER) and key in NULLABLE):
                continue
            if key == "components":
                body[key] = [one(each) for each in value]
            elif key in ("accessory", "component"):
                body[key] = one(value)
            elif key == "items":
                body[key] = [{"description": None, "spoiler": False, **_only(each, ("description", "media", "spoiler"))} for each in value]
            elif key == "options":
                body[key] = [_only(each, ("default", "description", "emoji", "label", "value")) for each in value]
            elif key == "emoji":
                body[key] = _only(value, ("animated", "id", "name"))
            else:
                body[key] = value
        return body

    return [one(part) for part in components]


def _only(part: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key in keys and value is not None}
