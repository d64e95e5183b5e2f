"""Who reviews and interviews: the model where there is one and it may, within its deadline and budget; else text match, said aloud.

Text match is worked out first, so that it is ready at once when the model is not. Nothing is silent: every value that leaves here says who
made it, and where that is not who was expected, why.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from core.budget import Budget
from core.errors import ModelError
from core.interview.moves import Move, is_scripted
from core.interview.stages import Interview
from core.panel.chair import Chair, Outcome, Seat
from core.panel.text_match import TextMatch
from core.ports import Coining, Explained, Fitted, Payer, Priced, Spent, Talk, Usage
from core.questions.bank import Level, Question
from core.records import Story
from core.review.feedback import Feedback

Words = Callable[[str], Awaitable[None]]
"""Is told what there is of a growing answer, all of it each time."""
V = TypeVar("V")
MEMORY = 200
"""What the model made that are remembered, so that a commit that has to be done again does not ask and pay again."""
NO_MODEL = "That needs a model, and none may read what you write: /model says why and changes it."


@dataclass(frozen=True)
class Spoken:
    """A move, and who made it."""

    move: Move
    reviewer: str
    notice: str = ""
    """Why it was not the model, where one was expected."""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Reviewed:
    """A review; its reviewer is part of it."""

    feedback: Feedback
    notice: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Regraded:
    """A mock read once more, part by part; None where text match has to do."""

    parts: tuple[Feedback, ...] | None
    notice: str = ""
    usage: Usage = field(default_factory=Usage)


class Panel:
    """The reviewers, and the rules by which one of them is asked."""

    def __init__(self, text_match: TextMatch, seat: Seat | None = None) -> None:
        self._text_match = text_match
        self._chair = Chair(seat) if seat else None
        self._said: dict[tuple[object, ...], object] = {}

    # --- who there is ---

    @property
    def name(self) -> str:
        """Who reviews, as people read it: what somebody gets who allows everything."""
        return f"{self._chair.seat.model.name} at {self._chair.seat.model.host}" if self._chair else "text match (offline)"

    @property
    def promise(self) -> str:
        """What that review is, and what it is not."""
        if self._chair:
            return "It is asked only for people who allow it; else text match, a checklist without a grade."
        return "Gives a checklist and the next probe. No grade."

    @property
    def model(self) -> str:
        """The model's name; text match where none is seated."""
        return self._chair.seat.model.name if self._chair else self._text_match.name

    @property
    def host(self) -> str | None:
        """Who would process what somebody writes; None where nobody but this program does."""
        return self._chair.seat.model.host if self._chair else None

    @property
    def budget(self) -> Budget | None:
        """The limits of a day."""
        return self._chair.seat.budget if self._chair else None

    def expected(self, payer: Payer) -> str:
        """Who will listen to them, as far as one can know before asking."""
        return self._chair.seat.model.name if self._chair and payer.agreed else self._text_match.name

    async def spent(self, payer: Payer) -> tuple[Spent, Spent, Spent] | None:
        """Today's: theirs, their space's, everybody's; None where no model is seated."""
        seat = self._chair.seat if self._chair else None
        return await seat.ledger.spent(seat.clock.now().date(), payer) if seat else None

    async def warm(self) -> None:
        """Get ready for the first question; a model that cannot is asked all the same."""
        if self._chair:
            try:
                await self._chair.seat.model.warm()
            except Exception as error:  # warming is a courtesy
                self._chair.seat.log("model_not_warmed", error=error)

    # --- interviewing and reviewing ---

    async def move(self, interview: Interview, now: datetime, payer: Payer, words: Words | None = None) -> Spoken:
        """The interviewer's next move; `words` hears it grow where it does."""
        key = (interview.key, len(interview.turns), interview.at_part, interview.turns[-1].text if interview.turns else "", payer.agreed)
        if known := self._known(Spoken, key):
            return known
        scripted = await self._scripted(interview, now, payer)
        chair = self._for(payer)
        if chair is None:
            return Spoken(scripted, self._text_match.name)
        if is_scripted(interview, scripted, now):
            return Spoken(scripted, self._expect(interview))
        model, deadline = chair.seat.model, chair.seat.deadlines.move
        outcome = await chair.ask("move", payer, deadline, lambda: _spoken(model.move(interview, now, payer), words))
        if outcome.value is None:
            spoken = Spoken(scripted, self._text_match.name, outcome.why, outcome.usage)
        else:
            spoken = Spoken(outcome.value, model.name, usage=outcome.usage)
        return self._remember(key, spoken)

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Reviewed:
        """A review of one answer."""
        base = (await self._text_match.review(question, turns, payer, level)).value
        chair = self._for(payer)
        if chair is None or base.too_little:
            return Reviewed(base)
        seat = chair.seat
        key = (payer.person, question.id, tuple(turns), level)
        if known := self._known(Reviewed, key):
            return known
        outcome = await chair.ask("review", payer, seat.deadlines.review, lambda: seat.model.review(question, turns, payer, level))
        read = Reviewed(outcome.value or base, outcome.why, outcome.usage)
        return self._remember(key, read) if outcome.value else read

    async def regrade(self, interview: Interview, payer: Payer) -> Regraded:
        """All of a mock, once more."""
        chair = self._for(payer)
        if chair is None or not any(turn.who == "candidate" for turn in interview.turns):
            return Regraded(None)
        seat = chair.seat
        key = (interview.key, len(interview.turns))
        if known := self._known(Regraded, key):
            return known
        outcome = await chair.ask("regrade", payer, seat.deadlines.regrade, lambda: seat.model.regrade(interview, payer))
        if outcome.value is None:
            return Regraded(None, outcome.why, outcome.usage)
        return self._remember(key, Regraded(tuple(outcome.value), usage=outcome.usage))

    # --- what only a model can do ---

    async def explain(self, talk: Talk, payer: Payer) -> Outcome[Explained]:
        """An answer to a question about a review."""
        chair = self._for(payer)
        if chair is None:
            return Outcome(None, NO_MODEL)
        return await chair.ask("explain", payer, chair.seat.deadlines.talk, lambda: chair.seat.model.explain(talk, payer))

    async def fitted(self, question: Question, stories: Sequence[Story], payer: Payer) -> Outcome[Sequence[Fitted]]:
        """A question's bullets, each with what of one's own stories could carry it."""
        chair = self._for(payer)
        if chair is None:
            return Outcome(None, NO_MODEL)
        return await chair.ask("fitted", payer, chair.seat.deadlines.talk, lambda: chair.seat.model.fitted(question, stories, payer))

    async def coin(self, wish: Coining, payer: Payer) -> Outcome[Question]:
        """A question that nobody wrote yet, held to the same rules as ours."""
        chair = self._for(payer)
        if chair is None:
            return Outcome(None, NO_MODEL)
        key = (payer.person, wish.order)
        if wish.order and (known := self._known(Outcome, key)):
            return known
        outcome = await chair.ask("coin", payer, chair.seat.deadlines.coin, lambda: chair.seat.model.coin(wish, payer))
        return self._remember(key, outcome) if outcome.value and wish.order else outcome

    # --- within ---

    def _known(self, kind: type[V], key: tuple[object, ...]) -> V | None:
        """What was made of the same before, by this process and lately."""
        found = self._said.get((kind.__name__, *key))
        return found if isinstance(found, kind) else None

    def _remember(self, key: tuple[object, ...], value: V) -> V:
        if len(self._said) >= MEMORY:
            del self._said[next(iter(self._said))]
        self._said[type(value).__name__, *key] = value
        return value

    def _for(self, payer: Payer) -> Chair | None:
        return self._chair if payer.agreed else None

    async def _scripted(self, interview: Interview, now: datetime, payer: Payer) -> Move:
        async for part in self._text_match.move(interview, now, payer):
            if isinstance(part, Priced):
                return part.value
        raise RuntimeError("a reviewer ended without a move")

    def _expect(self, interview: Interview) -> str:
        """Whoever has the chair: a move that any interviewer makes alike changes nobody."""
        began = any(turn.who == "interviewer" for turn in interview.turns)
        return interview.reviewer if began or self._chair is None else self._chair.seat.model.name


async def _spoken(parts: AsyncIterator[str | Priced[Move]], words: Words | None) -> Priced[Move]:
    """The move at the end of the words; `words` hears them on the way."""
    async with aclosing(parts) as stream:  # type: ignore[type-var]
        async for part in stream:
            if isinstance(part, Priced):
                return part
            if words:
                await words(part)
    raise ModelError("garbled")
