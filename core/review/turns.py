"""Reads a whole answer: each sentence by itself, and then what later sentences take back from earlier ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.review.addressed import Echo, addressed, first_person
from core.review.chatter import chatter
from core.review.clauses import read
from core.review.cues import pattern, words
from core.review.feedback import Sentence
from core.review.reading import Reading, Stance

_BACK = pattern("taken_back")
_ALL = pattern("all_taken_back")
_REJECT = pattern("rejected")
_BACKWARD = words("backward")
_ANAPHOR = _BACKWARD | words("onward")


def read_answer(sentences: Sequence[Sentence], echo: Echo) -> list[Reading]:
    """The readings of all sentences that are part of the answer, in order."""
    readings: list[Reading] = []
    for sentence in sentences:
        if addressed(sentence.text):
            continue
        reading = read(sentence.id, sentence.text)
        words = " ".join(token.word for token in reading.tokens)
        if not words or echoed(reading, echo) or chatter(words):
            continue
        _inherit(readings, reading)
        _take_back(readings, reading)
        readings.append(reading)
    return readings


def echoed(reading: Reading, echo: Echo) -> bool:
    """Whether the sentence is the question's or rubric's own text."""
    share = echo.share(reading.tokens)
    return share >= 0.95 or (share >= 0.7 and not first_person(reading.tokens))


def _inherit(readings: Sequence[Reading], reading: Reading) -> None:
    """ "My colleague would add a queue. It would take the load.": the second sentence is still his."""
    before = readings[-1] if readings else None
    if before is None or reading.tokens[0].word not in _ANAPHOR or first_person(reading.tokens):
        return
    stances = {stance for token, stance in zip(before.tokens, before.stances, strict=True) if token.stem}
    if stances in ({Stance.ATTRIBUTED}, {Stance.SUPPOSED}):
        reading.mark(stances.pop())


def _take_back(readings: Sequence[Reading], reading: Reading) -> None:
    words = [token.word for token in reading.tokens]
    text = " ".join(words)
    if back := _BACK.search(text):
        at = text[: back.start()].count(" ")
        earlier = Stance.ASSERTED in [stance for token, stance in zip(reading.tokens[:at], reading.stances, strict=False) if token.stem]
        reading.mark(Stance.RETRACTED, 0, at)
        if _ALL.search(text):
            for other in readings:
                other.mark(Stance.RETRACTED)
        elif not (earlier and at > 4):
            _retract(readings, reading, at)
        return
    rejected = _REJECT.search(text)
    if rejected and not _on_condition(text[max(0, rejected.start() - 200) : rejected.start()]):
        at = text[: rejected.start()].count(" ")
        clause = max((start for start in reading.starts if start <= at), default=0)
        if _content(reading, 0, clause):
            _reject_within(reading, words, clause)
        elif readings and len(words) <= 16:
            _retract(readings, reading, at)


def _on_condition(before: str) -> bool:
    """ "If the stored one is newer, I leave it": a rule, no rejection."""
    return bool(re.search(r"\b(?:if|when|where|whenever|once|unless|until)\b(?!.*\b(?:but|however|though|although|yet)\b)", before))


def _reject_within(reading: Reading, words: Sequence[str], clause: int) -> None:
    """ "X would help, but we do not need it": X goes; a reason given after "because" or "so" does not take it along."""
    if words[clause] in ("because", "since", "when", "if", "unless", "until", "so", "which"):
        return
    reading.mark(Stance.RETRACTED, 0, clause)


def _retract(readings: Sequence[Reading], reading: Reading, at: int) -> None:
    """Takes back what the sentence refers to: what it names, else what was said just before."""
    own = set(reading.stems)
    named = [other for other in readings[-6:] if len(own & set(other.stems)) >= 2]
    if readings:
        last = readings[-1]
        stood = Stance.ASSERTED in [stance for token, stance in zip(last.tokens, last.stances, strict=True) if token.stem]
        last.mark(Stance.RETRACTED)
        if stood and len(readings) > 1 and _leans(last, readings[-2]):
            readings[-2].mark(Stance.RETRACTED)
    for other in named:
        other.mark(Stance.RETRACTED)


def _leans(reading: Reading, before: Reading) -> bool:
    """Whether a sentence goes on with the one before it."""
    opening = [token.word for token in reading.tokens[:7]]
    return opening[0] in _BACKWARD or "it" in opening or "them" in opening or len(set(reading.stems) & set(before.stems)) >= 3


def _content(reading: Reading, start: int, end: int) -> bool:
    return sum(bool(token.stem) for token in reading.tokens[start:end]) >= 2
