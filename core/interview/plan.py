"""Which questions a mock asks, and how long each may take."""

from __future__ import annotations

import random
from collections.abc import Sequence

from core.errors import IllegalStep
from core.interview.turns import Part
from core.questions.bank import COMPETENCIES, Bank, Question

TECHNICAL: tuple[str, ...] = tuple(name for name in COMPETENCIES if name != "leadership")
STORY_SECONDS = {5: 0, 15: 3 * 60, 45: 8 * 60}
"""How long the story takes at the beginning of a technical round, by the minutes of the whole."""
ROOM_FOR_TWO = 20 * 60
"""A question is worth this much at most where another one is to follow."""


def plan(
    bank: Bank,
    round: str,
    level: str,
    minutes: int,
    *,
    seen: Sequence[str] = (),
    rng: random.Random,
    question: Question | None = None,
) -> tuple[Part, ...]:
    """The parts of a mock. Questions in `seen` (newest last) come only where there is no other; `question` comes in any case.

    A technical round begins with a short story, unless it lasts five minutes or the bank has none. A leadership round is
    stories only. Raises IllegalStep where the bank has nothing to ask.
    """
    choose = _Choice(bank, level, list(seen), rng)
    if round == "leadership":
        wanted = [question or choose.one(("leadership",))]
        if minutes > 5:
            wanted.append(choose.one(("leadership",), wanted))
        return _shared([item for item in wanted if item], minutes * 60)
    story = choose.one(("leadership",)) if STORY_SECONDS.get(minutes, 0) else None
    before = (Part(question=story.id, kind="story", seconds=STORY_SECONDS[minutes]),) if story else ()
    rest = minutes * 60 - sum(part.seconds for part in before)
    competencies = (question.competency,) if question else _competencies(round)
    first = question or choose.one(competencies)
    second = choose.one(competencies, [first]) if first and minutes > 15 and first.minutes * 60 <= ROOM_FOR_TWO else None
    return before + _shared([item for item in (first, second) if item], rest)


class _Choice:
    """Picks questions that suit the level, and where none does, questions that do not."""

    def __init__(self, bank: Bank, level: str, seen: list[str], rng: random.Random) -> None:
        self._bank, self._level, self._seen, self._rng = bank, level, seen, rng

    def one(self, competencies: Sequence[str], besides: Sequence[Question | None] = ()) -> Question | None:
        """A question of these competencies that is none of `besides`; None where there is none."""
        taken = [item.id for item in besides if item]
        for level in (self._level, "any"):
            found = self._bank.pick(self._rng, competencies=competencies, level=level, seen=[*self._seen, *taken])
            if found and found.id not in taken:
                return found
        return None


def _competencies(round: str) -> tuple[str, ...]:
    return TECHNICAL if round == "surprise" else (round,)


def _shared(questions: Sequence[Question], seconds: int) -> tuple[Part, ...]:
    if not questions:
        raise IllegalStep("The bank has no question for that yet. Choose another round, or *Surprise me*.")
    share = seconds // len(questions)
    return tuple(
        Part(question=item.id, kind="story" if item.competency == "leadership" else "technical", seconds=share) for item in questions
    )
