"""What a sentence says, as weighted words and concepts that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from core.review.clauses import read
from core.review.lexicon import concepts
from core.review.listed import listed
from core.review.phrases import Hit
from core.review.reading import Reading, Stance
from core.review.tokens import root

Features = Mapping[str, float]

_COMMON = frozenset(root(word) for word in listed("forms")["common"].split())
_COMMON_WEIGHT = 0.3
_SHARING = 1
"""The more concepts a phrase may mean, the less it tells of each."""
_IN_CONCEPT = 0.4
"""A word that a concept stands for already."""


def features(reading: Reading, allowed: frozenset[Stance], spoken_of: Sequence[Hit[str]] | None = None) -> dict[str, float]:
    """The words and concepts whose stance is among `allowed`. What is denied goes by another name: `n:` stands before it.

    `spoken_of`: the sentence's concepts, where they are known already.
    """
    found: dict[str, float] = {}
    hits = [hit for hit in (concepts(reading) if spoken_of is None else spoken_of) if hit.stance in allowed]
    covered = Counter(at for hit in hits for at in hit.at)
    for hit in hits:
        name = ("n:" if hit.stance is Stance.NEGATED else "") + "c:" + hit.key
        shared = min(covered[at] for at in hit.at)
        found[name] = max(found.get(name, 0.0), _specific(reading, hit.at) / shared**_SHARING)
    for at, token in enumerate(reading.tokens):
        stance = reading.stances[at]
        if token.stem and stance in allowed:
            weight = (_COMMON_WEIGHT if token.stem in _COMMON else 1.0) * (_IN_CONCEPT if at in covered else 1.0)
            name = ("n:" if stance is Stance.NEGATED else "") + token.stem
            found[name] = max(found.get(name, 0.0), weight)
    return found


def _specific(reading: Reading, at: tuple[int, ...]) -> float:
    """How surely a phrase means its concept: "dead letter" surely, "come back" hardly."""
    return min(1.0, sum(_COMMON_WEIGHT if reading.tokens[index].stem in _COMMON else 1.0 for index in at) / 1.2)


FIRM = frozenset({Stance.ASSERTED, Stance.NEGATED})
WEAK = frozenset({Stance.ASSERTED, Stance.NEGATED, Stance.HEDGED, Stance.LISTED})
ASKING = frozenset({Stance.ASSERTED, Stance.NEGATED, Stance.ASKED})
ANY = frozenset(Stance)
DENIED = frozenset({Stance.SUPPOSED, Stance.ATTRIBUTED, Stance.REJECTED, Stance.RETRACTED})


@lru_cache(maxsize=4096)
def text_features(text: str, allowed: frozenset[Stance] = FIRM) -> Features:
    """The features of a text of the rubric, read as one sentence."""
    return features(read(0, text), allowed)


def merged(*parts: Features) -> dict[str, float]:
    """The features of several neighbouring sentences."""
    whole: dict[str, float] = {}
    for part in parts:
        for name, weight in part.items():
            if weight > whole.get(name, 0.0):
                whole[name] = weight
    return whole
