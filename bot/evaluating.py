"""`loopcoach evaluate`: how well a reviewer tells what an answer covers, over the bank's own exemplars and anti sentences.

Each question gives six answers. In one of them half of the points speak through an exemplar and the other half through a sentence that
names the words and is wrong; in the next it is the other way round. So every point is judged as often where it is covered as where it is
not. These sentences were written by whoever wrote the rubric: the figures flatter text match, and say nothing about people's answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from core.errors import ModelError
from core.ports import Payer, Reviewer, Usage
from core.questions.bank import Question
from core.review.feedback import Status

AT_ONCE = 4
HOUSE = Payer(person="evaluate", space="evaluate", agreed=True)
"""Nobody's answers: only the bank's own sentences are sent."""
SHOWN = "only from what the bank itself holds; people's answers are another matter"


@dataclass(frozen=True)
class Sample:
    """An answer made of the bank's sentences, and which points it covers."""

    question: Question
    text: str
    covered: frozenset[str]


@dataclass
class Tally:
    """Counts over all points of all answers."""

    reviewer: str
    questions: int = 0
    answers: int = 0
    hits: int = 0
    """Covered, and found so."""
    wrong: int = 0
    """Not covered, and called covered."""
    missed: int = 0
    """Covered, and not called so."""
    rest: int = 0
    """Not covered, and not called so."""
    unsure: int = 0
    """Called maybe, whatever it was."""
    failed: int = 0
    """Answers that got no review."""
    usage: Usage = field(default_factory=Usage)

    def count(self, status: Status, covered: bool) -> None:
        """One more point."""
        found = status is Status.COVERED
        self.unsure += status is Status.MAYBE
        self.hits += covered and found
        self.wrong += found and not covered
        self.missed += covered and not found
        self.rest += not covered and not found

    @property
    def labels(self) -> int:
        """Points judged."""
        return self.hits + self.wrong + self.missed + self.rest

    @property
    def precision(self) -> float | None:
        """Of what was called covered, the share that was; None where nothing was."""
        return self.hits / (self.hits + self.wrong) if self.hits + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Of what was covered, the share that was found."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else None

    @property
    def kappa(self) -> float | None:
        """Cohen's: agreement beyond chance."""
        whole = self.labels
        if not whole:
            return None
        agreed = (self.hits + self.rest) / whole
        called, true = (self.hits + self.wrong) / whole, (self.hits + self.missed) / whole
        chance = called * true + (1 - called) * (1 - true)
        return (agreed - chance) / (1 - chance) if chance < 1 else None

    def as_json(self) -> str:
        """Machine-readable."""
        figures = {"precision": self.precision, "recall": self.recall, "kappa": self.kappa, "labels": self.labels}
        return json.dumps(
            {**asdict(self), **{name: round(value, 4) if value is not None else None for name, value in figures.items()}}, indent=2
        )

    def shown(self) -> str:
        """For a terminal."""
        usage = self.usage
        cost = "nothing" if not usage.calls else f"{usage.calls} calls, {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
        if usage.calls:
            cost += f", ${usage.dollars:.4f}" if usage.dollars is not None else ", price not known"
            cost += ", partly estimated" if usage.estimated else ""
        lines = [
            f"Reviewer   {self.reviewer}",
            f"Over       {self.questions} questions, {self.answers} answers, {self.labels} points judged",
            f"Precision  {_figure(self.precision)}   of what it called covered",
            f"Recall     {_figure(self.recall)}   of what was covered",
            f"Kappa      {_figure(self.kappa)}   agreement beyond chance",
            f"Maybe      {self.unsure} of {self.labels}",
            f"Cost       {cost}",
        ]
        if self.failed:
            lines.append(f"Failed     {self.failed} answers got no review")
        return "\n".join([*lines, f"This is measured {SHOWN}."])


def _figure(value: float | None) -> str:
    return "  –  " if value is None else f"{value:5.2f}"


def samples(question: Question) -> Iterator[Sample]:
    """The six answers of a question."""
    for turn in range(3):
        for first in (0, 1):
            said, covered = [], set()
            for number, point in enumerate(question.points):
                if number % 2 == first and point.exemplars:
                    said.append(point.exemplars[turn % len(point.exemplars)])
                    covered.add(point.id)
                elif point.anti:
                    said.append(point.anti[turn % len(point.anti)])
            yield Sample(question, " ".join(_ended(text) for text in said), frozenset(covered))


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


async def evaluate(reviewer: Reviewer, name: str, questions: Sequence[Question]) -> Tally:
    """Every sample reviewed, a few at once."""
    tally = Tally(name, questions=len(questions))
    room = asyncio.Semaphore(AT_ONCE)

    async def one(sample: Sample) -> None:
        async with room:
            try:
                priced = await reviewer.review(sample.question, (sample.text,), HOUSE)
            except ModelError as error:
                tally.failed += 1
                tally.usage += error.usage if isinstance(error.usage, Usage) else Usage()
                return
        tally.usage += priced.usage
        tally.answers += 1
        for verdict in priced.value.verdicts:
            tally.count(verdict.status, verdict.point in sample.covered)

    await asyncio.gather(*(one(sample) for question in questions for sample in samples(question)))
    return tally
