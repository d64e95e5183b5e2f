"""Finds phrases in sentences: by word stem, in order, with at most two other words in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.review.cues import NEGATOR
from core.review.reading import Reading, Stance
from core.review.tokens import Token, root, tokens

K = TypeVar("K", bound=Hashable)
GAP = 2


@dataclass(frozen=True, slots=True)
class Hit(Generic[K]):
    """A phrase that stands in a sentence."""

    key: K
    at: tuple[int, ...]
    """The words it was found in."""
    stance: Stance
    """The weakest stance among them."""


def pattern(phrase: str) -> tuple[str, ...]:
    """The stems to look for; of a phrase of little words only, its words themselves."""
    found = tokens(phrase)
    return tuple(token.stem for token in found if token.stem) or tuple(token.word for token in found if token.word[0].isalnum())


class Phrasebook(Generic[K]):
    """Many phrases, each under a key, looked for at once."""

    def __init__(self, entries: Iterable[tuple[K, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], K, bool]]] = defaultdict(list)
        seen: set[tuple[tuple[str, ...], K]] = set()
        for key, phrase in entries:
            stems = pattern(phrase)
            if stems and (stems, key) not in seen:
                seen.add((stems, key))
                self._by_first[stems[0]].append((stems[1:], key, any(stem in _NEGATING for stem in stems)))

    def find(self, reading: Reading) -> list[Hit[K]]:
        """Every phrase that stands in the sentence, firmest stance first."""
        hits: list[Hit[K]] = []
        places = content(reading.tokens)
        for index, (stem, _) in enumerate(places):
            following = {later for later, _ in places[index + 1 : index + 2 + GAP]}
            for rest, key, negating in self._by_first.get(stem, ()):
                if rest and rest[0] not in following:
                    continue
                found = _follow(places, index, rest)
                if found:
                    hits.append(Hit(key, found, self._stance(reading, found, negating)))
        return sorted(hits, key=lambda hit: hit.stance)

    def _stance(self, reading: Reading, found: Sequence[int], negating: bool) -> Stance:
        stances = [reading.stances[at] for at in found]
        if negating:
            stances = [stance for stance in stances if stance not in (Stance.NEGATED, Stance.REJECTED)]
        return max(stances, default=Stance.ASSERTED)


def content(found: Sequence[Token]) -> list[tuple[str, int]]:
    """The stems that carry meaning, and where they stand."""
    return [(token.stem, at) for at, token in enumerate(found) if token.stem]


def _follow(places: Sequence[tuple[str, int]], index: int, rest: Sequence[str]) -> tuple[int, ...] | None:
    found = [places[index][1]]
    for stem in rest:
        for later in range(index + 1, min(index + 2 + GAP, len(places))):
            if places[later][0] == stem:
                index = later
                found.append(places[later][1])
                break
        else:
            return None
    return tuple(found)


_NEGATING = frozenset(root(word) for word in NEGATOR)
