"""Our Markdown as a stream takes it: piece by piece, so what stands there already is never written otherwise when more comes."""

from __future__ import annotations

import re
from datetime import datetime

from adapters.text import said
from core.chat import WHEN

LONGEST = 12_000
"""Characters of a stream; what is longer comes with the last change."""
_SAFE = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_MARKS = "\\`*_~[]#|"
"""Behind these Markdown means something wherever they stand; behind others at most where a line begins."""
_LISTS = "-+"
_PIECE = re.compile(
    rf"""
    \\(?P<sign>[!-/:-@\[-`{{-~])                            # somebody's own sign
    | (?P<moment>{WHEN.pattern})
    | (?P<open>\\\Z | \{{(?:w|wh|whe|when|when:[^{{}}]*)?\Z)   # nobody knows yet what becomes of it
    | (?P<angle><)                                          # so that nobody is called and nothing is linked
    """,
    re.VERBOSE,
)


def streamed(text: str) -> str:
    """As much of a text as is certain. Where one text begins with another, so does what comes of it."""
    return _PIECE.sub(_written, text.strip())[:LONGEST]


def _written(match: re.Match[str]) -> str:
    if match["moment"]:
        return _moment(match)
    if match["open"] is not None:
        return ""
    sign, before = match["sign"] or "<", match.string[: match.start()]
    if sign in _MARKS or (sign in _LISTS and not before.rpartition("\n")[2].strip()):
        return f"\\{sign}"
    if sign == "/" and before.endswith(":"):
        return "\u200b/"  # no address that a client would make a link of
    return _SAFE.get(sign, sign)


def _moment(match: re.Match[str]) -> str:
    """In UTC; the last change says it in the reader's own zone."""
    try:
        return said(datetime.fromisoformat(match["at"]), match["style"])
    except ValueError:
        return match[0]
