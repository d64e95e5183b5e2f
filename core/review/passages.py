"""The passages of an answer, one sentence or two neighbouring ones, and how much each speaks for each point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.questions.bank import Point
from core.review.compiled import Compiled
from core.review.features import ANY, ASKING, DENIED, FIRM, WEAK, Features, features, merged
from core.review.lexicon import concepts
from core.review.phrases import Hit
from core.review.reading import Reading, Stance
from core.review.similarity import contrast

COVERED = 0.32
MAYBE = 0.19
NEAR = 0.06
"""Least score for each; tuned on the `dev` answers in tests/core/review/answers."""
_GROUPS, _MARGIN, _PAIR = 0.25, 0.4, 0.03
"""What all phrase groups met add, how far a better fitting point counts against it, what a second sentence costs."""
_UNTOLD = 0.4
_LITTLE, _ENOUGH = 2.5, 4.0
"""How much a passage must have in common with a point's samples to be maybe and to be covered, where its groups are not all met."""
_WRONG, _WORSE = 0.3, 0.05
"""A passage this near to a sentence that is wrong for the point, and nearer than to any that is right, is maybe at most."""
_DENIES, _DOUBT, _DOUBT_BESIDE = 0.3, 0.3, 0.18
"""From which score a denial counts as one of the point, and what it costs the evidence within the sentence and beside it."""
_IN_COMMON = 0.8
"""How much each of two neighbouring sentences, or a denial, must have in common with the point."""
_RUN_ON, _UNIT = 60, 36  # words
_TAKEN_BACK = frozenset({Stance.RETRACTED})
_ASKS = re.compile(r"\b(?:ask|asks|asked|clarif\w+|questions?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage that speaks for a point, and how much."""

    point: int
    score: float
    sentences: tuple[int, ...]
    firm: bool
    """Whether it is asserted, and not only hedged or listed."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of a run-on, with what was found in it."""

    reading: Reading
    place: int
    concepts: list[Hit[str]]
    groups: list[Hit[tuple[int, int]]]

    def said(self, allowed: frozenset[Stance]) -> dict[str, float]:
        return features(self.reading, allowed, self.concepts)

    def met(self, allowed: frozenset[Stance]) -> set[tuple[int, int]]:
        return {hit.key for hit in self.groups if hit.stance in allowed and hit.stance is not Stance.NEGATED}

    def holds(self, stances: frozenset[Stance]) -> bool:
        return not stances.isdisjoint(self.reading.stances)


def evidence(prepared: Compiled, readings: Sequence[Reading]) -> list[Evidence]:
    """Everything in the answer that speaks for a point, the best first."""
    pieces = [(place, piece) for place, reading in enumerate(readings) for piece in _pieces(reading)]
    units = [_Unit(piece, place, concepts(piece), prepared.groups.find(piece)) for place, piece in pieces]
    found = list(_passages(prepared, units, FIRM, True))
    if any(unit.holds(WEAK - FIRM) for unit in units):
        found += _passages(prepared, units, WEAK, False)
    asks = [bool(_ASKS.search(f"{point.name} {point.text}")) for point in prepared.question.points]
    if any(asks) and any(unit.holds(ASKING - FIRM) for unit in units):
        found += (one for one in _passages(prepared, units, ASKING, True) if asks[one.point])
    doubt = _Doubt(prepared, units)
    doubted = [Evidence(one.point, one.score - doubt.of(one), one.sentences, one.firm) for one in found]
    return sorted(doubted, key=lambda one: (-one.score, not one.firm, one.sentences))


def _passages(prepared: Compiled, units: Sequence[_Unit], allowed: frozenset[Stance], firm: bool) -> Iterator[Evidence]:
    said = [unit.said(allowed) for unit in units]
    met = [unit.met(allowed) for unit in units]
    common = [prepared.nearness.shared(part) for part in said]
    for first in range(len(units)):
        for last in range(first, min(first + 2, len(units))):
            if not said[first] or not said[last]:
                continue
            passage = merged(said[first], said[last]) if last > first else said[first]
            ids = tuple(dict.fromkeys(unit.reading.id for unit in units[first : last + 1]))
            for number, score in enumerate(_scores(prepared, passage, met[first] | met[last])):
                if score >= NEAR and min(common[first][number], common[last][number]) >= _IN_COMMON:
                    yield Evidence(number, score - (_PAIR if last > first else 0.0), ids, firm)


def _scores(prepared: Compiled, passage: Features, groups: set[tuple[int, int]]) -> list[float]:
    """How much a passage speaks for each point: its groups met, its nearness to the samples, and no other point nearer."""
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
    """Which share of its groups is met; of a point without groups, that cannot be told either way."""
    if not point.groups:
        return _UNTOLD
    return sum((number, place) in groups for place in range(len(point.groups))) / len(point.groups)


# --- doubt --------------------------------------------------------------------------------------------------------------


class _Doubt:
    """What evidence loses by a denial in or beside it: who has just denied a point hardly makes it in the same breath.

    Beside something taken back stands what replaces it; that loses as much as what stands in a denial.
    """

    def __init__(self, prepared: Compiled, units: Sequence[_Unit]) -> None:
        self._within: set[tuple[int, int]] = set()
        self._beside: set[tuple[int, int]] = set()
        place = {unit.place: unit.reading.id for unit in units}
        for unit in units:
            for number in _denied(prepared, unit):
                self._within.add((number, unit.reading.id))
                beside = self._within if unit.holds(_TAKEN_BACK) else self._beside
                beside.update((number, place[at]) for at in (unit.place - 1, unit.place + 1) if at in place)

    def of(self, one: Evidence) -> float:
        at = {(one.point, id) for id in one.sentences}
        return _DOUBT if at & self._within else _DOUBT_BESIDE if at & self._beside else 0.0


def _denied(prepared: Compiled, unit: _Unit) -> Iterator[int]:
    """The points that a sentence speaks of and denies, supposes, reports or takes back."""
    if unit.holds(DENIED):
        about = _scores(prepared, unit.said(ANY), {hit.key for hit in unit.groups})
        denied = prepared.nearness.shared(unit.said(DENIED))
        yield from (number for number, score in enumerate(about) if score >= _DENIES and denied[number] >= _IN_COMMON)


# --- run-ons ------------------------------------------------------------------------------------------------------------


def _pieces(reading: Reading) -> Iterator[Reading]:
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
