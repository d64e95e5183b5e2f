"""Form → modal, and what was filled in → fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.cards import OPTIONS, blocks, label
from adapters.slack.markup import Json, plain_text, words
from core.chat import Button, Card, Form, Input, Menu, Option, Place

FORM = "form"
"""Callback id of our modals."""
TITLE = 24
TYPED = 3000
"""Characters of one answer in a modal."""
CHECKBOXES = 10
SPOKEN = 2000
"""Characters of a label or a hint."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Origin:
    """Where a modal was opened from; it travels in the modal itself."""

    line: str
    place: Place
    about: str | None = None
    handle: str | None = None

    def packed(self) -> str:
        """For `private_metadata`."""
        return json.dumps({"line": self.line, "place": str(self.place), "about": self.about, "handle": self.handle})

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Origin:
        """From a view that we made; KeyError or ValueError where we did not."""
        found = json.loads(view.get("private_metadata") or "{}")
        return cls(found["line"], Place.parse(found["place"]), found["about"], found["handle"])


def modal(form: Form, origin: Origin) -> Json:
    """The form as a modal, filled in as it says."""
    head = Card(title=form.title if len(form.title) > TITLE else "", text=form.text)
    way_out: tuple[Button | Menu, ...] = (form.way_out,) if form.way_out else ()
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(label(form.title, TITLE)),
        "submit": plain_text(label(form.submit, TITLE)),
        "close": plain_text("Cancel"),
        "private_metadata": origin.packed(),
        "blocks": [*blocks(head, surface="view"), *map(_field, form.fields), *blocks(Card(buttons=way_out), surface="view")],
    }


def note(title: str, text: str) -> Json:
    """A modal that only says something."""
    drawn = blocks(Card(text=text), surface="view")
    return {"type": "modal", "callback_id": "note", "title": plain_text(label(title, TITLE)), "close": plain_text("Close"), "blocks": drawn}


def fields(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by the fields' names; several choices are joined with commas."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _value(element) for name, actions in values.items() for element in actions.values()}


def problems(errors: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """Errors by block; what belongs to no block of the modal stands at the first one that can carry it."""
    inputs = [block["block_id"] for block in view.get("blocks") or () if block.get("type") == "input"]
    found: dict[str, str] = {}
    for name, sentence in errors.items():
        at = name if name in inputs else next(iter(inputs), name)
        found[at] = f"{found[at]} {sentence}" if at in found else sentence
    return found


def _value(element: Mapping[str, Any]) -> str:
    match element.get("type"):
        case "static_select" | "radio_buttons":
            return str((element.get("selected_option") or {}).get("value") or "")
        case "multi_static_select" | "checkboxes":
            return ",".join(option["value"] for option in element.get("selected_options") or ())
        case "datepicker":
            return element.get("selected_date") or ""
        case "timepicker":
            return element.get("selected_time") or ""
        case _:
            return element.get("value") or ""


# --- one field -------------------------------------------------------------------------------------------------------


def _field(field: Input) -> Json:
    hint = _hint(field)
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(label(field.label, SPOKEN)),
        "element": {"action_id": field.name, **_element(field)},
        "optional": not field.required,
        **({"hint": plain_text(label(hint, SPOKEN))} if hint else {}),
    }


def _hint(field: Input) -> str:
    longer = field.kind == "paragraph" and (field.max_length or TYPED + 1) > TYPED
    return " ".join(part for part in (words(field.hint), f"Up to {TYPED:,} characters here." if longer else "") if part)


def _element(field: Input) -> Json:
    match field.kind:
        case "choice":
            return _choice(field)
        case "choices":
            return _choices(field)
        case "date":
            return {"type": "datepicker", **_initial("initial_date", field.value if _DATE.fullmatch(field.value) else "")}
        case "time":
            return {"type": "timepicker", **_initial("initial_time", field.value if _TIME.fullmatch(field.value) else "")}
    return {
        "type": "plain_text_input",
        "multiline": field.kind == "paragraph",
        "max_length": min(field.max_length or TYPED, TYPED),
        **_initial("initial_value", field.value[: min(field.max_length or TYPED, TYPED)]),
    }


def _choice(field: Input) -> Json:
    chosen = [_option(option) for option in field.options if option.value == field.value]
    return {"type": "static_select", **_listed(field.options), **_initial("initial_option", chosen[0] if chosen else None)}


def _choices(field: Input) -> Json:
    wanted = field.value.split(",")
    chosen = [_option(option) for option in field.options if option.value in wanted]
    if len(field.options) <= CHECKBOXES:
        return {"type": "checkboxes", **_listed(field.options), **_initial("initial_options", chosen)}
    return {"type": "multi_static_select", **_listed(field.options), **_initial("initial_options", chosen)}


def _listed(options: Sequence[Option]) -> Json:
    if len(options) <= OPTIONS:
        return {"options": [_option(option) for option in options]}
    starts = range(0, len(options), OPTIONS)
    parts = [(start, options[start : start + OPTIONS]) for start in starts]
    groups = [{"label": plain_text(f"{at + 1} to {at + len(part)}"), "options": [_option(one) for one in part]} for at, part in parts]
    return {"option_groups": groups}


def _option(option: Option) -> Json:
    return {"text": plain_text(label(option.label)), "value": option.value}


def _initial(name: str, value: Any) -> Json:
    return {name: value} if value else {}
