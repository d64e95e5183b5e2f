"""The offline reviewer: covered, maybe, missing, each with the person's own sentences. Text match, never a judgement."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.questions.bank import Level, Question
from core.review.compiled import Compiled, compiled
from core.review.evidence import sentences as cut
from core.review.feedback import Feedback, Sentence, Status, Verdict
from core.review.gates import too_little
from core.review.habits import habits, pitfalls
from core.review.next_probe import next_probe, weakest
from core.review.scoring import Finding, findings
from core.review.star import story
from core.review.turns import read_answer

REVIEWER = "text match"


def review(question: Question, turns: Sequence[str], asked: Collection[str] | None = None, level: Level = "sde3") -> Feedback:
    """What the turns of one answer show, by text match. The same answer always gets the same review.

    Points outside `asked` that would be missing become *not asked*. The next probe asks for nothing above `level`.
    """
    prepared = compiled(question)
    found = cut(turns)
    readings = read_answer(found, prepared.echo)
    reason = too_little(prepared, found, readings)
    verdicts = tuple(_with_asked(verdict, asked) for verdict in _verdicts(prepared, found, [] if reason else findings(prepared, readings)))
    return Feedback(
        question=question.id,
        reviewer=REVIEWER,
        sentences=found,
        verdicts=verdicts,
        habits=habits([] if reason else readings),
        pitfalls=() if reason else pitfalls(question, readings),
        story=story(found) if question.competency == "leadership" and not reason else (),
        next_probe=next_probe(question, verdicts, level),
        weakest=None if reason else weakest(question, verdicts, readings),
        too_little=reason,
    )


def _verdicts(prepared: Compiled, found: Sequence[Sentence], shown: Sequence[Finding]) -> list[Verdict]:
    if not shown:
        return [Verdict(point=point.id, status=Status.MISSING) for point in prepared.question.points]
    return [
        Verdict(
            point=point.id,
            status=finding.status,
            sentences=finding.sentences if finding.status is not Status.MISSING else (),
            confidence=finding.confidence,
            near=finding.near if finding.status is Status.MISSING else None,
        )
        for point, finding in zip(prepared.question.points, shown, strict=True)
    ]


def _with_asked(verdict: Verdict, asked: Collection[str] | None) -> Verdict:
    if asked is None or verdict.point in asked or verdict.status is not Status.MISSING:
        return verdict
    return verdict.model_copy(update={"status": Status.NOT_ASKED, "near": None})
