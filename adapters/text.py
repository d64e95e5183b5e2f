"""Our Markdown, read once for every platform that cannot draw it itself: paragraphs of spans, and cutting them.

Cuts fall between paragraphs, else at the end of a sentence, else between words, else anywhere; no word is ever dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.chat import WHEN, when

SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")
WORD_END = re.compile(r"\s+")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+\-|~&!])")
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
_TICKS = re.compile("`+")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_CLOCK = {"time": "%H:%M UTC", "date": "%d %b %Y", "datetime": "%d %b %Y, %H:%M UTC", "relative": "%d %b %Y, %H:%M UTC"}


@dataclass(frozen=True)
class Span:
    """Words that look alike."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str | None = None
    when: tuple[datetime, str] | None = None
    """A moment and its style; `text` says it in UTC."""
    literal: bool = False
    """It stood behind a backslash: a sign of somebody's own words."""

    @property
    def whole(self) -> bool:
        """Whether it must not be cut."""
        return self.when is not None or self.code or self.link is not None


@dataclass(frozen=True)
class Paragraph:
    """A line of prose, an item of a list, a quotation, a block of code. A line break is a span of its own."""

    spans: tuple[Span, ...]
    kind: Literal["text", "item", "quote", "code"] = "text"
    depth: int = 0
    number: int | None = None
    """Of an item in a numbered list."""

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(span.text for span in self.spans)


Size = Callable[[Sequence[Paragraph]], int]
"""How long paragraphs are, drawn in some way."""


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["image", "text_join"])
    md.validateLink = lambda url: url.lower().startswith(("http://", "https://"))  # type: ignore[method-assign]
    return md


_MD = _markdown()


# --- reading ---------------------------------------------------------------------------------------------------------


@lru_cache(4096)
def read(text: str) -> tuple[Paragraph, ...]:
    """Markdown as paragraphs."""
    return tuple(_paragraphs(_MD.parse(text))) if text.strip() else ()


@lru_cache(4096)
def read_line(text: str) -> tuple[Span, ...]:
    """Markdown of one line as spans: nothing in it starts a list."""
    return tuple(_spans(_MD.parseInline(text)[0].children or []))


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    numbers: list[int | None] = []
    quotes = 0
    first = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)) - 1)
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                first = True
                if (number := numbers[-1]) is not None:
                    numbers[-1] = number + 1
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "fence" | "code_block":
                yield Paragraph((Span(token.content.rstrip("\n"), code=True),), "code")
            case "inline":
                spans = tuple(_spans(token.children or []))
                if not spans:
                    continue
                if numbers and first:
                    yield Paragraph(spans, "item", len(numbers) - 1, numbers[-1])
                else:
                    yield Paragraph(spans, "quote" if quotes else "text")
                first = False


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    look = Span("")
    for token in tokens:
        match token.type:
            case "text":
                yield from _moments(token.content, look)
            case "text_special":
                yield replace(look, text=token.content, literal=True)
            case "softbreak" | "hardbreak":
                yield Span("\n")
            case "code_inline":
                yield replace(look, text=token.content, code=True)
            case "strong_open" | "strong_close":
                look = replace(look, bold=token.nesting == 1)
            case "em_open" | "em_close":
                look = replace(look, italic=token.nesting == 1)
            case "s_open" | "s_close":
                look = replace(look, struck=token.nesting == 1)
            case "link_open":
                look = replace(look, link=str(token.attrs["href"]))
            case "link_close":
                look = replace(look, link=None)


def _moments(text: str, look: Span) -> Iterator[Span]:
    done = 0
    for match in WHEN.finditer(text):
        try:
            at = datetime.fromisoformat(match["at"])
            at.astimezone(UTC)  # as far as a clock can show it
        except (ValueError, OverflowError):
            continue
        if match.start() > done:
            yield replace(look, text=text[done : match.start()])
        yield replace(look, text=said(at, match["style"]), when=(at, match["style"]))
        done = match.end()
    if done < len(text):
        yield replace(look, text=text[done:])


def said(at: datetime, style: str) -> str:
    """A moment where nobody can draw it in the reader's own zone."""
    return at.astimezone(UTC).strftime(_CLOCK.get(style, _CLOCK["datetime"]))


# --- writing ---------------------------------------------------------------------------------------------------------


def plain(paragraphs: Sequence[Paragraph]) -> str:
    """The words without any markup."""
    return "\n".join(f"{_bullet(paragraph)}{paragraph.text}" for paragraph in paragraphs)


def write(paragraphs: Sequence[Paragraph]) -> str:
    """The same as Markdown again; without its looks where Markdown has no way to say them there."""
    text = _all_written(paragraphs)
    if plain(read(text)).split() == plain(paragraphs).split():
        return text
    bare = [replace(item, spans=tuple(replace(span, bold=False, italic=False, struck=False) for span in item.spans)) for item in paragraphs]
    return _all_written(bare)


def _all_written(paragraphs: Sequence[Paragraph]) -> str:
    parts: list[str] = []
    for before, paragraph in zip((None, *paragraphs), paragraphs, strict=False):
        tight = before is not None and before.kind == paragraph.kind == "item"
        parts.append(("" if before is None else "\n" if tight else "\n\n") + _written(paragraph))
    return "".join(parts)


