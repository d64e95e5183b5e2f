"""Paragraphs as Slack writes them: `mrkdwn` for small print, rich text where a sign must stay a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from adapters.text import Paragraph, Span, read_line, said

Json = dict[str, Any]

TOKENS = {
    "time": "{time}",
    "date": "{date_short_pretty}",
    "datetime": "{date_short_pretty} {time}",
    "relative": "{date_short_pretty} {time}",
}
"""How Slack's clients write a moment in the reader's own zone."""
_FORMATS = re.compile(r"[*_~`]")
"""What `mrkdwn` takes for markup and has no escape for."""
_REFERENCE = re.compile(r"<([^<>]*)>")


# --- out -------------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text that can neither mention, link nor close anything."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str) -> Json:
    """A text object in which nothing means anything."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn_text(text: str) -> Json:
    """A text object of our own `mrkdwn`; Slack makes no links or mentions of its own in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def wants_rich(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether somebody's own signs, or ours that would be taken for markup, stand in it."""
    spans = [span for paragraph in paragraphs for span in paragraph.spans if not span.code]
    return any(span.literal or _FORMATS.search(span.text) for span in spans)


def has_moment(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a moment stands in it."""
    return any(span.when for paragraph in paragraphs for span in paragraph.spans)


def mrkdwn(paragraphs: Sequence[Paragraph]) -> str:
    """The paragraphs as `mrkdwn`."""
    parts: list[str] = []
    for before, paragraph in zip((None, *paragraphs), paragraphs, strict=False):
        tight = before is not None and before.kind == paragraph.kind == "item"
        parts.append(("" if before is None else "\n" if tight else "\n\n") + _paragraph(paragraph))
    return "".join(parts)


def line(text: str) -> str:
    """One line of Markdown as `mrkdwn`."""
    return "".join(_span(span) for span in read_line(text))


def words(text: str) -> str:
    """One line of Markdown without any markup."""
    return "".join(span.text for span in read_line(text)).strip()


def _paragraph(paragraph: Paragraph) -> str:
    text = "".join(_span(span) for span in paragraph.spans)
    if paragraph.kind == "code":
        return f"```\n{escape(paragraph.text)}\n```"
    if paragraph.kind == "item":
        sign = "•" if paragraph.number is None else f"{paragraph.number}."
        return f"{'    ' * paragraph.depth}{sign} {text}"
    return "> " + text.replace("\n", "\n> ") if paragraph.kind == "quote" else text


def _span(span: Span) -> str:
    if span.when:
        return date_token(*span.when)
    text = escape(span.text)
    if span.code:
        return f"`{text}`"
    if span.link:
        return f"<{escape(span.link)}|{text}>"
    core = text.strip()
    if not core:
        return text
    signs = "*" * span.bold + "_" * span.italic + "~" * span.struck
    start = text.index(core)
    return f"{text[:start]}{signs}{core}{signs[::-1]}{text[start + len(core) :]}"


def date_token(at: datetime, style: str) -> str:
    """`<!date^…>`: the moment in the reader's own zone, and in UTC where a client cannot."""
    return f"<!date^{int(at.timestamp())}^{TOKENS.get(style, TOKENS['datetime'])}|{said(at, style)}>"


# --- rich text -------------------------------------------------------------------------------------------------------


def rich(paragraphs: Sequence[Paragraph]) -> list[Json]:
    """The paragraphs as elements of one rich text block."""
    elements: list[Json] = []
    for before, paragraph in zip((None, *paragraphs), paragraphs, strict=False):
        match paragraph.kind:
            case "code":
                elements.append({"type": "rich_text_preformatted", "elements": [_letters(paragraph.text)]})
            case "quote":
                elements.append({"type": "rich_text_quote", "elements": list(rich_spans(paragraph.spans))})
            case "item":
                _item(elements, paragraph)
            case _:
                gap = [_letters("\n")] if before is not None and before.kind == "text" else []
                elements.append({"type": "rich_text_section", "elements": [*gap, *rich_spans(paragraph.spans)]})
    return [element for element in elements if element["elements"]]


def rich_spans(spans: Sequence[Span]) -> Iterator[Json]:
    """Spans as the elements of a section."""
    for span in spans:
        if span.text:
            yield _rich_span(span)


def rich_quote(text: str) -> Json:
    """Somebody's words, letter for letter."""
    return {"type": "rich_text_quote", "elements": [_letters(text)]}


def section(*parts: tuple[str, str]) -> Json:
    """A section of plain pieces, each with a style: `bold`, `italic` or none."""
    elements = [{**_letters(text), **({"style": {style: True}} if style else {})} for text, style in parts if text]
    return {"type": "rich_text_section", "elements": elements}


def rich_text(elements: Sequence[Json]) -> Json:
    """The block around them."""
    return {"type": "rich_text", "elements": list(elements)}


def _item(elements: list[Json], paragraph: Paragraph) -> None:
    style = "bullet" if paragraph.number is None else "ordered"
    inside = {"type": "rich_text_section", "elements": list(rich_spans(paragraph.spans)) or [_letters("–")]}
    last = elements[-1] if elements else {}
    if (last.get("type"), last.get("style"), last.get("indent")) == ("rich_text_list", style, paragraph.depth):
        last["elements"].append(inside)
        return
    start = {"offset": paragraph.number - 1} if paragraph.number and paragraph.number > 1 else {}
    elements.append({"type": "rich_text_list", "style": style, "indent": paragraph.depth, "elements": [inside], **start})


def _rich_span(span: Span) -> Json:
    if span.when:
        at, style = span.when
        tokens = TOKENS.get(style, TOKENS["datetime"])
        return {"type": "date", "timestamp": int(at.timestamp()), "format": tokens, "fallback": span.text}
    look = {"bold": span.bold, "italic": span.italic, "strike": span.struck, "code": span.code}
    style_ = {name: True for name, on in look.items() if on}
    shown = {"type": "link", "url": span.link, "text": span.text} if span.link else _letters(span.text)
    return {**shown, **({"style": style_} if style_ else {})}


def _letters(text: str) -> Json:
    return {"type": "text", "text": text}


# --- in --------------------------------------------------------------------------------------------------------------


def typed(text: str, me: str = "") -> str:
    """What somebody typed, from what Slack made of it; a mention of `me` becomes our own name."""
    return _unescape(_REFERENCE.sub(lambda match: _reference(match[1], me), text))


def _reference(inside: str, me: str) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return "@loopcoach" if target[1:] == me else f"@{label or target[1:]}"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:].split('^')[0]}"
        case _:
            return label or target.removeprefix("mailto:")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
