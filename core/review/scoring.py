"""Which points an answer covers: the best evidence for each, no sentence stretched over too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.review.compiled import Compiled
from core.review.feedback import Status
from core.review.passages import COVERED, MAYBE, Evidence, evidence
from core.review.reading import Reading

_LONG, _RUN_ON = 30, 60  # words


@dataclass(frozen=True)
class Finding:
    """What was found for one point."""

    status: Status
    sentences: tuple[int, ...] = ()
    near: int | None = None
    confidence: float = 1.0


def findings(prepared: Compiled, readings: Sequence[Reading]) -> list[Finding]:
    """One finding for each point, in the question's order."""
    found = evidence(prepared, readings)
    alone: dict[tuple[int, tuple[int, ...]], Evidence] = {(one.point, one.sentences): one for one in reversed(found)}
    room = {reading.id: _room(reading) for reading in readings}
    result: dict[int, Finding] = {}
    near: dict[int, int] = {}
    for best in found:
        near.setdefault(best.point, best.sentences[0])
        one = _shortest(best, alone)
        if one.point not in result and one.score >= MAYBE and all(room[id] > 0 for id in one.sentences):
            for id in one.sentences:
                room[id] -= 1
            result[one.point] = _finding(one)
    return [result.get(number) or _missing(near.get(number)) for number in range(prepared.nearness.size)]


def _shortest(best: Evidence, alone: Mapping[tuple[int, tuple[int, ...]], Evidence]) -> Evidence:
    """One sentence in place of two, where it says as much by itself."""
    if len(best.sentences) == 1:
        return best
    singles = (alone.get((best.point, (id,))) for id in best.sentences)
    enough = [one for one in singles if one and one.score >= MAYBE and _finding(one).status is _finding(best).status]
    return max(enough, key=lambda one: one.score, default=best)


def _finding(one: Evidence) -> Finding:
    if one.firm and one.score >= COVERED:
        return Finding(Status.COVERED, one.sentences, confidence=round(min(0.95, 0.6 + one.score / 2), 2))
    return Finding(Status.MAYBE, one.sentences, confidence=0.5)


def _missing(near: int | None) -> Finding:
    return Finding(Status.MISSING, near=near, confidence=0.6 if near else 0.8)


def _room(reading: Reading) -> int:
    """How many points one sentence can support: two; a long one three; a run-on one more for every twenty words."""
    words = sum(token.word[0].isalnum() for token in reading.tokens)
    return max(2, 3 if words >= _LONG else 0, words // 20 if words >= _RUN_ON else 0)
