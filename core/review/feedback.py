"""What a review says. Who reviewed is part of the value; every finding points at sentences the person wrote."""

from __future__ import annotations

from enum import StrEnum

from core.chat import Frozen


class Sentence(Frozen):
    """One sentence of an answer, letter for letter. Ids start at 1 and run over all turns."""

    id: int
    text: str


class Status(StrEnum):
    """How one rubric point stands."""

    COVERED = "covered"
    MAYBE = "maybe"
    MISSING = "missing"
    NOT_ASKED = "not_asked"
    """The time did not reach it: no minus."""
    CLAIMED = "claimed"
    """The person says they said it, and showed where."""


class Verdict(Frozen):
    """One rubric point. Covered, maybe and claimed name at least one sentence."""

    point: str
    status: Status
    sentences: tuple[int, ...] = ()
    confidence: float = 1.0
    """0 to 1: how sure the reviewer is of `status`."""
    near: int | None = None
    """A missing point: the sentence that came nearest, if one came near."""


class Habit(Frozen):
    """One habit of the prep playbook, and where it showed."""

    id: str
    shown: bool
    sentences: tuple[int, ...] = ()


class PitfallHit(Frozen):
    """A pitfall of the question, or of the playbook, and where it showed."""

    id: str
    text: str
    sentences: tuple[int, ...] = ()


class Probe(Frozen):
    """What the interviewer would ask next."""

    point: str
    text: str


class StoryCheck(Frozen):
    """One of the story checks: own part, number, time span, result, learning, …"""

    id: str
    name: str
    shown: bool
    sentences: tuple[int, ...] = ()


class Feedback(Frozen):
    """A review of one answer, whole in itself."""

    question: str
    reviewer: str
    """`text match`, or the model's and the prompt's name."""
    sentences: tuple[Sentence, ...]
    verdicts: tuple[Verdict, ...]
    habits: tuple[Habit, ...] = ()
    pitfalls: tuple[PitfallHit, ...] = ()
    story: tuple[StoryCheck, ...] = ()
    next_probe: Probe | None = None
    weakest: int | None = None
    """The sentence most worth reworking."""
    too_little: str = ""
    """Why there was nothing to review, for the person; then every point is missing."""

    def sentence(self, id: int) -> str:
        """The words of a sentence."""
        return self.sentences[id - 1].text

    def verdict(self, point: str) -> Verdict:
        """The verdict on a point; KeyError where the question has no such point."""
        for verdict in self.verdicts:
            if verdict.point == point:
                return verdict
        raise KeyError(point)

    def having(self, *statuses: Status) -> tuple[Verdict, ...]:
        """The verdicts of these statuses."""
        return tuple(verdict for verdict in self.verdicts if verdict.status in statuses)
