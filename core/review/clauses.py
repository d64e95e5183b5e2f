"""The scope reader: what a sentence asserts, and what it only denies, supposes, reports, lists or asks.

Every word of a sentence gets a stance. A phrase counts only where its words are asserted, so "some would use a queue, we do
not need one" is no evidence for the queue, while "so that no two updates clash" stays evidence for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from core.review.cues import (
    ADOPT,
    AGAIN,
    AUXILIARY,
    BAD,
    BOUNDARY,
    CONTRAST,
    GIVES_UP,
    HEDGE_REACH,
    NEGATOR,
    PURPOSE,
    SKIP,
    SUBJECT,
    VERBS,
    pattern,
)
from core.review.cues import (
    words as listed_words,
)
from core.review.tokens import Token, tokens

_CONDITION = pattern("condition")
_SUPPOSED = pattern("condition", "supposed")
_ATTRIBUTED = pattern("attributed")
_HEDGE = pattern("hedge")
_DISMISSED = pattern("dismissed")
_NO_DENIAL = pattern("no_denial")
_AGREED = pattern("agreed")


class Stance(IntEnum):
    """What a word's clause does with what it says; the smaller, the firmer."""

    ASSERTED = 0
    HEDGED = 1
    """"I might", "maybe", "not sure, but"."""
    LISTED = 2
    """One of many names in a row."""
    ASKED = 3
    SUPPOSED = 4
    """Only in another world: "if it were bigger", "one could"."""
    ATTRIBUTED = 5
    """What somebody else would do or say."""
    NEGATED = 6
    """How a thing does not behave: "the stamp never changes"."""
    REJECTED = 7
    """A means that is not taken: "we do not need a queue"."""
    RETRACTED = 8


@dataclass(slots=True)
class Reading:
    """A sentence, word for word, with the stance of each."""

    id: int
    tokens: tuple[Token, ...]
    stances: list[Stance]
    starts: list[int] = field(default_factory=list)
    """Where its clauses begin."""

    def mark(self, stance: Stance, start: int = 0, end: int | None = None) -> None:
        """Weaken the words from `start` to `end` to at least this stance."""
        for index in range(start, len(self.stances) if end is None else end):
            self.stances[index] = max(self.stances[index], stance)

    @property
    def stems(self) -> list[str]:
        """The stems that carry meaning."""
        return [token.stem for token in self.tokens if token.stem]


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
            _negate(reading, words, start, end)
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
        if begins:
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
    if words[at] in SUBJECT or words[at] in ("then", "instead", "not", "never", "no"):
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
        if own or words[start - 1] == ";" or head in CONTRAST:
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
    if _SUPPOSED.search(text):
        reading.mark(Stance.SUPPOSED, start, end)
        if _CONDITION.search(text):
            _around(reading, words, start, end)
    elif (reported := _ATTRIBUTED.search(text)) and not _agreed(words, end):
        reading.mark(Stance.ATTRIBUTED, start + text[: reported.start()].count(" "), end)
    elif end - start <= HEDGE_REACH and _HEDGE.search(text):
        reading.mark(Stance.HEDGED, start, end)


def _supposing_if(words: Sequence[str], start: int) -> bool:
    """`, I might …` after "if it were bigger": the condition rules what follows it, up to a contrast."""
    if words[start] in CONTRAST or words[start - 1] in ";—–":
        return False
    before = " ".join(words[:start])
    tail = re.split(r"[;—–]|\b(?:but|however|although|though|whereas)\b", before)[-1]
    return bool(_CONDITION.search(tail))


def _around(reading: Reading, words: Sequence[str], start: int, end: int) -> None:
    """`I might … if it were bigger`: the condition rules what stands before it, back to a contrast."""
    index = start - 1
    while index >= 0 and words[index] not in (";", "—", "–") and words[index] not in CONTRAST:
        reading.mark(Stance.SUPPOSED, index, index + 1)
        index -= 1


def _agreed(words: Sequence[str], end: int) -> bool:
    return bool(_AGREED.match(" ".join(words[end : end + 6])))


# --- denied -------------------------------------------------------------------------------------------------------------


