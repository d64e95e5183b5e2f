"""`loopcoach grade`: one answer, reviewed from the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from core.errors import CoachError
from core.questions.bank import Question, load, read_question
from core.review.feedback import Feedback, Status
from core.review.matcher import review
from core.review.playbook import HABITS

SIGNS = {Status.COVERED: "✓", Status.MAYBE: "?", Status.MISSING: "✗", Status.NOT_ASKED: "–", Status.CLAIMED: "☞"}


@dataclass(frozen=True)
class Graded:
    """A question and what an answer to it shows."""

    question: Question
    feedback: Feedback

    def as_json(self) -> str:
        """The machine-readable form; sentences are whole and the person's own."""
        feedback = self.feedback
        points = [
            {
                "id": verdict.point,
                "status": verdict.status.value,
                "sentences": [feedback.sentence(id) for id in verdict.sentences],
                "confidence": round(verdict.confidence, 3),
            }
            for verdict in feedback.verdicts
        ]
        probe = feedback.next_probe
        return json.dumps(
            {
                "question": self.question.id,
                "reviewer": feedback.reviewer,
                "points": points,
                "habits": [
                    {"id": habit.id, "shown": habit.shown, "sentences": _whole(feedback, habit.sentences)} for habit in feedback.habits
                ],
                "pitfalls": [{"id": hit.id, "text": hit.text, "sentences": _whole(feedback, hit.sentences)} for hit in feedback.pitfalls],
                "next_probe": {"point": probe.point, "text": probe.text} if probe else None,
                "note": feedback.too_little,
            },
            ensure_ascii=False,
            indent=2,
        )


def _whole(feedback: Feedback, ids: tuple[int, ...]) -> list[str]:
    return [feedback.sentence(id) for id in ids]


def grade_answer(question: str, answer: str) -> Graded:
    """Review an answer to a question of the bank, by id, or to the one in a YAML file. CoachError says what cannot be used."""
    found = _question(question)
    return Graded(question=found, feedback=review(found, (answer,)))


def _question(name: str) -> Question:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return read_question(path)
    bank = load()
    found = bank.find(name)
    if found is None:
        near = ", ".join(question.id for question in bank.search(name.replace("-", " "), limit=3))
        raise CoachError(
            f"There is no question {name!r}." + (f" Near it: {near}." if near else " loopcoach questions list shows them all.")
        )
    return found


def shown(graded: Graded) -> str:
    """The review for a terminal."""
    question, feedback = graded.question, graded.feedback
    lines = [question.title, f"Reviewed by {feedback.reviewer}: a checklist of {len(question.points)} points, not a grade.", ""]
    if feedback.too_little:
        return "\n".join([*lines, feedback.too_little])
    for verdict in feedback.verdicts:
        point = question.point(verdict.point)
        lines.append(f"{SIGNS[verdict.status]} {point.name} ({verdict.status.value.replace('_', ' ')})")
        lines += [f'    "{sentence}"' for sentence in _whole(feedback, verdict.sentences)]
    lines += ["", "Habits   " + " · ".join(f"{HABITS.get(habit.id, habit.id)} {'✓' if habit.shown else '✗'}" for habit in feedback.habits)]
    lines += [f"Careful  {hit.text}" for hit in feedback.pitfalls]
    if feedback.next_probe:
        lines.append(f"They would ask next: {feedback.next_probe.text}")
    lines.append("Practice signal, not Amazon's scoring.")
    return "\n".join(lines)
