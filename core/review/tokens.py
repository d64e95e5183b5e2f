"""Words of a sentence as the reviewer compares them. For comparing only: what is shown is always the sentence itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.questions.words import LITTLE, stem

_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһɡαεικνορτυχγʼ’‘′`“”″‐‑‒",
    "abekmhopctyxijsdqwhgaeiknoptuxy'''''\"\"\"---",
)
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[a-z]+(?:'[a-z]+)*|--+|[—–;:,()?!.\"]|(?<=\s)-(?=\s)|%")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_RE_WORD = re.compile(r"\bre-(?=[a-z]{3})")
_APART = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not", "dont": "do not", "doesnt": "does not",
    "cant": "can not", "wont": "will not", "isnt": "is not", "wouldnt": "would not", "didnt": "did not", "shouldnt": "should not", "im": "i am",
    "ive": "i have", "youd": "you would", "thats": "that is", "theres": "there is", "let's": "let us", "lets": "let us",
}  # fmt: skip
_IS = frozenset(["that's", "it's", "there's", "here's", "what's", "he's", "she's", "who's", "everything's", "nothing's", "one's"])
_TAILS = {"'d": "would", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "'s": ""}
_SPELLING = (("our", "or"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing"), ("isation", "ization"), ("yse", "yze"), ("ogue", "og"))
_KEEP = frozenset(["our", "four", "hour", "your", "pour", "tour", "sour", "otherwise", "raise", "noise", "rise", "wise", "exercise", "promise", "precise", "premise", "advertise", "praise", "cruise"])
NUMBERS = frozenset(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty", "thirty", "fifty", "hundred", "thousand", "million"])


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
    if word not in _KEEP and len(word) > 4:
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


_IRREGULAR = {
    form: base
    for base, forms in {
        "lose": "lost losing loses", "send": "sent sending sends", "resend": "resent resends resending", "keep": "kept", "hold": "held", "write": "wrote written writing",
        "read": "reading reads", "take": "took taken taking", "give": "gave given giving", "go": "went gone goes going", "come": "came comes coming",
        "tell": "told", "say": "said says", "know": "knew known", "break": "broke broken", "find": "found", "see": "saw seen", "pay": "paid pays",
        "build": "built", "run": "ran running", "begin": "began begun", "leave": "left leaving", "get": "got gotten getting", "put": "putting",
        "make": "made making", "think": "thought", "catch": "caught", "buy": "bought", "sell": "sold", "spend": "spent", "choose": "chose chosen choosing choice",
        "grow": "grew grown", "fall": "fell fallen", "drive": "drove driven", "hear": "heard", "mean": "meant", "meet": "met", "feel": "felt", "sleep": "slept",
        "wake": "woke woken waking wakes", "throw": "threw thrown", "stand": "stood", "understand": "understood", "forget": "forgot forgotten", "set": "setting",
        "index": "indices indexes indexed indexing", "slow": "slower slowly slowest slowed", "old": "older oldest", "new": "newer newest",
        "fast": "faster fastest", "cheap": "cheaper", "small": "smaller smallest", "big": "bigger biggest", "early": "earlier",
        "try": "tried tries trying", "retri": "retry retries retried retrying", "repli": "reply replies replied", "copi": "copy copies copied",
        "fail": "failure failures failed failing fails", "delet": "delete deletion deletions", "limit": "limits limited limiting limiter",
        "agre": "agree agreed agreement", "two": "twice", "same": "identical",
    }.items()
    for form in (*forms.split(), base)
}  # fmt: skip