def _negate(reading: Reading, words: Sequence[str], start: int, end: int) -> None:
    dismissed = _DISMISSED.search(" ".join(words[start:end]))
    if dismissed and not (dismissed.start() < 12 and words[start] in ("it", "that", "this", "but")):
        reading.mark(Stance.REJECTED, start, end)
    condition = words[start] in ("if", "when", "once", "until", "while", "unless")
    index = start
    while index < end:
        if words[index] not in NEGATOR:
            index += 1
            continue
        rest = words[index : min(end, index + _REACH)]
        text = " ".join(rest[:6])
        shield = words[index] == "against" and words[index - 1] not in _OPPOSED
        supposing = condition and words[index] != "without" and sum(word in SUBJECT for word in words[start:index]) < 2
        if shield or supposing or _NO_DENIAL.match(text):
            index += 1
            continue
        if words[index] == "without" and index == start and re.search(r"\b(?:would|could|will|might)\b", " ".join(rest)):
            index += 1
            continue
        stop = _scope_end(words, index, end)
        if not _harmless(reading.tokens, words, start, index, stop):
            own = _own(words, start, index) or _adopts(reading.tokens, index, stop)
            reading.mark(Stance.REJECTED if own else Stance.NEGATED, index, stop)
            if re.match(r"not (?:really )?(?:think|believe|see|feel)\b", text):
                _carry(reading, words, stop)
        index = max(index + 1, stop if words[index] in ("instead", "rather") else index + 1)


_REACH = 40
"""Words. No denial reaches further."""
_OPPOSED = frozenset(["decided", "am", "are", "is", "was", "argued", "voted", "spoke", "be", "go", "went", "advise", "advised"])


_NOW_INSTEAD = frozenset(("just", "instead", "only", "simply", "then", "still"))
_NOT_DONE = frozenset(("no", "neither", "nobody", "avoid", "skip", "instead"))


def _verb(word: str) -> bool:
    return word in AUXILIARY or word in VERBS


def _scope_end(words: Sequence[str], index: int, end: int) -> int:
    """A denial reaches to the end of its clause, or to an "and" that starts another deed."""
    replaced = words[index] in ("instead", "rather", "without", "against")
    end = min(end, index + _REACH)
    for at in range(index + 2, end):
        if replaced and (words[at] in ("i", "we", ",") or (words[at] in SUBJECT and words[at + 1 : at + 2] and _verb(words[at + 1]))):
            return at
        if words[at] == "and" and at + 1 < end:
            after = words[at + 1]
            if after in SUBJECT or after in _NOW_INSTEAD or (after in VERBS and words[at - 1] not in VERBS):
                return at
    return end


def _harmless(found: Sequence[Token], words: Sequence[str], start: int, index: int, stop: int) -> bool:
    """"nothing is lost", "never twice", "without waiting": keeping a harm away asserts something."""
    head = next((token for token in found[index + 1 : stop] if token.stem and token.word not in SKIP and token.word not in AUXILIARY), None)
    if words[index] in GIVES_UP and not _gives_up(found, words, start, index, stop):
        return True
    if head is None:
        return words[index] not in ("not", "no")
    if head.stem in ADOPT:
        return False
    harms = AGAIN if _own(words, start, index) and head.stem not in BAD else BAD
    if any(token.stem in harms for token in found[index + 1 : min(stop, index + 9)]):
        return True
    return words[start] in PURPOSE or (start > 0 and words[start - 1] in PURPOSE)


def _own(words: Sequence[str], start: int, index: int) -> bool:
    """Whether the speaker, or nobody in particular, is who does not do it."""
    return words[index] in _NOT_DONE or any(word in ("i", "we") for word in words[max(start, index - 4) : index])


def _adopts(found: Sequence[Token], index: int, stop: int) -> bool:
    return any(token.stem in ADOPT for token in found[index + 1 : min(stop, index + 4)])


def _gives_up(found: Sequence[Token], words: Sequence[str], start: int, index: int, stop: int) -> bool:
    """"I would drop the alarm": somebody gives up a means; "drop the request whose caller has gone" is one."""
    speaker = any(word in ("i", "we", "us", "i'd") for word in words[start:index]) or index == start
    if not speaker:
        return False
    if words[index] in ("refuse", "refused"):
        return True
    if words[index] in ("drop", "dropping"):
        return any(token.stem in ADOPT for token in found[index + 1 : min(stop, index + 4)])
    return not any(token.stem in BAD for token in found[index + 1 : min(stop, index + 9)])


def _carry(reading: Reading, words: Sequence[str], stop: int) -> None:
    """"I do not think that we need …": the denial goes on into what is thought."""
    if words[stop - 1] in ",;:":
        return
    for at in range(stop, len(words)):
        if words[at] in CONTRAST or words[at] in ",;:—–":
            return
        reading.mark(Stance.REJECTED, at, at + 1)


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
        return bare >= max(4, 0.6 * len(parts))
    names = not any(word in SUBJECT or word in AUXILIARY or word in VERBS or word in _TELLING or word[0].isdigit() for word in words)
    return names and 1 <= sum(word[0].isalnum() for word in words) <= 10


_TELLING = listed_words("telling")
"""Words that make more of a sentence than a row of names."""
