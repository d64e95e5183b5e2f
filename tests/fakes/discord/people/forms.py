"""A modal as a person fills it in: the client checks lengths and choices before it sends anything."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.core.models import File
from tests.fakes.discord.people.options import Impossible
from tests.fakes.discord.people.shown import Modal

TEXT, STRING, UPLOAD, RADIO, BOXES, BOX = 4, 3, 19, 21, 22, 23
ENTITIES = (5, 6, 7, 8)


def filled(modal: Modal, values: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """`components` of the submission, and what must be resolved. A field that is not named keeps its prefilled value."""
    given = {modal.field(name)["custom_id"]: value for name, value in values.items()}
    resolve: list[Any] = []
    parts = []
    for part in modal.body["components"]:
        if part["type"] == 18:
            inner = _one(part["component"], part["label"], given, resolve)
            parts.append({"type": 18, "id": part["id"], "component": inner})
        elif part["type"] == 1:
            rows = [_one(inner, inner["label"], given, resolve) for inner in part["components"]]
            parts.append({"type": 1, "id": part["id"], "components": rows})
        else:
            parts.append({"type": part["type"], "id": part["id"]})
    return parts, resolve


def _one(part: dict[str, Any], label: str, given: dict[str, Any], resolve: list[Any]) -> dict[str, Any]:
    kind = part["type"]
    body = {"type": kind, "id": part["id"], "custom_id": part["custom_id"]}
    value = given.get(part["custom_id"], _prefilled(part))
    required = part.get("required", True) is not False
    if kind == TEXT:
        return {**body, "value": _text(part, label, value or "", required)}
    if kind == BOX:
        return {**body, "value": bool(value)}
    if kind == RADIO:
        known = _values(part)
        if value is None and required:
            raise Impossible(f"{label!r} must be answered")
        return {**body, "value": None if value is None else _known(label, known, value)}
    chosen = value if isinstance(value, list | tuple) else [] if value is None else [value]
    _bounds(part, label, len(chosen), required)
    if kind in (STRING, BOXES):
        known = _values(part)
        return {**body, "values": [_known(label, known, each) for each in chosen]}
    if kind == UPLOAD and not all(isinstance(each, File) for each in chosen):
        raise Impossible(f"{label!r} takes files")
    resolve += chosen
    return {**body, "values": [str(each.id) for each in chosen]}


def _prefilled(part: dict[str, Any]) -> Any:
    if part["type"] == TEXT:
        return part.get("value")
    if part["type"] == BOX:
        return part.get("default", False)
    defaults = [each["value"] for each in part.get("options") or [] if each.get("default")]
    if part["type"] == RADIO:
        return defaults[0] if defaults else None
    return defaults


def _text(part: dict[str, Any], label: str, value: str, required: bool) -> str:
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    if required and not value:
        raise Impossible(f"{label!r} must be filled in")
    if value and not least <= len(value) <= most:
        raise Impossible(f"{label!r} takes {least} to {most} characters, not {len(value)}")
    return value


def _bounds(part: dict[str, Any], label: str, count: int, required: bool) -> None:
    least = part.get("min_values")
    least = 1 if least is None else least
    most = part.get("max_values") or (len(part.get("options") or []) if part["type"] == BOXES else 1)
    if not required and count == 0:
        return
    if not least <= count <= most:
        raise Impossible(f"{label!r} takes {least} to {most} values, not {count}")


def _values(part: dict[str, Any]) -> dict[str, str]:
    """Label or value -> value."""
    return {name: each["value"] for each in part["options"] for name in (each["value"], each["label"])}


def _known(label: str, known: dict[str, str], value: Any) -> str:
    if value not in known:
        raise Impossible(f"{label!r} offers {sorted(set(known.values()))}, not {value!r}")
    return known[value]
