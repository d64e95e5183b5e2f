"""Form → modal, and what was filled in → fields. A form that is too long for one modal is kept as a draft: see `drafts`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ui

from adapters.discord.controls import NAME, OPTION, OPTIONS, shorter
from adapters.discord.markup import prose, words
from core.chat import Form, Input, Option

PARTS = 5
"""Of one modal."""
TITLE = 45
LABEL = 45
HINT = 100
TYPED = 4000
"""Characters of one answer."""
RADIO = 10
"""Choices that can stand below one another."""
TEXT = 3900
"""Characters of what a modal says itself."""
EXAMPLES = {"time": "09:00", "date": "2026-12-24"}


def whole(form: Form) -> bool:
    """Whether one modal holds it."""
    return len(form.fields) + bool(form.text.strip()) <= PARTS and all(len(field.options) <= OPTIONS for field in form.fields)


def modal(form: Form) -> ui.Modal:
    """The form as a modal, filled in as it says; its line stands in its name. Needs a running loop."""
    return made(form.title, f"lc:{form.line}", form.text, form.fields)


def made(title: str, custom_id: str, text: str, fields: Sequence[Input]) -> ui.Modal:
    """A modal. The library need not remember it: what is submitted says itself what it means."""
    found = ui.Modal(title=shorter(words(title), TITLE), custom_id=custom_id[:NAME], timeout=None)
    if text.strip():
        found.add_item(ui.TextDisplay(shorter(prose(text), TEXT)))
    for field in fields:
        hint = shorter(words(field.hint), HINT) if field.hint.strip() else None
        found.add_item(ui.Label(text=shorter(words(field.label), LABEL), description=hint, component=_component(field)))
    found.stop()
    return found


def filled(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was filled in, by the fields' names; several choices are joined with commas."""
    return dict(_filled(components))


def _filled(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in components:
        inner = part.get("component")
        if inner is not None:
            yield from _filled((inner,))
        elif part.get("components"):
            yield from _filled(part["components"])
        elif part.get("custom_id"):
            values = part.get("values")
            yield str(part["custom_id"]), ",".join(map(str, values)) if values is not None else str(part.get("value") or "")


def with_values(form: Form, values: Mapping[str, str]) -> Form:
    """The same form with what was filled in."""
    fields = tuple(field.model_copy(update={"value": values.get(field.name, field.value)}) for field in form.fields)
    return form.model_copy(update={"fields": fields})


def values_of(form: Form) -> dict[str, str]:
    """What stands in it."""
    return {field.name: field.value for field in form.fields}


def problems(form: Form | None, errors: Mapping[str, str]) -> str:
    """What is wrong, a line each, named as the form names it. Markdown of ours."""
    labels = {field.name: field.label for field in form.fields} if form else {}
    return "\n".join(f"- **{labels[name]}:** {sentence}" if name in labels else f"- {sentence}" for name, sentence in errors.items())


# --- one field -------------------------------------------------------------------------------------------------------


def _component(field: Input) -> ui.Item[Any]:
    match field.kind:
        case "choice" if 2 <= len(field.options) <= RADIO:
            radios = [
                discord.RadioGroupOption(label=_label(option), value=option.value, default=option.value == field.value)
                for option in field.options
            ]
            return ui.RadioGroup(custom_id=field.name, options=radios, required=field.required)
        case "choice":
            return _select(field, {field.value}, 1)
        case "choices":
            return _select(field, set(field.value.split(",")), len(field.options))
    most = min(field.max_length or TYPED, TYPED)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.kind == "paragraph" else discord.TextStyle.short,
        default=field.value[:most] or None,
        placeholder=EXAMPLES.get(field.kind),
        required=field.required,
        max_length=most,
    )


def _select(field: Input, chosen: set[str], most: int) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=_label(option), value=option.value, default=option.value in chosen) for option in field.options[:OPTIONS]
    ]
    least = 1 if field.required else 0
    return ui.Select(
        custom_id=field.name, options=options, min_values=least, max_values=max(1, min(most, len(options))), required=field.required
    )


def _label(option: Option) -> str:
    return shorter(option.label, OPTION)
