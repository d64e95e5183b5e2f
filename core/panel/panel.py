"""Who reviews and interviews: the model where there is one and it may, within its deadline and budget; else text match, said aloud.

Text match is worked out first, so that it is ready at once when the model is not. Nothing is silent: every value that leaves here says who
made it, and where that is not who was expected, why.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from core.budget import Budget
from core.errors import ModelError, StoreUnavailable, Trouble
from core.interview.moves import Move, is_scripted
from core.interview.stages import Interview
from core.panel.breaker import Breaker
from core.panel.text_match import TextMatch
from core.ports import Clock, Ledger, Model, Payer, Priced, Spent, Usage
from core.questions.bank import Level, Question
from core.review.feedback import Feedback

Words = Callable[[str], Awaitable[None]]
"""Is told what there is of a growing answer, all of it each time."""
Log = Callable[..., None]

WHY: Mapping[Trouble, str] = {
    "slow": "The model took too long.",
    "away": "The model does not answer.",
    "busy": "The model is overloaded.",
    "quota": "The model's account has no credit left.",
    "key": "The model refuses our key.",
    "name": "The model's server does not know its name.",
    "refused": "The model declined to answer.",
    "garbled": "The model's reply could not be used.",
}
MEMORY = 200
"""Moves that are remembered, so that a commit that has to be done again does not ask and pay again."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds the model gets; somebody waits for an answer within 10 of their turn's end."""

    move: float = 8.0
    review: float = 8.0
    regrade: float = 45.0
    """Nobody waits in a room for it: the closing words were said."""


@dataclass(frozen=True)
class Seat:
    """The model's place, with everything around it."""

    model: Model
    ledger: Ledger
    budget: Budget
    clock: Clock
    log: Log
    deadlines: Deadlines = field(default_factory=Deadlines)
    steady: Callable[[], float] = time.monotonic
    measure: Callable[[str, str, float], None] = lambda call, outcome, seconds: None
    """Told how long a call took and how it ended."""


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


_T = TypeVar("_T")


@dataclass(frozen=True)
class _Outcome(Generic[_T]):
    value: _T | None
    why: str = ""
    usage: Usage = field(default_factory=Usage)


