"""Clarifying questions: what the interviewer knows about a question's scenario, told only when asked, never made up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.questions.bank import Fact, Question
from core.questions.words import stems, words


@dataclass(frozen=True)
class FactAnswer:
    """What a text asks, and what is known about it."""

    said: tuple[Fact, ...] = ()
    """Facts that answer it, in the order asked."""
    unknown: tuple[str, ...] = ()
    """What else was asked, each as `topic` names it: there is no fact on it."""
    is_question: bool = False
    only_question: bool = False
    """Whether nothing in it is an answer."""
    leave: bool = False
    """It asks whether one may: start somewhere, go deeper, leave something out."""
    again: bool = False
    """It asks to hear the question once more."""


def answer_facts(question: Question, text: str) -> FactAnswer:
    """Read a text as clarifying questions.

    A question inside an answer that no fact answers is taken as a figure of speech, unless the text ends with it.
    """
    pieces = [_Piece(piece) for piece in _pieces(text)]
    asking = [piece for piece in pieces if piece.asks]
    if not asking:
        return FactAnswer()
    alone = not any(piece.states for piece in pieces)
    said: list[Fact] = []
    unknown: list[str] = []
    leave = again = False
    for piece in asking:
        for part in piece.parts:
            if _LEAVE.match(part):
                leave = True
            elif fact := _fact(question, part):
                said += [] if fact in said else [fact]
            elif _AGAIN.search(part):
                again = True
            elif _YOU.match(part):
                leave = True
            elif alone or (piece is pieces[-1] and not piece.states):
                unknown.append(topic(part))
    return FactAnswer(tuple(said), tuple(dict.fromkeys(unknown)), True, alone, leave, again)


# --- which sentences ask ---------------------------------------------------------------------------------------------

_PIECE = re.compile(r"[^.?!\n]*(?:[.](?=\S)[^.?!\n]*)*[.?!]*")
_FILLER = r"(?:(?:and|but|so|also|then|ok|okay|sure|well|hi|hello|thanks|first|just|quick question|one question|question)\b[,:.]?\s+)*"
_BEGINS = re.compile(
    rf"{_FILLER}(?:how (?:many|much|often|long|big|large|fast|fresh|old|late|far|quickly|soon|do|does|is|are|should|can)\b"
    r"|what (?:is|are|was|about|kind|sort|size|happens|do|does|should|can)\b"
    r"|which \w+ (?:is|are|do|does|should|can|will|has|have)\b"
    r"|(?:is|are|do|does|can|could|will|would|should|may|must|has|have)"
    r" (?:the|there|we|i|you|they|it|this|that|these|customers|users|any|all)\b)",
    re.IGNORECASE,
)
_DOES = re.compile(r"\b(?:i|we)(?:'d|’d|'ll|’ll| would| will| assume| store| use| put)\b", re.IGNORECASE)
_CHECKING = re.compile(
    r"\W*(?:does (?:that|this|it) (?:make sense|sound (?:ok|right))|make sense|is (?:that|this) (?:clear|ok|okay|right|correct)"
    r"|am i right|right|ok|okay|yes|no|you know|isn['’]?t it|fair|agreed?|clear)\W*$",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\W*(?:ok|okay|sure|thanks|thank you|hi|hello|great|good|right|let me (?:ask|clarify|start by asking|first)|before i|first|may i ask"
    r"|i (?:have|['’]ve got|got) (?:a|one|two|some|a few)|(?:a few|some|two|one|a couple of) questions?"
    r"|i(?:['’]d| would) like to (?:know|ask|clarify))\b",
    re.IGNORECASE,
)
_LONGEST_UNMARKED = 14  # words: a question without its mark is short


def _pieces(text: str) -> list[str]:
    return [piece for match in _PIECE.finditer(text) if words(piece := match.group().strip())]


class _Piece:
    """One sentence."""

    def __init__(self, text: str) -> None:
        self.text = text
        count = len(words(text))
        marked = text.endswith("?") and not _CHECKING.match(text)
        plain = bool(_BEGINS.match(text)) and "," not in text and not _DOES.search(text)
        self.asks = marked or (plain and count <= _LONGEST_UNMARKED)
        courtesy = count < 4 or (bool(_COURTESY.match(text)) and count <= 12)
        self.states = (bool(_DOES.search(text)) and not _BEGINS.match(text)) or not (self.asks or courtesy)

    @property
    def parts(self) -> Iterator[str]:
        """The questions in it: "how many a second, and how fresh must it be" are two."""
        for part in _AND.split(self.text):
            bare = _OPENING.sub("", part).strip(" ,;:?!.\t")
            if words(bare) and not _CHECKING.match(bare):
                yield bare


_AND = re.compile(
    r",?\s+(?:and|or)\s+(?=(?:how|what|which|who|where|when|is|are|do|does|can|could|should|will)\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    rf"^\W*{_FILLER}(?:(?:can|could|may|would|will) (?:you|i) (?:please )?(?:tell me|say|ask|know|share|give me (?=a |an |the |some ))"
    r"|do you know|tell me|i(?:['’]d| would) like to (?:know|ask))?\W*",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:repeat|rephrase|say (?:that|it) again|once more|what do you mean|what did you (?:ask|mean|say)|understand the question)\b",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"(?:should|shall|can|could|may|do you want me to|is it (?:ok|okay|fine) if|am i allowed to|would you like me to)\b\s?(?:i|we)?\s?"
    r"(?:start|begin|go|dive|draw|write|focus|skip|leave|cover|talk|explain|design|continue|move|take|keep it|ignore)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"(?:can|could|will|would) you\b", re.IGNORECASE)

# --- what is known ---------------------------------------------------------------------------------------------------

_SAME = {"qps": "per second", "rps": "per second", "tps": "per second", "throughput": "traffic"}
_ASKING = frozenset(stems("how many much long often which what"))
"""Stems that say how one asks, not what about."""


def _fact(question: Question, asked: str) -> Fact | None:
    """The fact of which the question says most; None where no phrase of any fact stands in it."""
    said = set(stems(" ".join([asked, *(_SAME[word] for word in words(asked.lower()) if word in _SAME)])))
    scored = [(score, -number) for number, fact in enumerate(question.facts) if (score := _score(fact.ask, said))]
    return question.facts[-max(scored)[1]] if scored else None


def _score(phrases: Sequence[str], said: set[str]) -> float:
    """How much of the phrases was said: the best one counts, the others break a tie. A phrase of three may lack one."""
    scores = [0.0]
    for phrase in phrases:
        wanted = set(stems(phrase)) or {word.lower() for word in words(phrase)}
        met = wanted & said
        if not met - _ASKING or (met != wanted and (len(wanted) < 3 or len(met - _ASKING) < 2)):
            continue
        scores.append(len(met) if met == wanted else len(met) / 2)
    return max(scores) + sum(scores) / 100


# --- what is not -----------------------------------------------------------------------------------------------------

_NOUN = re.compile(
    r"(?:(?:which|what|how (?:many|much))"
    r"(?! (?:is|are|was|were|do|does|did|can|could|should|will|would|about|if|happens|kinds?|sorts?|the|an?|of)\b) (?P<after>[\w-]+)\b.*"
    r"|(?:(?:what|who|where)(?: is|['’]s| are| about)|(?:is|are) there|do we (?:have|need))(?: any| a| an)? (?P<rest>(?:[\w-]+ ?){1,4}))",
    re.IGNORECASE,
)


_LONGEST_QUOTED = 12  # words


def topic(asked: str) -> str:
    """What a question is about, in its words: the thing where it is plain, else the whole question between quotes where it is short."""
    match = _NOUN.fullmatch(asked)
    if match:
        return match["after"] or match["rest"]
    return f"“{asked}”" if len(words(asked)) <= _LONGEST_QUOTED else "that"
