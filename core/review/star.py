"""Story checks: what a STAR story shows on its face. Nudges, never a grade."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.review.cues import pattern
from core.review.feedback import Sentence, StoryCheck
from core.review.tokens import plain

OWN = pattern("own")
TEAM = re.compile(r"\bwe\b")
NUMBER = pattern("number")
SPAN = pattern("span")
RESULT = pattern("result")
LEARNING = pattern("learning")
_ACTION = pattern("action")


def story(sentences: Sequence[Sentence]) -> tuple[StoryCheck, ...]:
    """The checks of a story, each with the sentences in which it showed."""
    texts = [(sentence.id, " ".join(plain(sentence.text[:1500]).split())) for sentence in sentences]

    def where(test: Callable[[str], object]) -> tuple[int, ...]:
        return tuple(id for id, text in texts if test(text))

    own, team = where(OWN.search), where(TEAM.search)
    actions = where(_ACTION.search)
    deeds = sum(len(_ACTION.findall(text)) for _, text in texts)
    opening = _opening(texts)
    length = sum(len(text.split()) for _, text in texts)
    result = where(RESULT.search)
    return (
        StoryCheck(id="own", name="own part", shown=bool(own) and 2 * len(own) >= len(set(team) - set(own)), sentences=own[:3]),
        _check("number", "number with its unit", where(NUMBER.search)),
        _check("span", "time span", where(SPAN.search)),
        StoryCheck(id="actions", name="three deeds in a row", shown=deeds >= 3, sentences=actions[:4]),
        _check("result", "result", result[-2:]),
        _check("learning", "what it taught you", where(LEARNING.search)),
        StoryCheck(id="situation", name="situation in a quarter or less", shown=length >= 40 and opening <= 0.25 * length + 15),
    )


def _check(id: str, name: str, found: tuple[int, ...]) -> StoryCheck:
    return StoryCheck(id=id, name=name, shown=bool(found), sentences=found[:3])


def _opening(texts: Sequence[tuple[int, str]]) -> int:
    """Words before the first deed: the situation."""
    words = 0
    for _, text in texts:
        if OWN.search(text) or _ACTION.search(text):
            return words
        words += len(text.split())
    return words
