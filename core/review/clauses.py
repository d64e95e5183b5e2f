"""The scope reader: what a sentence asserts, and what it only denies, supposes, reports, lists or asks.

Every word of a sentence gets a stance. A phrase counts only where its words are asserted, so "some would use a queue, we do
not need one" is no evidence for the queue, while "so that no two updates clash" stays evidence for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.review.cues import AUXILIARY, BOUNDARY, CONTRAST, HEDGE_REACH, SUBJECT, TELLING, VERBS, pattern
from core.review.denial import deny
from core.review.reading import Reading, Stance
from core.review.tokens import Token, tokens

_CONDITION = pattern("condition")
_SUPPOSED = pattern("supposed")
_IF = pattern("if_then")
_MODAL = re.compile(r"\b(?:might|could|would|may)\b")
_ATTRIBUTED = pattern("attributed")
_OTHERS_DO = pattern("others_do")
_HEDGE = pattern("hedge")
_AGREED = pattern("agreed")
_REACH = 40
_LONGEST = 120
"""Words. Nothing reaches further in a text without marks."""


def read(id: int, text: str) -> Reading:
    """One sentence by itself; `core.review.turns` adds what the sentences around it do to it."""
    found = tokens(text)
    reading = Reading(id, found, [Stance.ASSERTED] * len(found))
    if found:
        reading.starts = _starts(found)
        words = [token.word for token in found]
        segments = _segments(words, reading.starts)
        for start, end in segments:
            _suppose(reading, words, start, end)
        for start, end in _pairs(reading.starts, len(words)):
            deny(reading, words, start, end)
        if words[-1] == "?" or (len(words) > 1 and words[-2] == "?"):
            reading.mark(Stance.ASKED, _last_break(words, segments[-1][0]))
        if listing(words):
            reading.mark(Stance.LISTED)
    return reading


# --- where clauses begin ------------------------------------------------------------------------------------------------


def _starts(found: Sequence[Token]) -> list[int]:
    starts = [0]
    words = [token.word for token in found]
    for index, word in enumerate(words):
        if index == 0 or starts[-1] == index:
            continue
        before = words[index - 1]
        if before == ",":
            begins = word in BOUNDARY or _new_clause(words, index)
        else:
            joined = word in ("and", "or", "then") and index + 1 < len(words) and words[index + 1] in SUBJECT
            begins = before in ";:()—–-?!" or before.startswith("--") or joined or (word in BOUNDARY and not _glued(words, index))
        if begins or index - starts[-1] >= _LONGEST:
            starts.append(index)
    return starts


def _glued(words: Sequence[str], index: int) -> bool:
    """Boundary words that here belong to what stands before: "so far", "not since", "even if", "and so on"."""
    word, before = words[index], words[index - 1]
    after = words[index + 1] if index + 1 < len(words) else ""
    if word == "so":
        return before in ("do", "and", "or", "not") or after in ("far", "on", "many", "much")
    if word == "but":
        return before in ("nothing", "all", "anything") or after == "also"
    return word == "rather" and after != "than"


def _new_clause(words: Sequence[str], index: int) -> bool:
    """Whether what follows a comma has a subject and a verb of its own."""
    at = index + 1 if words[index] in ("and", "or", "then", "but", "so") else index
    if at >= len(words):
        return False
    if words[at] in SUBJECT or words[at] in ("then", "instead", "not", "never", "no", "always", "only", "just"):
        return True
    for later in range(at, min(at + 6, len(words))):
        if words[later] in ",;:":
            return False
        if words[later] in AUXILIARY or (words[later] in VERBS and later > at and words[later - 1] not in _BEFORE_NOUN):
            return True
    return False


_BEFORE_NOUN = frozenset(["a", "an", "the", "or", "and", "no", "any", "of", "for", "with", "to", "its", "our", "their"])


def _pairs(starts: Sequence[int], length: int) -> list[tuple[int, int]]:
    return list(zip(starts, [*starts[1:], length], strict=True))


def _segments(words: Sequence[str], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Clauses between turns of thought: "but", "however", "instead", ";", or ", I" after somebody else."""
    cuts = [0]
    for start in starts[1:]:
        head = words[start] if words[start] not in ("and", "so") or start + 1 >= len(words) else words[start + 1]
        own = head in ("i", "we", "here", "our", "my") or words[start] in CONTRAST
        if own or words[start - 1] == ";" or head in CONTRAST or start - cuts[-1] >= _LONGEST:
            cuts.append(start)
    return _pairs(cuts, len(words))


