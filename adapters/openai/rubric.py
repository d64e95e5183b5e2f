"""A question as a model is told it, under short labels; and the labels back into what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.openai.schema import Finding
from core.interview.chains import STORY
from core.interview.probing import CHECK
from core.questions.bank import LEVELS, Question
from core.review.feedback import Status
from core.review.judged import Found


class Labels:
    """The points of several questions as `A1`, `A2`, `B1`: short, and they name nothing."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._to: dict[tuple[int, str], str] = {}
        self._from: dict[str, tuple[int, str]] = {}
        for number, question in enumerate(questions):
            ids = [point.id for point in question.points]
            if question.competency == "leadership":
                ids += [CHECK + chain.check for chain in STORY]
            for at, id in enumerate(ids, start=1):
                label = f"{chr(ord('A') + number)}{at}"
                self._to[number, id] = label
                self._from[label] = (number, id)

    def label(self, part: int, point: str) -> str | None:
        """What a point is called."""
        return self._to.get((part, point))

    def point(self, label: str, part: int) -> str | None:
        """The point of this part that is called so; None for anything else."""
        found = self._from.get(label.strip())
        return found[1] if found and found[0] == part else None

    def found(self, findings: Sequence[Finding], part: int, ids: dict[int, int]) -> list[Found]:
        """Findings of one part, with the ids of sentences as `ids` translates them; what cannot be translated is no evidence."""
        result = []
        for finding in findings:
            point = self.point(finding.point, part)
            if point and not point.startswith(CHECK):
                own = tuple(ids[id] for id in finding.sentences if id in ids)
                result.append(Found(point=point, status=Status(finding.status), sentences=own))
        return result


def told(question: Question, number: int, labels: Labels) -> dict[str, Any]:
    """What the model knows of one part. Nothing in it changes while the mock goes on."""
    points: list[dict[str, Any]] = []
    for point in question.points:
        entry: dict[str, Any] = {"id": labels.label(number, point.id), "shows": point.text}
        if point.critical:
            entry["critical"] = True
        if point.level != "sde1":
            entry["from"] = LEVELS[point.level]
        points.append(entry)
    if question.competency == "leadership":
        points += [{"id": labels.label(number, CHECK + chain.check), "ask_for": chain.check} for chain in STORY]
    return {
        "part": chr(ord("A") + number),
        "asked": question.prompt.strip(),
        "facts": [{"n": n, "say": fact.say} for n, fact in enumerate(question.facts, start=1)],
        "points": points,
    }
