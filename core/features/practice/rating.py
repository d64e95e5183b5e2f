"""Whether a review helped; it changes no verdict."""

from __future__ import annotations

from dataclasses import dataclass

from core.chat import Message
from core.errors import TooLate
from core.features.handler import Outcome, Tools, passing
from core.ports import Reads
from core.records import Attempt


@dataclass(frozen=True)
class Rated:
    """A review and who it belongs to."""

    attempt: Attempt | None


async def read_rated(reads: Reads, message: Message) -> Rated:
    """Only the author's own."""
    attempt = await reads.get(Attempt, message.fields.get("id", ""))
    return Rated(attempt if attempt and attempt.person == message.author.key else None)


async def rate(known: Rated, message: Message, tools: Tools) -> Outcome:
    """Whether the review helped; it changes no verdict."""
    if known.attempt is None:
        raise TooLate("That review is no longer here, or it is not yours.")
    useful = message.fields.get("useful") == "yes"
    text = "Noted, thank you." if useful else "Noted. *I did say that* puts a single point right."
    return Outcome(saves=(known.attempt.model_copy(update={"useful": useful}),), posts=(passing(message, text),))
