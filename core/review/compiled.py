"""A question made ready for the reviewer, once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from core.questions.bank import Point, Question
from core.review.addressed import Echo
from core.review.evidence import split
from core.review.phrases import Phrasebook
from core.review.similarity import Nearness
from core.review.tokens import Token, tokens


class Compiled:
    """Phrases, samples and echoes of one question."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.groups: Phrasebook[tuple[int, int]] = Phrasebook(
            ((number, place), phrase)
            for number, point in enumerate(question.points)
            for place, group in enumerate(point.groups)
            for phrase in group
        )
        self.nearness = Nearness(question)
        self.echo = Echo(tokens(piece) for text in _own_texts(question) for piece in (text, *split(text)))
        self.silent = Echo(())
        """Takes nothing for an echo: for reading the question's own samples."""
        self._exemplars = {
            _stems(text): number for number, point in enumerate(question.points) for exemplar in point.exemplars for text in (exemplar,)
        }

    def copied(self, found: Sequence[Token]) -> int | None:
        """The point of which this is an exemplar letter for letter."""
        return self._exemplars.get(tuple(token.stem for token in found if token.stem))


def _own_texts(question: Question) -> list[str]:
    texts = [question.prompt, question.title, *question.probes, *(fact.say for fact in question.facts)]
    for point in question.points:
        texts += _of_point(point)
    return texts


def _of_point(point: Point) -> list[str]:
    return [text for text in (point.name, point.text, point.bullet, point.probe, *point.hints) if text]


def _stems(text: str) -> tuple[str, ...]:
    return tuple(token.stem for token in tokens(text) if token.stem)


@lru_cache(maxsize=256)
def _compiled(key: str) -> Compiled:
    return Compiled(Question.model_validate_json(key))


_recent: dict[int, tuple[Question, Compiled]] = {}


def compiled(question: Question) -> Compiled:
    """The question made ready; kept for the last few hundred questions, equal ones shared."""
    known = _recent.get(id(question))
    if known is not None and known[0] is question:
        return known[1]
    made = _compiled(question.model_dump_json())
    if len(_recent) > 512:
        _recent.clear()
    _recent[id(question)] = (question, made)
    return made