class Panel:
    """The reviewers, and the rules by which one of them is asked."""

    def __init__(self, text_match: TextMatch, seat: Seat | None = None) -> None:
        self._text_match = text_match
        self._seat = seat
        self._breaker = Breaker(seat.steady if seat else time.monotonic)
        self._said: dict[tuple[object, ...], Spoken] = {}

    # --- who there is ---

    @property
    def name(self) -> str:
        """Who reviews, as people read it: what somebody gets who allows everything."""
        return f"{self._seat.model.name} at {self._seat.model.host}" if self._seat else "text match (offline)"

    @property
    def promise(self) -> str:
        """What that review is, and what it is not."""
        if self._seat:
            return "It is asked only for people who allow it; else text match, a checklist without a grade."
        return "Gives a checklist and the next probe. No grade."

    @property
    def model(self) -> str:
        """The model's name; text match where none is seated."""
        return self._seat.model.name if self._seat else self._text_match.name

    @property
    def host(self) -> str | None:
        """Who would process what somebody writes; None where nobody but this program does."""
        return self._seat.model.host if self._seat else None

    def expected(self, payer: Payer) -> str:
        """Who will listen to them, as far as one can know before asking."""
        return self._seat.model.name if self._seat and payer.agreed else self._text_match.name

    async def spent(self, payer: Payer) -> tuple[Spent, Spent, Spent] | None:
        """Today's: theirs, their space's, everybody's; None where no model is seated."""
        return await self._seat.ledger.spent(self._seat.clock.now().date(), payer) if self._seat else None

    @property
    def budget(self) -> Budget | None:
        """The limits of a day."""
        return self._seat.budget if self._seat else None

    async def warm(self) -> None:
        """Get ready for the first question; a model that cannot is asked all the same."""
        if self._seat:
            try:
                await self._seat.model.warm()
            except Exception as error:  # warming is a courtesy
                self._seat.log("model_not_warmed", error=error)

    # --- asking ---

    async def move(self, interview: Interview, now: datetime, payer: Payer, words: Words | None = None) -> Spoken:
        """The interviewer's next move; `words` hears it grow where it does."""
        key = (interview.key, len(interview.turns), interview.at_part, interview.turns[-1].text if interview.turns else "", payer.agreed)
        if known := self._said.get(key):
            return known
        scripted = await self._scripted(interview, now, payer)
        seat = self._seat if payer.agreed else None
        if seat is None:
            return Spoken(scripted, self._text_match.name)
        if is_scripted(interview, scripted, now):
            return Spoken(scripted, self._expect(interview))
        outcome = await self._asked(
            "move", seat, payer, seat.deadlines.move, lambda: _spoken(seat.model.move(interview, now, payer), words)
        )
        if outcome.value is None:
            spoken = Spoken(scripted, self._text_match.name, outcome.why, outcome.usage)
        else:
            spoken = Spoken(outcome.value, seat.model.name, usage=outcome.usage)
        if len(self._said) >= MEMORY:
            del self._said[next(iter(self._said))]
        self._said[key] = spoken
        return spoken

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Reviewed:
        """A review of one answer."""
        base = (await self._text_match.review(question, turns, payer, level)).value
        seat = self._seat if payer.agreed else None
        if seat is None or base.too_little:
            return Reviewed(base)
        outcome = await self._asked("review", seat, payer, seat.deadlines.review, lambda: seat.model.review(question, turns, payer, level))
        return Reviewed(outcome.value or base, outcome.why, outcome.usage)

    async def regrade(self, interview: Interview, payer: Payer) -> Regraded:
        """All of a mock, once more."""
        seat = self._seat if payer.agreed else None
        if seat is None or not any(turn.who == "candidate" for turn in interview.turns):
            return Regraded(None)
        outcome = await self._asked("regrade", seat, payer, seat.deadlines.regrade, lambda: seat.model.regrade(interview, payer))
        return Regraded(tuple(outcome.value) if outcome.value is not None else None, outcome.why, outcome.usage)

    # --- within ---

    async def _scripted(self, interview: Interview, now: datetime, payer: Payer) -> Move:
        async for part in self._text_match.move(interview, now, payer):
            if isinstance(part, Priced):
                return part.value
        raise RuntimeError("a reviewer ended without a move")

    def _expect(self, interview: Interview) -> str:
        """Whoever has the chair: a move that any interviewer makes alike changes nobody."""
        began = any(turn.who == "interviewer" for turn in interview.turns)
        return interview.reviewer if began or self._seat is None else self._seat.model.name

    async def _asked(self, call: str, seat: Seat, payer: Payer, deadline: float, ask: Callable[[], Awaitable[Priced[_T]]]) -> _Outcome[_T]:
        """Ask the model within its budget and deadline; what came of it, never an error."""
        if why := self._breaker.why:
            return _Outcome(None, WHY[why])
        try:
            over = seat.budget.why_not(await seat.ledger.spent(seat.clock.now().date(), payer))
        except StoreUnavailable:  # what was spent cannot be known, so nothing more is
            over = "What the model may still cost cannot be looked up now."
        if over:
            return _Outcome(None, over)
        began = seat.steady()
        kind: Trouble | None = None
        value, usage = None, Usage()
        try:
            async with asyncio.timeout(deadline):
                priced = await ask()
            value, usage = priced.value, priced.usage
        except TimeoutError:
            kind, usage = "slow", Usage(calls=1, estimated=True)
        except ModelError as error:
            kind = error.kind
            usage = error.usage if isinstance(error.usage, Usage) else usage
        seat.measure(call, kind or "ok", seat.steady() - began)
        await self._pay(seat, payer, usage)
        if kind is None:
            self._breaker.worked()
            return _Outcome(value, usage=usage)
        self._breaker.failed(kind)
        seat.log("model_failed", call=call, why=kind)
        return _Outcome(None, WHY[kind], usage)

    async def _pay(self, seat: Seat, payer: Payer, usage: Usage) -> None:
        if not usage.calls:
            return
        try:
            await seat.ledger.add(seat.clock.now().date(), payer, usage)
        except StoreUnavailable as error:  # the answer is not lost over its bill
            seat.log("spending_not_noted", why=str(error))


async def _spoken(parts: AsyncIterator[str | Priced[Move]], words: Words | None) -> Priced[Move]:
    """The move at the end of the words; `words` hears them on the way."""
    async with aclosing(parts) as stream:  # type: ignore[type-var]
        async for part in stream:
            if isinstance(part, Priced):
                return part
            if words:
                await words(part)
    raise ModelError("garbled")
