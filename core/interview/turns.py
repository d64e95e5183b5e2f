"""The pieces an interview is made of: its parts, what was said, and what is being said."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from core.chat import Frozen
from core.interview.move import MoveKind


class Part(Frozen):
    """One question of the interview and the time meant for it."""

    question: str
    kind: Literal["story", "technical"]
    seconds: int
    """Its box. The last part gets whatever is left."""


class Fragment(Frozen):
    """A message that belongs to the answer still being given."""

    message: str
    text: str
    at: AwareDatetime


class Turn(Frozen):
    """Something that was said, for good."""

    n: int
    """Counts from 1 over both speakers."""
    who: Literal["interviewer", "candidate"]
    kind: MoveKind | Literal["answer"]
    text: str
    """All of it; a candidate's messages letter for letter, one below the other."""
    part: int
    """Which part it belongs to, from 0."""
    question: str
    point: str | None = None
    """What a probe or hint was about; what an answer was the answer to."""
    at: AwareDatetime
    lead: str = ""
    quote: str | None = None
    ask: str = ""
    """An interviewer's one question or hint."""
    closes: tuple[str, ...] = ()
    """Points that it leaves alone from then on."""
    messages: tuple[str, ...] = ()
    """An answer's message ids."""
    hinted: int = 0
    """How many hints to its point an answer had before it."""
    reviewer: str = ""
    """Who chose the interviewer's words."""
    stays: bool | None = None
    """Of an answer: whether it was given while no model might read it, and so never reaches one; None while it is being answered."""


class Cost(Frozen):
    """What a model's part in it cost."""

    calls: int = 0
    tokens: int = 0
    dollars: float | None = 0.0
    """None where the model's prices are not known."""
    estimated: bool = False

    def and_(self, calls: int, tokens: int, dollars: float | None, estimated: bool) -> Cost:
        """With some more."""
        known = None if self.dollars is None or dollars is None else self.dollars + dollars
        return Cost(calls=self.calls + calls, tokens=self.tokens + tokens, dollars=known, estimated=self.estimated or estimated)


class Claim(Frozen):
    """The person says that they did say it, and where."""

    part: int
    point: str
    sentence: int
    """Its number among the sentences of that part's answers."""
