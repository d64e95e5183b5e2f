"""What is no answer at all: too few words, the prompt or a rubric pasted, a list of terms."""

from __future__ import annotations

from collections.abc import Sequence

from core.questions.words import LITTLE
from core.review.addressed import first_person
from core.review.compiled import Compiled
from core.review.cues import AUXILIARY, SUBJECT, pattern
from core.review.feedback import Sentence
from core.review.reading import Reading, Stance
from core.review.tokens import Token, tokens

_FEWEST = 8  # words of an answer's own
_LITTLE_WORDS = 0.2
"""Of running English, two words in five are little ones; of a list of terms, hardly any."""
_THIRD = pattern("third_person")


def too_little(prepared: Compiled, found: Sequence[Sentence], readings: Sequence[Reading]) -> str:
    """Why there is nothing to review, in a sentence for the person; empty where there is something."""
    said = sum(len(_words(tokens(sentence.text))) for sentence in found) if len(found) < 20 else _FEWEST
    own = sum(len(_words(reading.tokens)) for reading in readings)
    if said < _FEWEST:
        return f"Not enough to review: {said} word{'s' * (said != 1)}. Try three to six sentences, or pass to see the bullets."
    if own < _FEWEST:
        return "Not enough to review: these are the question's own words, or they speak to the reviewer. Answer in your own words."
    if _pasted(prepared, readings):
        return "This reads like a rubric, not like an answer. Say what you would do, in your own words."
    if _listed(readings):
        return "This is a list of terms. Say in whole sentences what each one does here, and why."
    return ""


def _words(found: Sequence[Token]) -> list[Token]:
    return [token for token in found if token.word[0].isalnum()]


def _text(reading: Reading) -> str:
    return " ".join(token.word for token in reading.tokens)


def _pasted(prepared: Compiled, readings: Sequence[Reading]) -> bool:
    """Exemplars of several points letter for letter, or third-person lines that nobody says of themselves."""
    copied = [prepared.copied(reading.tokens) for reading in readings]
    if len({point for point in copied if point is not None}) >= 3 and 2 * sum(point is not None for point in copied) >= len(readings):
        return True
    impersonal = sum(bool(_THIRD.match(_text(reading))) and not first_person(reading.tokens) for reading in readings)
    return len(readings) >= 3 and impersonal >= 0.6 * len(readings)


def _listed(readings: Sequence[Reading]) -> bool:
    words = [token for reading in readings for token in _words(reading.tokens)]
    if sum(token.word in LITTLE for token in words) < _LITTLE_WORDS * len(words):
        return True
    told = sum(any(token.word in SUBJECT or token.word in AUXILIARY for token in reading.tokens) for reading in readings)
    if len(readings) >= 4 and len(words) < 6 * len(readings) and 3 * told < len(readings):
        return True
    listed = sum(len(reading.tokens) for reading in readings if reading.stances[0] is Stance.LISTED or Stance.LISTED in reading.stances)
    return listed > 0.6 * sum(len(reading.tokens) for reading in readings)
