"""What a model wants to say, looked at before anybody hears it. Words that give something away are not said; the script speaks instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.openai.prompts import CANARY
from core.interview.probing import gives_away
from core.interview.wording import LONGEST
from core.questions.bank import Point, Question
from core.review.own_words import cleaned

RUN = 6
"""So many words in a row of a text that is not to be shown are too many."""
_WORD = re.compile(r"\w+")
_LINK = re.compile(
    r"\b(?:https?|ftp|mailto|data|javascript):|\bwww\.|\]\(|<[a-z/!@#]|\b[\w-]+\.(?:com|net|org|io|dev|ru|cn|xyz|example)\b|\b[\w-]+\.[a-z]{2,10}/\w",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*`~|\\]|^#+\s|\{when:[^}]*\}?", re.MULTILINE)
_MENTION = re.compile(r"<[@#!]|(?:^|\s)@\w|@(?:everyone|here|channel)\b", re.IGNORECASE)
_PRAISE = re.compile(
    r"(?:^|[.!?,;:]\s+)(?:(?:that|this|it)(?:['’]s| is| was)?\s+)?(?:(?:a|an|really|very|quite|such)\s+)*"
    r"(?:great|excellent|good|nice|perfect|solid|strong|impressive|fantastic|awesome|brilliant|correct|well done|exactly right)"
    r"(?:[,.!]|$|\s+(?:answer|point|question|job|work|thinking|start|choice|idea|approach|catch|one|explanation|insight)\b)"
    r"|\b(?:i )?(?:love|like) (?:it|that|your (?:answer|approach|thinking|choice))\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"\b(?:score|rubric|points? (?:covered|missing)|level \d|strong hire|no hire|inclined|out of (?:10|ten|five))\b", re.IGNORECASE
)


def bare(text: str) -> str:
    """Plain words: no sign that a platform, or a card, would take for more than itself."""
    return " ".join(_MARKUP.sub("", cleaned(text)).split())


def unfit(text: str, longest: int) -> str:
    """Why a text must not be shown to anybody, in a word, whoever it is about; nothing where it may."""
    if CANARY in text.lower():
        return "canary"
    if _LINK.search(text) or _MENTION.search(text):
        return "link"
    return "length" if len(text.split()) > longest else ""


class Guard:
    """Knows what one mock must not give away."""

    def __init__(self, questions: Sequence[Question], instructions: str, revealed: Iterable[str]) -> None:
        """`revealed`: what was said in it so far, by whomever."""
        said = " ".join(revealed)
        ours = [text for question in questions for text in (question.prompt, *(fact.say for fact in question.facts), *question.probes)]
        asked = [point.probe for question in questions for point in question.points]
        hidden = [text for question in questions for point in question.points for text in _texts(point)]
        self._hidden = _runs([*hidden, instructions]) - _runs([*ours, *asked, said])
        self._points = [point for question in questions for point in question.points]
        self._revealed = _plain(said)

    def why_not(self, text: str, about: Point | None = None) -> str:
        """Why this must not be said, in a word; nothing where it may. `about`: the point it is after, which it must not give away."""
        if why := unfit(text, LONGEST):
            return why
        if _PRAISE.search(text) or _VERDICT.search(text):
            return "verdict"
        if text.count("?") > 1:
            return "length"
        if _runs([text]) & self._hidden:
            return "rubric"
        if any(self._names(text, point) for point in self._points) or (about and gives_away(text, about) and not self._used(about)):
            return "point"
        return ""

    def heard(self, text: str, *, last: bool = False, about: Point | None = None) -> str:
        """As much of a growing text as may be heard already: whole words, nothing that could not stand in the end."""
        if unfit(text, LONGEST):  # before anything is made harmless: who wants to send a link is not listened to
            return ""
        text = bare(text)
        if not last:
            text = text[: max(text.rfind(" "), 0)]
        return "" if self.why_not(text, about) else text

    def _names(self, text: str, point: Point) -> bool:
        """Whether it says a point's name that nobody said yet."""
        name = _plain(point.name)
        return " " in name and name in _plain(text) and name not in self._revealed

    def _used(self, point: Point) -> bool:
        """Whether the candidate said it first, or the question did."""
        phrases = [point.name, *(phrase for group in point.groups for phrase in group if " " in phrase)]
        return any(_plain(phrase) in self._revealed for phrase in phrases)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _texts(point: Point) -> tuple[str, ...]:
    return (point.text, point.bullet, *point.exemplars, *point.anti, *point.hints)


def _runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = [word.lower() for word in _WORD.findall(text)]
        found.update(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
    return found
