"""Words of a sentence as the reviewer compares them. For comparing only: what is shown is always the sentence itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.questions.words import LITTLE, stem
from core.review.listed import listed

_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһɡαεικνορτυχγʼ’‘′`“”″‐‑‒",
    "abekmhopctyxijsdqwhgaeiknoptuxy'''''\"\"\"---",
)
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+(?:'[a-z]+)*|--+|[—–;:,()?!.\"]|(?<=\s)-(?=\s)|%")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_RE_WORD = re.compile(r"\bre-(?=[a-z]{3})")
_FORMS = listed("forms")
_APART: Mapping[str, str] = _FORMS["apart"]
_IS = frozenset(_FORMS["apostrophe_is"].split())
_TAILS = {"'d": "would", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "'s": ""}
_SPELLING = (("our", "or"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing"), ("isation", "ization"), ("yse", "yze"), ("ogue", "og"))
_SAME_SPELLING = frozenset(_FORMS["same_spelling"].split())
_IRREGULAR = {form: base for base, forms in _FORMS["irregular"].items() for form in (*forms.split(), base)}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark."""

    word: str
    """Lower case, lookalike letters and contractions undone; a mark stands for itself."""
    stem: str
    """Empty where the word carries no meaning of its own."""


def plain(text: str) -> str:
    """The text in lower-case plain letters: no invisible or direction signs, no lookalikes, no accents."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).lower().translate(_LOOKALIKES)
    return "".join(sign for sign in folded if unicodedata.category(sign) not in ("Cf", "Mn", "Cs", "Co", "Cn"))


def tokens(text: str) -> tuple[Token, ...]:
    """The words and marks of a text, in order."""
    found: list[Token] = []
    for piece in _TOKEN.findall(_RE_WORD.sub("re", plain(_CAMEL.sub(" ", text)))):
        if "'" in piece or piece in _APART:
            found += (token(word) for word in _open(piece))
        else:
            found.append(token(piece))
    return tuple(found)


@lru_cache(maxsize=50_000)
def token(word: str) -> Token:
    """The token of one lower-case word."""
    if not word[0].isalnum():
        return Token(word, "")
    return Token(word, "" if word in LITTLE else root(word))


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """The stem, one for British and American spelling."""
    if word not in _SAME_SPELLING and len(word) > 4:
        for british, american in _SPELLING:
            if word.endswith(british):
                word = word[: -len(british)] + american
                break
        word = word.replace("iour", "ior")
    return _IRREGULAR.get(word) or stem(word)


def _open(piece: str) -> list[str]:
    if piece in _APART:
        return _APART[piece].split()
    if piece.endswith("n't"):
        return [piece[:-3], "not"]
    if piece in _IS:
        return [piece[:-2], "is"]
    for tail, word in _TAILS.items():
        if piece.endswith(tail) and len(piece) > len(tail):
            return [piece[: -len(tail)], word] if word else [piece[: -len(tail)]]
    return [piece.replace("'", "")]
