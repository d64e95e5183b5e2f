"""What to ask next, and which sentence to rework."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.questions.bank import Level, Question
from core.review.feedback import Probe, Status, Verdict
from core.review.reading import Reading

_ORDER: tuple[Level, ...] = ("sde1", "sde2", "sde3")
_OPEN = (Status.MISSING, Status.NOT_ASKED, Status.MAYBE)
_GROUNDS = re.compile(r"\b(?:because|since|so|otherwise|per|until|when|if|after|before|\d+(?:[.,]\d+)?)\b")


def next_probe(question: Question, verdicts: Sequence[Verdict], level: Level = "sde3") -> Probe | None:
    """The open point that matters most: missing before maybe, critical first, then weight, then the lower level."""
    status = {verdict.point: verdict.status for verdict in verdicts}
    open_points = [
        point
        for point in question.points
        if status.get(point.id) in _OPEN and point.probe and _ORDER.index(point.level) <= _ORDER.index(level)
    ]
    if not open_points:
        return None
    best = min(
        open_points,
        key=lambda point: (status[point.id] is Status.MAYBE, not point.critical, -point.weight, _ORDER.index(point.level)),
    )
    return Probe(point=best.id, text=best.probe)


def weakest(question: Question, verdicts: Sequence[Verdict], readings: Sequence[Reading]) -> int | None:
    """The sentence most worth reworking: it came near a point, but gives neither ground nor number."""
    words = {reading.id: " ".join(token.word for token in reading.tokens) for reading in readings}
    weight = {point.id: (point.critical, point.weight) for point in question.points}
    near = [(verdict, verdict.sentences[0]) for verdict in verdicts if verdict.status is Status.MAYBE and verdict.sentences]
    near += [(verdict, verdict.near) for verdict in verdicts if verdict.status is Status.MISSING and verdict.near]
    candidates = [(verdict, id) for verdict, id in near if id in words]
    if not candidates:
        return None
    best = max(
        candidates,
        key=lambda pair: (pair[0].status is Status.MAYBE, not _GROUNDS.search(words[pair[1]]), *weight[pair[0].point], -pair[1]),
    )
    return best[1]
