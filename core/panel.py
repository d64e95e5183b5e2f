"""Who reviews and interviews. Today that is text match with scripted moves; a model takes its seat here when there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.interview.moves import Move, next_move
from core.interview.stages import Interview
from core.ports import Priced, Reviewer
from core.questions.bank import Bank, Question
from core.review.feedback import Feedback
from core.review.matcher import review


@dataclass(frozen=True)
class TextMatch:
    """The offline reviewer: a checklist with evidence and the next probe. No grade."""

    bank: Bank
    name: str = "text match"

    async def review(self, question: Question, turns: Sequence[str], payer: str) -> Priced[Feedback]:
        """What the turns show, by text match."""
        return Priced(review(question, turns))

    async def move(self, interview: Interview, now: datetime, payer: str) -> AsyncIterator[str | Priced[Move]]:
        """The scripted interviewer's next move, in one piece."""
        questions = {part.question: self.bank.get(part.question) for part in interview.parts}
        yield Priced(next_move(interview, questions, now))


class Panel:
    """The reviewers in the order in which they are asked."""

    def __init__(self, text_match: Reviewer) -> None:
        self._text_match = text_match

    @property
    def name(self) -> str:
        """Who reviews now, as people read it."""
        return "text match (offline)"

    @property
    def promise(self) -> str:
        """What that review is, and what it is not."""
        return "Gives a checklist and the next probe. No grade."

    async def review(self, question: Question, turns: Sequence[str], payer: str) -> Feedback:
        """A review of one answer."""
        return (await self._text_match.review(question, turns, payer)).value

    async def move(self, interview: Interview, now: datetime, payer: str) -> Move:
        """The interviewer's next move."""
        async for part in self._text_match.move(interview, now, payer):
            if isinstance(part, Priced):
                return part.value
        raise RuntimeError("a reviewer ended without a move")
