"""Who reads answers and asks on: text match, a model; what it costs and who pays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from core.interview.moves import Move
from core.interview.stages import Interview
from core.questions.bank import Competency, Level, Question
from core.records import Story
from core.review.feedback import Feedback

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Usage:
    """What calls cost. Text match costs nothing."""

    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input, what the server had still in its cache."""
    output_tokens: int = 0
    dollars: float | None = 0.0
    """None where the model's prices are not known."""
    estimated: bool = False
    """Whether the server said nothing and the tokens were estimated from the length."""
    calls: int = 0

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        known = self.dollars is not None and other.dollars is not None
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            dollars=(self.dollars or 0.0) + (other.dollars or 0.0) if known else None,
            estimated=self.estimated or other.estimated,
            calls=self.calls + other.calls,
        )


@dataclass(frozen=True)
class Priced(Generic[T_co]):
    """A value and what it cost."""

    value: T_co
    usage: Usage = Usage()


@dataclass(frozen=True)
class Payer:
    """Whose budget a call counts against, and whether they let a model read what they wrote."""

    person: str
    space: str
    agreed: bool = False
    """They said that a model may, and their space does not forbid it."""


class Reviewer(Protocol):
    """Reads answers and asks on. The matcher and a model are both one."""

    @property
    def name(self) -> str:
        """As people read it: `text match`, or the model's name."""

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Priced[Feedback]:
        """What the turns of one answer show; the next probe asks for nothing above `level`."""

    def move(self, interview: Interview, now: datetime, payer: Payer) -> AsyncIterator[str | Priced[Move]]:
        """The interviewer's next words as they come, each time all of them so far, and last the whole move."""


@dataclass(frozen=True)
class Talk:
    """A question about a review: what was reviewed, and what the person wants to know."""

    question: Question
    feedback: Feedback
    asked: str


@dataclass(frozen=True)
class Explained:
    """An answer to it, and the person's own sentences it speaks of."""

    text: str
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fitted:
    """A rubric point, and what of the person's own could carry it."""

    point: str
    text: str
    story: str | None = None
    """The story's key; None where none of them fits."""


@dataclass(frozen=True)
class Coining:
    """What a new question is to be about."""

    competency: Competency
    level: Level
    about: str = ""
    """What the person told of themself, as they wrote it."""
    avoid: tuple[str, ...] = ()
    """Titles of what they know already."""
    order: str = ""
    """Names the order: carried out again after a lost commit, it is not written and paid again."""


class Model(Reviewer, Protocol):
    """A language model behind a server. Every method raises ModelError where nothing usable came of it; none has a deadline of its own."""

    host: str
    """Who processes what it is sent, as people read it."""

    async def warm(self) -> None:
        """Make the first call as quick as the others; nothing is sent."""

    async def regrade(self, interview: Interview, payer: Payer) -> Priced[Sequence[Feedback]]:
        """The whole of a mock read once more, part by part."""

    async def explain(self, talk: Talk, payer: Payer) -> Priced[Explained]:
        """An answer to a question about a review; never a script."""

    async def fitted(self, question: Question, stories: Sequence[Story], payer: Payer) -> Priced[Sequence[Fitted]]:
        """The question's bullets, fitted to one's own stories; never a script."""

    async def coin(self, wish: Coining, payer: Payer) -> Priced[Question]:
        """A new question in our format that passes our lint; ModelError `garbled` where none came that does."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds the model gets; somebody waits for an answer within 10 of their turn's end."""

    move: float = 8.0
    review: float = 8.0
    regrade: float = 45.0
    """Nobody waits in a room for it: the closing words were said."""
    talk: float = 9.0
    """A question about a review, bullets for one's own stories."""
    coin: float = 90.0
    """A whole new question, its mending included; whoever asked was told that it takes a while."""


@dataclass(frozen=True)
class Spent:
    """What the model cost somebody, or everybody, in a day."""

    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    """As far as prices are known."""
    estimated: bool = False


class Ledger(Protocol):
    """What was spent on the model. `day` is a date in UTC."""

    async def spent(self, day: date, payer: Payer) -> tuple[Spent, Spent, Spent]:
        """On that day: by the person, in their space, by everybody."""

    async def add(self, day: date, payer: Payer, usage: Usage) -> None:
        """One more. Raises StoreUnavailable."""
