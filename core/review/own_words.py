"""What of an answer is the person's own answer: what is said to the reviewer goes, what hides in the text goes too.

A model reads only what passes here. That it can be talked into nothing does not rest on this: verdicts are checked in code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from core.review.addressed import addressed
from core.review.disguise import encoded, views
from core.review.either import either
from core.review.feedback import Sentence
from core.review.listed import listed
from core.review.signs import visible

_SOMEONE = re.compile(r"<@[!&]?\w{1,40}(?:\|[^<>|]{0,80})?>")
_EVERYONE = re.compile(r"<!(?:channel|here|everyone|subteam\^\w{1,40})(?:\|[^<>|]{0,80})?>|(?<![\w@.])@(?:everyone|here|channel)\b")
_CHANNEL = re.compile(r"<#\w{1,40}(?:\|[^<>|]{0,80})?>")
_LABELLED = re.compile(r"(?<!!)\[([^\[\]]{1,200})\]\((?:https?://|www\.|mailto:)[^()\s]{0,2000}\)")
_LINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,2000}>|(?:\bhttps?://|\bwww\.)[^\s<>\"'`)\]}]*[^\s<>\"'`)\]}.,;:!?]", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]{0,40})[^<>]{0,200}>")
_ROW = re.compile(
    r"[\s{}\[\],]*[\"'][\w -]{1,40}[\"']\s*:|(?:- )?[a-z_][\w-]{0,30}:(?: \S{1,40})?$|</?[a-z][^<>]{0,80}>|\|.{0,300}\|$", re.IGNORECASE
)
"""A line of JSON, YAML, XML or a table."""
_BACKWARDS = "\u202e"
"""Shows what follows from right to left."""
_UNDECOMPOSED = str.maketrans("ıłøđß", "ilods")


def cleaned(text: str) -> str:
    """The text as a reader sees it: nothing hidden, plain letters, nobody called by name, links without their address."""
    seen = visible(text)
    seen = _EVERYONE.sub("everyone", _SOMEONE.sub("someone", seen))
    return _LINK.sub("a link", _LABELLED.sub(r"\1", _CHANNEL.sub("a channel", seen)))


def own_words(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that are an answer, ids unchanged, texts cleaned."""
    texts = [_pattern("opened").sub("", cleaned(sentence.text)) for sentence in sentences]
    foreign = [not _says_something(text) or _foreign(sentence.text, text) for sentence, text in zip(sentences, texts, strict=True)]
    _strange_tags(texts, foreign)
    _whole_blocks(texts, foreign)
    _whole_turns(texts, foreign)
    return tuple(
        sentence if sentence.text == text else Sentence(id=sentence.id, text=text)
        for sentence, text, out in zip(sentences, texts, foreign, strict=True)
        if not out
    )


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _foreign(original: str, text: str) -> bool:
    """Whether a sentence speaks to the reviewer or for a machine, under any of its readings."""
    if _told(text) or _in_other_words(text) or encoded(text):
        return True
    if original != text and (addressed(original) or _pattern("markup").search(_low(visible(original)))):
        return True
    if _BACKWARDS in original and _told(text[::-1]):
        return True
    return any(map(_told, views(text)))


def _told(text: str) -> bool:
    return addressed(text) or bool(_pattern("markup", "openers", "disguised").search(_low(text)))


def _in_other_words(text: str) -> bool:
    bare = _bare(_low(text))
    return bool(_pattern("tongues").search(bare)) or (not bare.isascii() and bool(_pattern("scripts").search(bare)))


def _low(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").replace("n't", " not").split())


def _bare(low: str) -> str:
    """Without accents and joiners, in text and pattern alike: people in a hurry leave them out."""
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFD", low)
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if unicodedata.category(sign) not in ("Mn", "Cf"))).translate(
        _UNDECOMPOSED
    )


def _strange_tags(texts: Sequence[str], foreign: list[bool]) -> None:
    """Lines that close a tag which the answer never opened: they mean to close something around it."""
    opened: set[str] = set()
    for at, text in enumerate(texts):
        for slash, name in _TAG.findall(text):
            if not slash:
                opened.add(name)
            elif name not in opened:
                foreign[at] = True


def _whole_blocks(texts: Sequence[str], foreign: list[bool]) -> None:
    """Lines of one block of data stand or fall together."""
    start = 0
    while start < len(texts):
        end = start
        while end < len(texts) and _ROW.match(texts[end]):
            end += 1
        if any(foreign[start:end]):
            foreign[start:end] = [True] * (end - start)
        start = max(end, start + 1)


def _whole_turns(texts: Sequence[str], foreign: list[bool]) -> None:
    """Between the opening and the closing of somebody else's turn, nothing is the person's own."""
    opened: int | None = None
    for at, text in enumerate(texts):
        if not foreign[at]:
            continue
        low = text.lower()
        closes = _pattern("turn_closes").search(low)
        if opened is not None and closes:
            foreign[opened:at] = [True] * (at - opened)
            opened = None
        if opens := _pattern("turn_opens").search(low):
            opened = at if not closes or closes.start() < opens.start() else opened


@cache
def _pattern(*sections: str) -> re.Pattern[str]:
    return either(_bare(line) for section in sections for line in listed("own_words")[section])
