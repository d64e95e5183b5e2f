"""How well the reviewer agrees with labels: kappa, precision, recall, by kind of answer. Reads files of labelled answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.questions.bank import Bank, Question
from core.review.feedback import Feedback, Status

Reader = Callable[[Question, Sequence[str]], Feedback]


@dataclass(frozen=True)
class Labelled:
    """One answer, and the points that a person says it covers."""

    question: Question
    kind: str
    text: str
    covered: frozenset[str]
    split: str = ""


@dataclass(frozen=True)
class Outcome:
    """One point of one answer."""

    answer: Labelled
    point: str
    truth: bool
    status: Status
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Agreement over many points; maybe counts as not covered, except in `missed`."""

    labels: int
    kappa: float
    precision: float
    """Of the points called covered, the share that are."""
    recall: float
    missed: float
    """Of the points that are covered, the share that was called missing."""
    false_covered: int


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """The figures of these outcomes."""
    counts = Counter((outcome.truth, outcome.status) for outcome in outcomes)
    tp, fp = counts[True, Status.COVERED], counts[False, Status.COVERED]
    positives = sum(count for (truth, _), count in counts.items() if truth)
    total = sum(counts.values())
    agreed = (tp + total - positives - fp) / total if total else 0.0
    called = tp + fp
    chance = (called * positives + (total - called) * (total - positives)) / total**2 if total else 0.0
    return Figures(
        labels=total,
        kappa=(agreed - chance) / (1 - chance) if chance < 1 else 0.0,
        precision=tp / called if called else 1.0,
        recall=tp / positives if positives else 1.0,
        missed=counts[True, Status.MISSING] / positives if positives else 0.0,
        false_covered=fp,
    )


def outcomes(answers: Iterable[Labelled], read: Reader) -> list[Outcome]:
    """What the reviewer says to each point of each answer."""
    found = []
    for answer in answers:
        feedback = read(answer.question, [answer.text])
        for verdict in feedback.verdicts:
            texts = tuple(feedback.sentence(id) for id in verdict.sentences)
            found.append(Outcome(answer, verdict.point, verdict.point in answer.covered, verdict.status, texts))
    return found


def read_answers(path: Path, bank: Bank, filler: Sequence[str] = ()) -> list[Labelled]:
    """The labelled answers of a file; `filler` goes around those that ask for it. KeyError for an unknown question or point."""
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = loaded["question"]
    question = bank.get(asked) if isinstance(asked, str) else Question.model_validate(asked)
    found = []
    for item in loaded["answers"]:
        for id in item["covered"]:
            question.point(id)
        text = str(item["text"])
        if item.get("filler") and filler:
            half = len(filler) // 2
            text = "\n".join((" ".join(filler[:half]), text, " ".join(filler[half:])))
        found.append(Labelled(question, item["kind"], text, frozenset(item["covered"]), loaded.get("split", "")))
    return found
