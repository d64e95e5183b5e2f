"""The offline reviewer, always there: a checklist with evidence and the next probe. No grade."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.interview.moves import Move, next_move
from core.interview.stages import Interview
from core.ports import Payer, Priced
from core.questions.bank import Bank, Level, Question
from core.review.feedback import Feedback
from core.review.matcher import REVIEWER, review


@dataclass(frozen=True)
class TextMatch:
    """Implements `core.ports.Reviewer` without any model; costs nothing, and never fails."""

    bank: Bank
    name: str = REVIEWER

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Priced[Feedback]:
        """What the turns show, by text match."""
        return Priced(review(question, turns, level=level))

    async def move(self, interview: Interview, now: datetime, payer: Payer) -> AsyncIterator[str | Priced[Move]]:
        """The scripted interviewer's next move, in one piece."""
        questions = {part.question: self.bank.get(part.question) for part in interview.parts}
        yield Priced(next_move(interview, questions, now))
