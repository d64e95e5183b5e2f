"""How near a passage comes to each point of a question: to its samples, in words and concepts, against the other points."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from core.questions.bank import Point, Question
from core.review.features import FIRM, Features, merged, text_features

_UNKNOWN = 0.7
"""Weight of a word that no sample of the question has."""


class Nearness:
    """The samples of a question's points, indexed by word and concept."""

    def __init__(self, question: Question) -> None:
        samples = [(number, sample) for number, point in enumerate(question.points) for sample in _samples(point)]
        self.size = len(question.points)
        self._weights = _rarity(samples, self.size)
        self._samples = _Index(samples, self._weights)
        self._having: dict[str, set[int]] = defaultdict(set)
        for number, sample in samples:
            for name in sample:
                self._having[name].add(number)
        wrong = [(number, text_features(text)) for number, point in enumerate(question.points) for text in point.anti]
        self._wrong = _Index([(number, sample) for number, sample in wrong if len(sample) >= 3], self._weights)

    def to_points(self, passage: Features) -> tuple[list[float], list[float]]:
        """0 to 1 for each point: the nearest sample steadied by the second nearest, and the nearest alone."""
        best, second = self._samples.nearest(passage, self.size)
        return [0.6 * a + 0.4 * b for a, b in zip(best, second, strict=True)], best

    def shared(self, passage: Features) -> list[float]:
        """For each point, the weight of all that the passage has in common with its samples: how much there is to go by."""
        weights = [0.0] * self.size
        for name, weight in passage.items():
            for number in self._having.get(name, ()):
                weights[number] += weight * self._weights[name]
        return weights

    def to_wrong(self, passage: Features) -> list[float]:
        """0 to 1 for each point: the nearest of the sentences that are wrong for it."""
        return self._wrong.nearest(passage, self.size)[0]


class _Index:
    def __init__(self, samples: Sequence[tuple[int, Features]], weights: dict[str, float]) -> None:
        self._weights = weights
        self._points = [number for number, _ in samples]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, (_, sample) in enumerate(samples):
            norm = math.sqrt(sum((weight * weights[name]) ** 2 for name, weight in sample.items())) or 1.0
            for name, weight in sample.items():
                self._postings[name].append((at, weight * weights[name] / norm))

    def nearest(self, passage: Features, size: int) -> tuple[list[float], list[float]]:
        """Cosine of the nearest and of the second nearest sample of each point."""
        dots = [0.0] * len(self._points)
        total = 0.0
        for name, weight in passage.items():
            weight *= self._weights.get(name, _UNKNOWN)
            total += weight * weight
            for at, share in self._postings.get(name, ()):
                dots[at] += weight * share
        norm = math.sqrt(total) or 1.0
        best, second = [0.0] * size, [0.0] * size
        for number, dot in zip(self._points, dots, strict=True):
            cosine = dot / norm
            if cosine > best[number]:
                best[number], second[number] = cosine, best[number]
            elif cosine > second[number]:
                second[number] = cosine
        return best, second


def contrast(scores: Sequence[float]) -> list[float]:
    """Each score less the mean of the others: what speaks for this point and not for any."""
    if len(scores) < 2:
        return list(scores)
    total = sum(scores)
    return [score - (total - score) / (len(scores) - 1) for score in scores]


def _samples(point: Point) -> list[Features]:
    texts = [*point.exemplars, point.text, point.bullet]
    phrases = merged(*(text_features(phrase) for group in point.groups for phrase in group))
    return [sample for sample in (*(text_features(text) for text in texts if text), phrases) if sample]


def _rarity(samples: Sequence[tuple[int, Features]], size: int) -> dict[str, float]:
    """The fewer points speak of it, the more a word or concept tells."""
    points: dict[str, set[int]] = defaultdict(set)
    for number, sample in samples:
        for name in sample:
            points[name].add(number)
    weights: dict[str, float] = defaultdict(lambda: _UNKNOWN)
    for name, having in points.items():
        weights[name] = math.log(1 + (size - len(having) + 0.5) / (len(having) + 0.5))
    return weights


__all__ = ["FIRM", "Nearness", "contrast"]
