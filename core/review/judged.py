"""What a model found, checked in code: a verdict stands only on whole sentences of the person's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from core.chat import Frozen
from core.questions.bank import Level, Question
from core.review.feedback import Feedback, Status, Verdict
from core.review.next_probe import next_probe

MOST_POINTS = 2
"""So many points one sentence can support; more are not believed."""
AGREED, ALONE = 0.9, 0.7
"""Confidence where text match found the same, and where it did not."""


class Found(Frozen):
    """One thing a model says of an answer; nothing of it is believed yet."""

    point: str
    status: Status
    sentences: tuple[int, ...] = ()


def judged(
    question: Question,
    base: Feedback,
    found: Sequence[Found],
    own: Collection[int],
    reviewer: str,
    level: Level,
    unread: Collection[int] = (),
) -> Feedback:
    """The review of an answer by a model. `base` is the text match of the same answer, `own` the ids of sentences that can be evidence.

    A point that names no sentence of `own` is missing, whatever else is said of it; so is a point that no verdict names. Of several
    verdicts on one point the first counts. Where there was too little to review, there is for a model too. What text match found in
    sentences that the model was not given (`unread`) stands.
    """
    if base.too_little:
        return base.model_copy(update={"reviewer": reviewer})
    first = {item.point: item for item in reversed(found)}
    used: Counter[int] = Counter()
    verdicts = tuple(_verdict(base.verdict(point.id), first.get(point.id), own, used, unread) for point in question.points)
    return base.model_copy(
        update={
            "reviewer": reviewer,
            "verdicts": verdicts,
            "next_probe": next_probe(question, verdicts, level),
            "weakest": _weakest(base, verdicts),
        }
    )


def _verdict(base: Verdict, item: Found | None, own: Collection[int], used: Counter[int], unread: Collection[int]) -> Verdict:
    if base.status in (Status.COVERED, Status.MAYBE) and set(base.sentences) & set(unread):
        return base
    near = base.near or (base.sentences[0] if base.sentences else None)
    missing = Verdict(point=base.point, status=Status.MISSING, confidence=_sure(base, Status.MISSING), near=near)
    if item is None or item.status not in (Status.COVERED, Status.MAYBE):
        return missing
    evidence = tuple(dict.fromkeys(id for id in item.sentences if id in own and used[id] < MOST_POINTS))[:3]
    if not evidence:
        return missing
    used.update(evidence)
    return Verdict(point=base.point, status=item.status, sentences=evidence, confidence=_sure(base, item.status))


def _sure(base: Verdict, status: Status) -> float:
    return AGREED if base.status is status else ALONE


def _weakest(base: Feedback, verdicts: Sequence[Verdict]) -> int | None:
    """Text match's choice, unless the model finds that it covers something."""
    shows = {id for verdict in verdicts if verdict.status is Status.COVERED for id in verdict.sentences}
    near = [verdict.sentences[0] for verdict in verdicts if verdict.status is Status.MAYBE and verdict.sentences]
    if base.weakest is not None and base.weakest not in shows:
        return base.weakest
    return next((id for id in near if id not in shows), None)
