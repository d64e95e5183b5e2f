"""How much of each point an answer shows: phrase groups met in scope, and nearness to the point's samples against the other points'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.questions.bank import Point
from core.review.compiled import Compiled
from core.review.features import ANY, ASKING, DENIED, FIRM, WEAK, Features, features, merged
from core.review.feedback import Status
from core.review.reading import Reading, Stance
from core.review.similarity import contrast

COVERED = 0.32
MAYBE = 0.19
NEAR = 0.06
"""Least evidence for each; tuned on half of the labelled answers, see tests/core/review/answers."""
_GROUPS, _MARGIN, _PAIR = 0.25, 0.4, 0.03
_LITTLE, _ENOUGH = 2.5, 4.0
"""How much a passage must have in common with a point's samples to be maybe and to be covered, where its groups are not all met."""
_WRONG, _WORSE = 0.3, 0.05
"""A passage this near to a sentence that is wrong for the point, and nearer than to any that is right, is no evidence."""
_DENIES, _DOUBT, _DOUBT_BESIDE = 0.3, 0.3, 0.18
"""From which score a denial counts as one of the point, and what it costs the evidence within the sentence and beside it."""
_BOTH = 0.8
"""How much each of two neighbouring sentences must have in common with the point."""
_LONG, _RUN_ON, _UNIT = 30, 60, 36  # words
_ASKS = re.compile(r"\b(?:ask|asks|asked|clarif\w+|question|questions)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """What was found for one point."""

    status: Status
    sentences: tuple[int, ...] = ()
    near: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage that speaks for a point, and how much."""

    point: int
    score: float
    sentences: tuple[int, ...]
    firm: bool


def findings(prepared: Compiled, readings: Sequence[Reading]) -> list[Finding]:
    """One finding for each point, in the question's order."""
    units = [unit for reading in readings for unit in _units(reading)]
    denied = _denials(prepared, units)
    place = {reading.id: at for at, reading in enumerate(readings)}
    beside = {(point, place[id] + step) for point, id in denied for step in (-1, 1)}
    evidence = [
        _doubted(one, any((one.point, id) in denied for id in one.sentences), any((one.point, place[id]) in beside for id in one.sentences))
        for one in _evidence(prepared, units)
    ]
    found = sorted(evidence, key=lambda one: (-one.score, not one.firm, one.sentences))
    room = {reading.id: _room(reading) for reading in readings}
    result: dict[int, Finding] = {}
    near: dict[int, int] = {}
    for one in found:
        if one.score >= NEAR:
            near.setdefault(one.point, one.sentences[0])
        if one.point in result or one.score < MAYBE or any(room[id] <= 0 for id in one.sentences):
            continue
        for id in one.sentences:
            room[id] -= 1
        result[one.point] = _finding(one)
    return [result.get(number) or _missing(near.get(number)) for number in range(prepared.nearness.size)]


def _missing(near: int | None) -> Finding:
    return Finding(Status.MISSING, near=near, confidence=0.6 if near else 0.8)


def _finding(one: Evidence) -> Finding:
    if one.firm and one.score >= COVERED:
        return Finding(Status.COVERED, one.sentences, confidence=round(min(0.95, 0.6 + one.score / 2), 2))
    return Finding(Status.MAYBE, one.sentences, confidence=0.5)


def _room(reading: Reading) -> int:
    """How many points one sentence can support: two; a long one three; a run-on one more for every twenty words."""
    words = sum(token.word[0].isalnum() for token in reading.tokens)
    return max(2, 3 if words >= _LONG else 0, words // 20 if words >= _RUN_ON else 0)


# --- passages -----------------------------------------------------------------------------------------------------------


def _evidence(prepared: Compiled, units: Sequence[Reading]) -> Iterator[Evidence]:
    asking = [bool(_ASKS.search(f"{point.name} {point.text}")) for point in prepared.question.points]
    yield from _passages(prepared, units, FIRM, True, None)
    if any(stance in (Stance.HEDGED, Stance.LISTED) for unit in units for stance in unit.stances):
        yield from _passages(prepared, units, WEAK, False, None)
    if any(asking) and any(Stance.ASKED in unit.stances for unit in units):
        yield from _passages(prepared, units, ASKING, True, asking)


def _denials(prepared: Compiled, units: Sequence[Reading]) -> set[tuple[int, int]]:
    """Point and sentence, where a sentence speaks of the point and denies, supposes, reports or takes back what it says of it."""
    found: set[tuple[int, int]] = set()
    for unit in units:
        if any(stance in DENIED for stance in unit.stances):
            groups = {hit.key for hit in prepared.groups.find(unit)}
            about = _scores(prepared, features(unit, ANY), groups)
            denied = prepared.nearness.shared(features(unit, DENIED))
            found.update((number, unit.id) for number, score in enumerate(about) if score >= _DENIES and denied[number] >= _BOTH)
    return found


def _doubted(one: Evidence, within: bool, beside: bool) -> Evidence:
    """Who has just denied a point hardly makes it in the same breath: what stands in or next to a denial must say more."""
    cost = _DOUBT if within else _DOUBT_BESIDE if beside else 0.0
    return Evidence(one.point, one.score - cost, one.sentences, one.firm) if cost else one


def _passages(
    prepared: Compiled, units: Sequence[Reading], allowed: frozenset[Stance], firm: bool, only: Sequence[bool] | None
) -> Iterator[Evidence]:
    said = [features(unit, allowed) for unit in units]
    met = [{hit.key for hit in prepared.groups.find(unit) if hit.stance in allowed and hit.stance is not Stance.NEGATED} for unit in units]
    common = [prepared.nearness.shared(part) for part in said]
    for first in range(len(units)):
        for last in (first, first + 1):
            if last >= len(units) or not said[first] or not said[last]:
                continue
            passage = merged(*said[first : last + 1]) if last > first else said[first]
            groups = met[first] | met[last]
            ids = tuple(dict.fromkeys(unit.id for unit in units[first : last + 1]))
            for number, score in enumerate(_scores(prepared, passage, groups)):
                both = min(common[first][number], common[last][number]) >= _BOTH
                if score >= NEAR and both and (only is None or only[number]):
                    yield Evidence(number, score - (_PAIR if last > first else 0.0), ids, firm)


def _scores(prepared: Compiled, passage: Features, groups: set[tuple[int, int]]) -> list[float]:
    own, nearest = prepared.nearness.to_points(passage)
    wrong = prepared.nearness.to_wrong(passage)
    shared = prepared.nearness.shared(passage)
    apart = contrast(own)
    ranked = sorted(apart, reverse=True)
    result = []
    for number, point in enumerate(prepared.question.points):
        rival = ranked[1] if len(ranked) > 1 and apart[number] == ranked[0] else ranked[0]
        share = _share(point, number, groups)
        score = _GROUPS * share + apart[number] + _MARGIN * min(0.0, apart[number] - rival)
        if share < 1 and shared[number] < _ENOUGH:
            score = min(score, COVERED - 0.01 if shared[number] >= _LITTLE else MAYBE - 0.01)
        result.append(score if wrong[number] < max(_WRONG, nearest[number] + _WORSE) else min(score, COVERED - 0.01))
    return result


def _share(point: Point, number: int, groups: set[tuple[int, int]]) -> float:
    return sum((number, place) in groups for place in range(len(point.groups))) / len(point.groups) if point.groups else 0.0


def _units(reading: Reading) -> Iterator[Reading]:
    """The sentence, or, of a run-on, its clauses in pieces of a sentence's length."""
    size = len(reading.tokens)
    if size <= _RUN_ON:
        yield reading
        return
    start = 0
    cuts = [*reading.starts[1:], size]
    for at, cut in enumerate(cuts):
        following = cuts[at + 1] if at + 1 < len(cuts) else size
        while cut - start > 2 * _UNIT:
            yield _slice(reading, start, start + _UNIT)
            start += _UNIT
        if following - start > _UNIT or cut == size:
            yield _slice(reading, start, cut)
            start = cut


def _slice(reading: Reading, start: int, end: int) -> Reading:
    return Reading(reading.id, reading.tokens[start:end], reading.stances[start:end])