def _written(paragraph: Paragraph) -> str:
    if paragraph.kind == "code":
        return f"```\n{paragraph.text}\n```"
    alike = groupby(paragraph.spans, lambda span: (span.bold, span.italic, span.struck))
    text = "".join(_around(look, "".join(map(_marked, spans))) for look, spans in alike)
    if paragraph.kind == "item":
        sign = "-" if paragraph.number is None else f"{paragraph.number}."
        indent = "   " * paragraph.depth
        return f"{indent}{sign} " + text.replace("\n", f"\n{indent}   ")
    if paragraph.kind == "quote":
        return "> " + text.replace("\n", "\n> ")
    return _NUMBERED.sub(r"\1\\\2", text)


def _marked(span: Span) -> str:
    if span.when:
        return when(*_styled(span.when))
    if span.code:
        fence = "`" * (max((len(run) for run in _TICKS.findall(span.text)), default=0) + 1)
        room = " " if span.text.startswith(("`", " ")) or span.text.endswith(("`", " ")) else ""
        return f"{fence}{room}{span.text}{room}{fence}"
    text = (_SIGN if span.literal else _MARKUP).sub(r"\\\1", span.text)
    return f"[{text}]({span.link})" if span.link else text


def _styled(moment: tuple[datetime, str]) -> tuple[datetime, Literal["time", "date", "datetime", "relative"]]:
    at, style = moment
    return at, style if style in _CLOCK else "datetime"  # type: ignore[return-value]


def _around(look: tuple[bool, bool, bool], text: str) -> str:
    """With the signs of its look, inside its outer spaces, where Markdown wants them."""
    core = text.strip()
    if not core:
        return text
    bold, italic, struck = look
    signs = "~~" * struck + "**" * bold + "*" * italic
    start = text.index(core)
    return f"{text[:start]}{signs}{core}{signs[::-1]}{text[start + len(core) :]}"


def _bullet(paragraph: Paragraph) -> str:
    if paragraph.kind == "item":
        return "  " * paragraph.depth + ("• " if paragraph.number is None else f"{paragraph.number}. ")
    return "> " if paragraph.kind == "quote" else ""


# --- cutting ---------------------------------------------------------------------------------------------------------


def split(text: str, limit: int) -> list[str]:
    """Markdown in pieces of at most `limit` characters each; a short one is left exactly as it is."""
    if len(text) <= limit:
        return [text]
    return [write(piece) for piece in cut(read(text), limit, lambda paragraphs: len(write(paragraphs)))]


def cut(paragraphs: Sequence[Paragraph], limit: int, size: Size) -> list[tuple[Paragraph, ...]]:
    """Paragraphs in groups that are each no longer than `limit`; one that is too long alone is cut inside."""
    groups: list[tuple[Paragraph, ...]] = []
    held: tuple[Paragraph, ...] = ()
    for paragraph in paragraphs:
        if size((*held, paragraph)) <= limit:
            held = (*held, paragraph)
            continue
        groups += [held] if held else []
        rest: Paragraph | None = paragraph
        while rest is not None and size((rest,)) > limit:
            head, rest = _apart(rest, limit, size)
            groups.append((head,))
        held = (rest,) if rest else ()
    return [*groups, held] if held else groups


def _apart(paragraph: Paragraph, limit: int, size: Size) -> tuple[Paragraph, Paragraph | None]:
    """The longest beginning that fits, and the rest."""
    text = paragraph.text
    everywhere = range(1, len(text))
    for ends in (_ends(SENTENCE_END, text), _ends(WORD_END, text), everywhere):
        fitting = bisect_right(ends, limit, key=lambda end: size((_upto(paragraph, end),)))
        if fitting:
            at = ends[fitting - 1]
            break
    else:
        at = 1
    rest = _from(paragraph, at)
    return _upto(paragraph, at), rest if rest.spans else None


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.end() for match in pattern.finditer(text) if match.end() < len(text)]


def _upto(paragraph: Paragraph, at: int) -> Paragraph:
    return replace(paragraph, spans=tuple(_slice(paragraph.spans, 0, at)))


def _from(paragraph: Paragraph, at: int) -> Paragraph:
    kind = "text" if paragraph.kind == "item" else paragraph.kind
    return replace(paragraph, spans=tuple(_slice(paragraph.spans, at, len(paragraph.text))), kind=kind, depth=0, number=None)


def _slice(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The spans between two offsets. What must not be cut belongs to the side where it begins."""
    offset = 0
    for span in spans:
        first, last = offset, offset + len(span.text)
        offset = last
        if span.whole and not (span.code and len(span.text) > 200):
            if start <= first < end:
                yield span
        elif max(first, start) < min(last, end):
            yield replace(span, text=span.text[max(first, start) - first : min(last, end) - first])


def pieces(text: str, limit: int) -> list[str]:
    """Somebody's own words in pieces of at most `limit` characters; joined, they are the text again, letter for letter."""
    found: list[str] = []
    while len(text) > limit:
        head = text[: limit + 1]
        ends = _ends(SENTENCE_END, head) or _ends(WORD_END, head)
        at = ends[-1] if ends else limit
        found.append(text[:at])
        text = text[at:]
    return [*found, text]
