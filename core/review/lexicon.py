"""A thesaurus of back-end talk: finds the concepts that a sentence speaks of, in technical or everyday words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from core.review.listed import listed
from core.review.phrases import Hit, Phrasebook
from core.review.reading import Reading


@cache
def entries() -> Mapping[str, tuple[str, ...]]:
    """Every concept with its phrases."""
    return {concept: tuple(str(phrase) for phrase in phrases) for concept, phrases in listed("lexicon").items()}


@cache
def _book() -> Phrasebook[str]:
    return Phrasebook((concept, phrase) for concept, phrases in entries().items() for phrase in phrases)


def concepts(reading: Reading) -> list[Hit[str]]:
    """The concepts of a sentence and where they stand, firmest first; one concept may stand there several times."""
    return _book().find(reading)
