"""What a clause denies: which means are not taken, how a thing does not behave; and what only sounds like a denial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.review.cues import (
    ADOPT,
    AGAIN,
    AGAIN_STRICTLY,
    AUXILIARY,
    BAD,
    CONTRAST,
    GIVES_UP,
    HARM_DONE,
    NEGATOR,
    PURPOSE,
    SKIP,
    SUBJECT,
    VERBS,
    pattern,
)
from core.review.reading import Reading, Stance
from core.review.tokens import Token

_DISMISSED = pattern("dismissed")
_NEEDLESS = pattern("needless")
_NO_DENIAL = pattern("no_denial")
_THOUGHT = re.compile(r"not (?:really )?(?:think|believe|see|feel)\b")
_WOULD = frozenset(("would", "could", "will", "might"))
_CONDITION = frozenset(("if", "when", "once", "until", "while", "unless"))
_OPPOSED = frozenset(("decided", "am", "are", "is", "was", "argued", "voted", "spoke", "be", "go", "went", "advise", "advised"))
_SAYING = frozenset(("say", "says", "said", "saying"))
_NOW_INSTEAD = frozenset(("just", "instead", "only", "simply", "then", "still"))
_NOT_DONE = frozenset(("no", "neither", "nobody", "avoid", "skip", "instead"))
_REACH = 40
"""Words. No denial reaches further."""


def deny(reading: Reading, words: Sequence[str], start: int, end: int) -> None:
    """Marks what the clause from `start` to `end` denies."""
    said = " ".join(words[start:end])
    dismissed = _DISMISSED.search(said)
    if dismissed and not (dismissed.start() < 12 and words[start] in ("it", "that", "this", "but")):
        reading.mark(Stance.REJECTED, start, end)
    if needless := _NEEDLESS.search(said):
        reading.mark(Stance.REJECTED, start + said[: needless.start()].count(" "), end)
    index = start
    while index < end:
        if words[index] in NEGATOR:
            index = _Denial(reading, words, start, end, index).mark()
        else:
            index += 1


@dataclass(frozen=True, slots=True)
class _Denial:
    """One word of denial in its clause."""

    reading: Reading
    words: Sequence[str]
    start: int
    end: int
    index: int

    @property
    def word(self) -> str:
        return self.words[self.index]

    @property
    def near_before(self) -> Sequence[str]:
        return self.words[max(self.start, self.index - 12) : self.index]

    def mark(self) -> int:
        """Marks what it reaches; the place to look on from."""
        if self._no_denial():
            return self.index + 1
        stop = self._stop()
        if not self._harmless(stop):
            self.reading.mark(Stance.REJECTED if self._own() or self._adopts(stop) else Stance.NEGATED, self.index, stop)
            if _THOUGHT.match(" ".join(self.words[self.index : self.index + 4])):
                self._carry(stop)
        return max(self.index + 1, stop) if self.word in ("instead", "rather") else self.index + 1

    def _no_denial(self) -> bool:
        """ "protects against", "say no", "not only", "if we cannot reach it", "without an index this would be slow"."""
        before = self.words[self.index - 1] if self.index else ""
        if (self.word == "against" and before not in _OPPOSED) or (self.word == "no" and before in _SAYING):
            return True
        following = self.words[self.index : min(self.end, self.index + _REACH)]
        if self.word == "without":
            unlike = self.index == self.start and not _WOULD.isdisjoint(following)
        else:
            unlike = self.words[self.start] in _CONDITION and sum(word in SUBJECT for word in self.near_before) < 2
        return unlike or bool(_NO_DENIAL.match(" ".join(following[:12])))

    def _stop(self) -> int:
        """It reaches to the end of its clause, or to an "and" that starts another deed."""
        words, end = self.words, min(self.end, self.index + _REACH)
        replaced = self.word in ("instead", "rather", "without", "against")
        for at in range(self.index + 2, end):
            if replaced and (words[at] in ("i", "we", ",") or (words[at] in SUBJECT and _verb(words, at + 1))):
                return at
            if words[at] == "and" and at + 1 < end:
                after = words[at + 1]
                if after in SUBJECT or after in _NOW_INSTEAD or (after in VERBS and words[at - 1] not in VERBS):
                    return at
        return end

    def _harmless(self, stop: int) -> bool:
        """ "nothing is lost", "never twice", "without waiting": keeping a harm away asserts something."""
        found = self.reading.tokens
        if self.word in GIVES_UP and not self._gives_up(stop):
            return True
        head = next((token for token in found[self.index + 1 : stop] if _carries(token)), None)
        if head is None:
            return self.word not in ("not", "no")
        if head.stem in ADOPT:
            return False
        harms = BAD
        if self._own():
            refused = self.words[self.index - 1] in ("would", "will")
            harms = (AGAIN_STRICTLY if refused else AGAIN) | (HARM_DONE if head.stem in HARM_DONE else frozenset())
        if any(_harm(found, at, harms) for at in range(self.index + 1, min(stop, self.index + 9))):
            return True
        return not self._own() and not PURPOSE.isdisjoint(self.words[max(self.start - 1, 0) : self.start + 1])

    def _own(self) -> bool:
        """Whether the speaker, or nobody in particular, is who does not do it."""
        return self.word in _NOT_DONE or not {"i", "we"}.isdisjoint(self.near_before[-4:])

    def _adopts(self, stop: int) -> bool:
        return any(token.stem in ADOPT for token in self.reading.tokens[self.index + 1 : min(stop, self.index + 4)])

    def _gives_up(self, stop: int) -> bool:
        """ "I would drop the alarm": somebody gives up a means; "drop the request whose caller has gone" is one."""
        if self.index > self.start and {"i", "we", "us"}.isdisjoint(self.near_before):
            return False
        if self.word in ("refuse", "refused"):
            return True
        if self.word in ("drop", "dropping"):
            return self._adopts(stop)
        return not any(token.stem in BAD for token in self.reading.tokens[self.index + 1 : min(stop, self.index + 9)])

    def _carry(self, stop: int) -> None:
        """ "I do not think that we need …": the denial goes on into what is thought."""
        for at in range(stop, min(len(self.words), stop + _REACH)):
            if self.words[at - 1] in ",;:" or self.words[at] in CONTRAST or self.words[at] in ",;:—–":
                return
            self.reading.mark(Stance.REJECTED, at, at + 1)


def _carries(token: Token) -> bool:
    return bool(token.stem) and token.word not in SKIP and token.word not in AUXILIARY


def _verb(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in AUXILIARY or words[at] in VERBS)


def _harm(found: Sequence[Token], at: int, harms: frozenset[str]) -> bool:
    """Whether a word names a harm; "per second" names none."""
    before = found[at - 1].word
    return found[at].stem in harms and not (found[at].word == "second" and (before in ("per", "each", "every") or before.isdigit()))
