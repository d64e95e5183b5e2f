"""Card → what the page's scripts build: Markdown as safe HTML fragments, everything else as plain values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from adapters.web.history import Entry
from adapters.web.limits import DISCORD, SLACK, split
from core.chat import WHEN, Button, Card, Chart, Form, Line, Menu

Json = dict[str, Any]
View = Callable[[Card], list[Json]]
"""Draws a card as one platform would: one drawing for each message it takes there."""


def _text(renderer: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    return WHEN.sub(_moment, escape(tokens[index].content))


def _escaped(renderer: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    """A sign that stood behind a backslash: never part of a `{when:…}`, so that `literal` stays literal."""
    return escape(tokens[index].content)


def _link(renderer: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    return f'<a href="{escape(str(tokens[index].attrs["href"]))}" target="_blank" rel="noopener noreferrer">'


def _moment(match: re.Match[str]) -> str:
    try:
        at = datetime.fromisoformat(match["at"])
        at.astimezone(UTC)  # as far as a clock can show it
    except (ValueError, OverflowError):
        return match[0]
    return f'<time datetime="{at.isoformat()}" data-style="{match["style"]}">{at:%d %b %Y, %H:%M %Z}</time>'


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["image", "text_join"])
    md.validateLink = lambda url: url.lower().startswith(("http://", "https://"))  # type: ignore[method-assign]
    for token, rule in (("text", _text), ("text_special", _escaped), ("link_open", _link)):
        md.add_render_rule(token, rule)
    return md


_MD = _markdown()


@lru_cache(4096)
def block(text: str) -> str:
    """Markdown that may hold paragraphs and lists, as an HTML fragment."""
    return _MD.render(text) if text else ""


@lru_cache(4096)
def inline(text: str) -> str:
    """Markdown of one line, as an HTML fragment."""
    return _MD.renderInline(text) if text else ""


def draw(card: Card) -> Json:
    """The card for the page's scripts. Empty parts are left out."""
    parts: Json = {
        "eyebrow": inline(card.eyebrow),
        "title": inline(card.title),
        "quote": card.quote,
        "text": block(card.text),
        "facts": [{"label": fact.label, "value": inline(fact.value)} for fact in card.facts],
        "bullets": [_line(line) for line in card.bullets],
        "after": block(card.after),
        "chart": card.chart and _chart(card.chart),
        "buttons": [_button(button) for button in card.buttons],
        "footer": inline(card.footer),
        "file": card.file and card.file.name,
    }
    return {name: part for name, part in parts.items() if part}


def draw_entry(entry: Entry, view: View) -> Json:
    """An entry as one window sees it."""
    shown = entry.model_dump(mode="json", exclude={"card", "about", "changed_at"})
    return shown | {"cards": view(entry.card) if entry.card else []}


def draw_form(form: Form) -> Json:
    """The dialog for the page's scripts."""
    return form.model_dump(mode="json") | {
        "text": block(form.text),
        "fields": [field.model_dump(mode="json") | {"hint": inline(field.hint)} for field in form.fields],
    }


def _line(line: Line) -> Json:
    return {"text": inline(line.text), "mark": line.mark, "quote": line.quote, "note": inline(line.note or "")}


def _chart(chart: Chart) -> Json:
    return {"title": chart.title, "alt": chart.alt}


def _button(button: Button | Menu) -> Json:
    return button.model_dump(mode="json")


VIEWS: Mapping[str, View] = {
    "web": lambda card: [draw(card)],
    "slack": lambda card: [draw(part) for part in split(card, SLACK)],
    "discord": lambda card: [draw(part) for part in split(card, DISCORD)],
}
"""The page's own drawing, and what it takes the other platforms' to be until it is given theirs."""
