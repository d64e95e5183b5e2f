"""A sentence, word for word, with what its clauses do with each word."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from core.review.tokens import Token


class Stance(IntEnum):
    """What a word's clause does with what it says; the smaller, the firmer."""

    ASSERTED = 0
    HEDGED = 1
    """"I might", "maybe", "not sure, but"."""
    LISTED = 2
    """One of many names in a row."""
    ASKED = 3
    SUPPOSED = 4
    """Only in another world: "if it were bigger", "one could"."""
    ATTRIBUTED = 5
    """What somebody else would do or say."""
    NEGATED = 6
    """How a thing does not behave: "the stamp never changes"."""
    REJECTED = 7
    """A means that is not taken: "we do not need a queue"."""
    RETRACTED = 8


@dataclass(slots=True)
class Reading:
    """A sentence, word for word, with the stance of each."""

    id: int
    tokens: tuple[Token, ...]
    stances: list[Stance]
    starts: list[int] = field(default_factory=list)
    """Where its clauses begin."""

    def mark(self, stance: Stance, start: int = 0, end: int | None = None) -> None:
        """Weaken the words from `start` to `end` to at least this stance."""
        for index in range(start, len(self.stances) if end is None else end):
            self.stances[index] = max(self.stances[index], stance)

    @property
    def stems(self) -> list[str]:
        """The stems that carry meaning."""
        return [token.stem for token in self.tokens if token.stem]
