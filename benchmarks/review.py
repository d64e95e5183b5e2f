"""Promise: the offline review of a 300-word answer takes 20 ms at the median. Control: splitting and stemming the same words."""

from __future__ import annotations

import time

from benchmarks.measure import report, summary
from core.questions.bank import load
from core.questions.words import stems
from core.review.evidence import split
from core.review.matcher import review

RUNS = 100


def main() -> None:
    """Every question of the bank, with an answer made of its own exemplars, cut to 300 words."""
    questions = load().questions
    samples: list[float] = []
    control: list[float] = []
    cold: list[float] = []
    for question in questions:
        words = " ".join(text for point in question.points for text in point.exemplars).split()[:300]
        answer = " ".join(words)
        began = time.perf_counter()
        review(question, (answer,))
        cold.append((time.perf_counter() - began) * 1000)
    for number in range(RUNS):
        question = questions[number % len(questions)]
        answer = " ".join(" ".join(text for point in question.points for text in point.exemplars).split()[:300])
        began = time.perf_counter()
        for sentence in split(answer):
            stems(sentence)
        control.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        review(question, (answer,))
        samples.append((time.perf_counter() - began) * 1000)
    rows = {
        "review, 300 words": summary(samples),
        "first review of a question": summary(cold),
        "control: split and stem only": summary(control),
    }
    report("Offline review, milliseconds (goal 20 at the median)", rows)


main()
