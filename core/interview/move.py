"""What the interviewer says next, as a value."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from core.chat import Frozen
from core.review.feedback import Verdict

MoveKind = Literal["ask", "facts", "probe", "hint", "next", "time", "over", "note"]


class Moment(StrEnum):
    """A moment of the clock that is said once."""

    HALF = "half"
    THREE = "three"
    """Three minutes are left."""
    PART = "part"
    """The box of a part that is not the last is used up."""
    END = "end"


class Move(Frozen):
    """One message of the interviewer: at most one question, and the verdicts that led to it."""

    kind: MoveKind
    lead: str = ""
    """A short, neutral receipt; often nothing. Never praise."""
    quote: str | None = None
    """One whole sentence of the person's, letter for letter."""
    say: tuple[str, ...] = ()
    """Facts told, in the question's own words."""
    unknown: tuple[str, ...] = ()
    """What was asked and nobody knows, in the person's own words."""
    title: str = ""
    """The title of a question that is put for the first time."""
    text: str = ""
    """The one question; of a hint the hint; of an opening question its prompt."""
    point: str | None = None
    """The rubric point or story check it probes."""
    closes: tuple[str, ...] = ()
    """Points that are not asked about any more."""
    moments: tuple[Moment, ...] = ()
    """Moments of the clock that this says, or that it makes needless to say."""
    verdicts: tuple[Verdict, ...] = ()
    """How the current question's points stood when it was chosen."""

    @property
    def spoken(self) -> str:
        """All of it as one text, as a record of the interview keeps it."""
        quote = f"You said: “{self.quote}”" if self.quote else ""
        return " ".join(part for part in (self.lead, *self.say, self.no_facts, quote, self.text) if part)

    @property
    def no_facts(self) -> str:
        """What is said about `unknown`; the person's words stand in it as they were written."""
        return nothing_on(self.unknown)


class Wish(Frozen):
    """What a model would like to say; the interview decides how much of it is said."""

    text: str = ""
    """Its words, checked already: no rubric, no links, no praise; empty where nothing of them may be said."""
    about: str | None = None
    """The rubric point or story check it is after."""
    facts: tuple[int, ...] = ()
    """Numbers, from 1, of the question's facts that were asked for."""


def nothing_on(topics: tuple[str, ...]) -> str:
    """Says plainly that these are not known, and what to do about it."""
    if not topics:
        return ""
    named = f"{', '.join(topics[:-1])} or {topics[-1]}" if len(topics) > 1 else topics[0]
    return f"I know nothing about {named}: assume what you need, say so, and carry on."