def _last_break(words: Sequence[str], start: int) -> int:
    for index in range(len(words) - 2, start, -1):
        if words[index] in ".;:?!—–":
            return index + 1
    return start


# --- supposed, reported, hedged -----------------------------------------------------------------------------------------


def _suppose(reading: Reading, words: Sequence[str], start: int, end: int) -> None:
    text = " ".join(words[start:end])
    if start > 0 and _supposing_if(words, start):
        reading.mark(Stance.SUPPOSED, start, end)
    if _supposes(text):
        reading.mark(Stance.SUPPOSED, start, end)
        if _conditional(text):
            _around(reading, words, start, end)
    elif start == 0 and _OTHERS_DO.match(" ".join(words[: end + _REACH])) and not _agreed(words, end):
        reading.mark(Stance.ATTRIBUTED, start, end)
    elif (reported := _ATTRIBUTED.search(text)) and not _agreed(words, end):
        reading.mark(Stance.ATTRIBUTED, start + text[: reported.start()].count(" "), end)
    elif end - start <= HEDGE_REACH and _HEDGE.search(text):
        reading.mark(Stance.HEDGED, start, end)


def _supposes(text: str) -> bool:
    return bool(_SUPPOSED.search(text)) or _conditional(text)


def _conditional(text: str) -> bool:
    return bool(_CONDITION.search(text)) or (" if " in f" {text}" and bool(_MODAL.search(text)) and bool(_IF.search(text)))


def _supposing_if(words: Sequence[str], start: int) -> bool:
    """`, I might …` after "if it were bigger": the condition rules what follows it, up to a contrast."""
    if words[start] in CONTRAST or words[start - 1] in ";—–":
        return False
    before = " ".join(words[max(0, start - _REACH) : start])
    tail = re.split(r"[;—–]|\b(?:but|however|although|though|whereas)\b", before)[-1]
    return _conditional(tail)


def _around(reading: Reading, words: Sequence[str], start: int, end: int) -> None:
    """`I might … if it were bigger`: the condition rules what stands before it, back to a contrast."""
    index = start - 1
    while index >= 0 and words[index] not in (";", "—", "–") and words[index] not in CONTRAST:
        reading.mark(Stance.SUPPOSED, index, index + 1)
        index -= 1


def _agreed(words: Sequence[str], end: int) -> bool:
    return bool(_AGREED.match(" ".join(words[end : end + 6])))


# --- lists --------------------------------------------------------------------------------------------------------------


def listing(words: Sequence[str]) -> bool:
    """Many names in a row and hardly a verb: a list of terms, not an explanation."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in (",", ";", "(", ")", "—", "–", "-", ":", ".") or (word == "and" and len(parts) > 1):
            parts.append([])
        elif word not in ("?", "!", '"'):
            parts[-1].append(word)
    parts = [part for part in parts if part]
    if not parts:
        return False
    bare = sum(not any(word in AUXILIARY or word in VERBS or word in SUBJECT for word in part) and len(part) <= 5 for part in parts)
    if len(parts) >= 5:
        return bare >= max(4, 0.7 * len(parts))
    names = not any(word in SUBJECT or word in AUXILIARY or word in VERBS or word in TELLING or word[0].isdigit() for word in words)
    return names and 1 <= sum(word[0].isalnum() for word in words) <= 10
