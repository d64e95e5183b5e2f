"""Paragraphs as Discord's own Markdown, in which nobody's words can mention, link, format or close anything; and what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.text import Paragraph, Span, read, read_line

STYLES = {"time": "t", "date": "D", "datetime": "f", "relative": "R"}
"""How Discord's clients write a moment in the reader's own zone."""
_SIGN = re.compile(r"([\\`*_~|<\[])")
_ELSEWHERE = re.compile(
    r"""
    ^(?P<start>\s*)(?P<sign>[>#+-])          # at the beginning of a line: quotations, headings, lists, small print
    | ^(?P<number>\s*\d+)(?=\.)             # numbered lists
    | (?P<scheme>\b[a-z][a-z+]*)(?=://)      # addresses, which Discord makes links of
    | (?P<emoji>:)(?=[\w+-]+:)               # :names: of emoji
    | (?P<at>@)(?=everyone|here)             # nobody is called
    """,
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_MENTION = re.compile(r"<(@!?|@&|#)(\d+)>")
_PARTED = "`\u200b``"
"""A fence that closes nothing."""
_MORE = re.compile(r"<a?(:\w+:)\d+>|</([^:>]+):\d+>")


# --- out -------------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text in which no sign means anything: Discord shows it letter for letter."""
    return _ELSEWHERE.sub(_escaped, _SIGN.sub(r"\\\1", text))


def _escaped(match: re.Match[str]) -> str:
    if match["sign"]:
        return f"{match['start']}\\{match['sign']}"
    if match["emoji"] or match["at"]:
        return f"\\{match[0]}"
    return f"{match[0]}\\"


def quoted(text: str) -> str:
    """Somebody's words as a quotation; every line of theirs is one of it."""
    return "\n".join(f"> {escape(line)}" if line.strip() else "> \u200b" for line in text.strip("\n").split("\n"))


def prose(text: str) -> str:
    """Our Markdown as Discord's."""
    return paragraphs(read(text))


def paragraphs(found: Sequence[Paragraph]) -> str:
    """The same for what was read already."""
    parts: list[str] = []
    for before, paragraph in zip((None, *found), found, strict=False):
        tight = before is not None and before.kind == paragraph.kind == "item"
        parts.append(("" if before is None else "\n" if tight else "\n\n") + _paragraph(paragraph))
    return "".join(parts)


def line(text: str) -> str:
    """One line of our Markdown as Discord's."""
    return "".join(_span(span) for span in _joined(read_line(text))).strip()


def words(text: str) -> str:
    """One line of our Markdown without any markup, for where Discord knows none."""
    return "".join(span.text for span in read_line(text)).strip()


def small(text: str) -> str:
    """Small print; each line of it."""
    return "\n".join(f"-# {part}" for part in prose(text).split("\n") if part.strip())


def stamp(at: datetime, style: str) -> str:
    """`<t:…>`: the moment in the reader's own zone and language."""
    return f"<t:{int(at.timestamp())}:{STYLES.get(style, 'f')}>"


def _paragraph(paragraph: Paragraph) -> str:
    text = "".join(_span(span) for span in _joined(paragraph.spans))
    if paragraph.kind == "code":
        return f"```\n{paragraph.text.replace('```', _PARTED)}\n```"
    if paragraph.kind == "item":
        sign = "-" if paragraph.number is None else f"{paragraph.number}."
        return f"{'  ' * paragraph.depth}{sign} {text}"
    return "> " + text.replace("\n", "\n> ") if paragraph.kind == "quote" else text


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours that look alike are one: what a sign means depends on what stands beside it."""
    found: list[Span] = []
    for span in spans:
        plain = replace(span, literal=False)
        if found and not (span.code or span.when) and replace(found[-1], text="") == replace(plain, text=""):
            found[-1] = replace(plain, text=found[-1].text + span.text)
        else:
            found.append(plain)
    return found


def _span(span: Span) -> str:
    if span.when:
        return stamp(*span.when)
    if span.code:
        fence = "``" if "`" in span.text else "`"
        return f"{fence}{span.text}{fence}"
    text = escape(span.text)
    if span.link:
        return f"[{text}]({span.link.replace(')', '%29')})"
    core = text.strip()
    if not core:
        return text
    signs = "~~" * span.struck + "**" * span.bold + "*" * span.italic
    start = text.index(core)
    return f"{text[:start]}{signs}{core}{signs[::-1]}{text[start + len(core) :]}"


# --- in --------------------------------------------------------------------------------------------------------------


def typed(text: str, me: int, names: Mapping[int, str] = {}) -> str:
    """What somebody typed, from what Discord made of it; a mention of `me` becomes our own name, others theirs where we know it."""

    def mention(match: re.Match[str]) -> str:
        sign, number = match[1][0], int(match[2])
        return "@loopcoach" if sign == "@" and number == me else f"{sign}{names.get(number, number)}"

    return _MORE.sub(lambda match: match[1] or (f"/{match[2]}" if match[2] else match[0]), _MENTION.sub(mention, text))
