"""What to prepare, for whatever did not show."""

from __future__ import annotations

from collections.abc import Mapping

from core.interview.chains import BY_CHECK
from core.interview.probing import CHECK

HABIT_ADVICE: Mapping[str, str] = {
    "clarify": "Before the first box, say aloud how much, how often and what may fail; ask, or assume and say so.",
    "operate": "End each design with how it is rolled out, which alarm wakes somebody, and how it is undone.",
    "compare": "Name a second way for your biggest choice, and what it would have cost.",
    "production": "Have one thing ready that you have seen happen in production, and what you did about it.",
}
"""By habit, what matters most first."""


def advice_on(point: str | None) -> str:
    """What to prepare for a probe that was not answered: for a story check its own advice; a rubric point has its bullet elsewhere."""
    chain = BY_CHECK.get((point or "").removeprefix(CHECK))
    return chain.advice if chain and point and point.startswith(CHECK) else ""
