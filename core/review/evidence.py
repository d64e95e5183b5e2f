"""Sentences with ids: the only thing a verdict may point at. Each is a piece of the answer, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.review.feedback import Sentence

_BULLET = re.compile(r"[ \t\u00a0\u200e\u200f]*(?:(?:[-*+•‣▪●○◦·–—>]|#{1,6}|\(?\d{1,2}[.)]|\(?[a-h][.)])(?=[ \t])[ \t]*)+", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_END = re.compile(r"(?:[.!?]+|…)[\"'”’)\]*_]*(?=\s|$)|[。！？｡؟۔।][”’」』)\]]*|(?<=[a-z]{2})[.!?](?=[A-Z])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“])(?:e\.g|i\.e|eg|ie|etc|vs|approx|ca|cf|resp|incl|max|min|avg|nos?|fig|dr|mrs?|ms|st|v\d*|[a-z](?:\.[a-z])*)\.$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:then|we|i|the|if|it|so|and|but|this|when|after|for|in|also|each|every|an?|my|our|they|that|there)\b", re.I)
_WORD = re.compile(r"[^\W_]")
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[a-h])[.)]")
_OPEN = re.compile(
    r"(?:,|\b(?:an?|the|of|to|in|on|at|by|for|from|with|and|or|but|so|that|which|who|is|are|was|be|not|as|because|if|when)\W*)$", re.I
)
_UNENDED = re.compile(r"[^\W_]$|[,–—’'\"”)-]$")
_WRAPPED = 55  # characters; a shorter line was ended on purpose


def split(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order, without the space and bullet signs around them.

    A line ends a sentence, unless it was plainly wrapped by an editor; nothing is ever cut inside a sentence. Code between
    fences stays line by line. Pieces without a single letter or digit are left out.
    """
    return tuple(text[start:end] for start, end in _spans(text))


def sentences(turns: Sequence[str]) -> tuple[Sentence, ...]:
    """The sentences of all turns, with ids from 1."""
    pieces = [piece for turn in turns for piece in split(turn)]
    return tuple(Sentence(id=number, text=piece) for number, piece in enumerate(pieces, start=1))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for start, end, code in _blocks(text):
        for a, b in [(start, end)] if code else _in_block(text, start, end):
            a, b = _bare(text, a, b)
            if _WORD.search(text, a, b) and not _NUMBERING.fullmatch(text, a, b):
                yield a, b


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches that no sentence reaches across: lines, or several lines that an editor wrapped; and whether they are code."""
    code = False
    open_from: int | None = None
    lines = list(_lines(text))
    for index, (start, end) in enumerate(lines):
        if _FENCE.match(text, start, end):
            code = not code
            continue
        if code:
            yield start, end, True
            continue
        begin = start if open_from is None else open_from
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following and _goes_on(text, start, end, *following):
            open_from = begin
            continue
        open_from = None
        yield begin, end, False


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _goes_on(text: str, start: int, end: int, next_start: int, next_end: int) -> bool:
    """Whether the next line continues this one: this one is long and open, the next neither bullet nor blank nor fence."""
    line, following = text[start:end].rstrip(), text[next_start:next_end].strip()
    if not line or not following or _BULLET.match(text, next_start, next_end) or _FENCE.match(following):
        return False
    if len(line) < _WRAPPED or not _UNENDED.search(line) or _END.search(line, max(0, len(line) - 4)):
        return False
    if _OPEN.search(line) or not following[0].isupper():
        return True
    return next_end - next_start >= _WRAPPED and len(line) + len(following.split(None, 1)[0]) >= 70 and len(line) <= 160


def _in_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        if _ends(text, begin, match.start(), match.end(), end):
            yield begin, match.end()
            begin = match.end()
    yield begin, end


def _ends(text: str, begin: int, mark: int, after: int, end: int) -> bool:
    rest = text[after : min(end, after + 40)]
    following = rest.lstrip()
    sign = text[mark]
    if sign not in ".!?…" or not following:
        return True
    if following == rest:  # no space after the mark: only before a word that opens sentences
        return bool(_OPENING.match(following))
    small = following[0].islower()
    if sign == "." and _ABBREVIATION.search(text, max(begin, mark - 14), mark + 1):
        tail = text[max(begin, mark - 4) : mark].lower()
        return tail.endswith("etc") and not small
    return not (small and (text[mark : mark + 2] == ".." or sign == "…" or text[after - 1] in "\"”’')"))


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    while True:
        while start < end and text[start].isspace():
            start += 1
        bullet = _BULLET.match(text, start, end)
        if not bullet or bullet.end() == start or bullet.end() >= end:
            break
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
