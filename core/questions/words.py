"""Words as the offline reader compares them: lower case, without little words, by stem."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?", re.IGNORECASE)
_stemmer = snowballstemmer.stemmer("english")

LITTLE = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "into",
        "onto",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "there",
        "and",
        "or",
        "so",
        "then",
        "than",
        "too",
        "very",
        "just",
        "also",
        "i",
        "we",
        "you",
        "he",
        "she",
        "they",
        "me",
        "us",
        "them",
        "my",
        "our",
        "your",
        "his",
        "her",
        "their",
        "would",
        "will",
        "shall",
        "can",
        "could",
        "may",
        "might",
        "have",
        "has",
        "had",
        "having",
        "which",
        "who",
        "whom",
        "whose",
        "what",
    ]
)
"""Words that carry no meaning of their own; never negations, numbers or time words."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One word's stem: `retries` and `retrying` are one."""
    return str(_stemmer.stemWord(word.lower().replace("’", "'")))


def words(text: str) -> list[str]:
    """Every word, as it was written."""
    return _WORD.findall(text)


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word.lower() not in LITTLE]
