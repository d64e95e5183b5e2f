"""Which question comes next: nothing twice within the window, and every competency and level of the filter in its turn."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from core.questions.bank import Bank, Question
from core.records import Drill

WINDOW = timedelta(days=60)
"""No question comes twice within this time, as long as the bank holds enough."""


def choose(drill: Drill, bank: Bank, day: date) -> Question | None:
    """The question of this local date: of the competency and the level that have waited longest, one that was not asked lately.

    Where all were asked lately, the one asked longest ago. None where nothing in the bank suits.
    """
    suiting = bank.among(drill.competencies, drill.level)
    asked = lately(drill.asked, day)
    fresh = [question for question in suiting if question.id not in asked]
    if not fresh:
        return min(suiting, key=lambda question: asked[question.id], default=None)
    rng = random.Random(f"{drill.seed}:{drill.number}")
    waited = _waited(asked, bank)
    sooner = drill.weak if drill.sooner else ()
    never = len(asked) + 1

    def wait(slug: str) -> int:
        return waited.get(slug, never) * (2 if slug in sooner else 1)

    turn = max(sorted({question.competency for question in fresh}), key=lambda slug: (wait(slug), rng.random()))
    here = [question for question in fresh if question.competency == turn]
    if drill.level == "any":
        longest = max(wait(level) for question in here for level in question.levels)
        here = [question for question in here if any(wait(level) == longest for level in question.levels)]
    return rng.choice(here)


def _waited(asked: Sequence[str] | Mapping[str, date], bank: Bank) -> dict[str, int]:
    """Competency or level → how many questions ago it was asked last."""
    turns: dict[str, int] = {}
    for ago, id in enumerate(asked):
        if question := bank.find(id):
            for slug in (question.competency, *question.levels):
                turns[slug] = len(asked) - ago
    return turns


def lately(asked: Mapping[str, date], day: date) -> dict[str, date]:
    """What was asked within the window before this date, oldest first."""
    return {id: at for id, at in sorted(asked.items(), key=lambda item: item[1]) if day - at < WINDOW}


def note(drill: Drill, question: Question, day: date) -> Drill:
    """The drill after this question: one more, and remembered as long as it must not come again."""
    asked = {id: at for id, at in lately(drill.asked, day).items() if id != question.id}
    return drill.model_copy(update={"number": drill.number + 1, "asked": {**asked, question.id: day}})
