"""How many answered, in steps from which nobody can be told."""

from __future__ import annotations

from core.chat import Post
from core.features.drill.daily_card import daily_card
from core.features.handler import NOTHING, Outcome, Tools
from core.ports import Reads
from core.records import Attempt, Drill, Occurrence

STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""The counter says `n or more` for these only."""


async def others_answered(reads: Reads, occurrence: Occurrence, person: str) -> int:
    """How many people besides this one answered."""
    everybody = await reads.count(Attempt, occurrence=occurrence.key, source="daily", distinct="person")
    mine = await reads.count(Attempt, occurrence=occurrence.key, source="daily", person=person)
    return everybody - (1 if mine else 0)


def count_answer(occurrence: Occurrence | None, drill: Drill | None, others: int, tools: Tools) -> Outcome:
    """The counter on the card, where this answer takes it over a step."""
    if occurrence is None or drill is None or occurrence.status != "posted":
        return NOTHING
    step = max((step for step in STEPS if step <= others + 1), default=0)
    question = tools.bank.find(occurrence.question)
    if step <= occurrence.counted or question is None:
        return NOTHING
    counted = occurrence.model_copy(update={"counted": step})
    edit = Post(
        key=f"daily/{occurrence.key}/{step}",
        into=drill.place,
        conversation=occurrence.key,
        replaces=f"daily/{occurrence.key}",
        card=daily_card(counted, question, drill),
        bulk=True,
    )
    return Outcome(saves=(counted,), posts=(edit,))
