"""Sentences that are no answer: said to the reviewer, a machine's line, or the question's own text handed back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.review.cues import pattern
from core.review.either import either
from core.review.listed import listed
from core.review.tokens import Token, plain

_ORDERS = either(line for section in ("orders", "told", "echoes") for line in listed("cues")[section])
_MACHINE = pattern("machine")
_PLAIN_LABEL = pattern("plain_label")
_OF_GRADING = pattern("of_grading")
_FIRST = frozenset(["i", "we", "my", "our", "me", "us", "you"])


def addressed(text: str) -> bool:
    """Whether a sentence speaks to the reviewer instead of about the question."""
    low = " ".join(plain(text).replace("n't", " not").split())
    if _ORDERS.search(low):
        return True
    found = _MACHINE.search(low)
    if found is None:
        return False
    return not _PLAIN_LABEL.match(low) or bool(_OF_GRADING.search(low, found.end()))


class Echo:
    """Knows a question's own texts by runs of words, so that pasting them back is no answer."""

    def __init__(self, texts: Iterable[Sequence[Token]], width: int = 3) -> None:
        self._width = width
        self._runs: set[tuple[str, ...]] = set()
        self._whole: set[tuple[str, ...]] = set()
        for found in texts:
            stems = tuple(token.stem for token in found if token.stem)
            self._whole.add(stems)
            self._runs.update(self._cut(stems))

    def share(self, found: Sequence[Token]) -> float:
        """Which share of a sentence's runs of words stands in the question, 0 to 1."""
        stems = tuple(token.stem for token in found if token.stem)
        if stems in self._whole and len(stems) > 1:
            return 1.0
        runs = self._cut(stems)
        return sum(run in self._runs for run in runs) / len(runs) if len(runs) > 1 else 0.0

    def _cut(self, stems: tuple[str, ...]) -> list[tuple[str, ...]]:
        return [stems[at : at + self._width] for at in range(len(stems) - self._width + 1)]


def first_person(found: Sequence[Token]) -> bool:
    """Whether somebody speaks of their own doing."""
    return any(token.word in _FIRST for token in found)
