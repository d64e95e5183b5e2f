"""The four habits of the prep playbook, the four pitfalls beside them, and the pitfalls of a question, as checks on an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from core.questions.bank import Question
from core.review.cues import pattern
from core.review.feedback import Habit, PitfallHit
from core.review.phrases import Phrasebook
from core.review.playbook import HABITS, PITFALLS
from core.review.reading import Reading, Stance

_CLARIFY = pattern("clarify")
_COMPARE = pattern("compare")
_PRODUCTION = pattern("production")
_OPERATE = pattern("operate")
_FAILURE = pattern("failure")
_TOOLS = pattern("tool")
_WHY = pattern("why")
_DATA = pattern("data")
_CONCRETE = re.compile(r"\d|\b(?:half|twice|two|three|four|five|ten|twenty|hundred|thousand|percent|(?:second|minute|hour|week|day)s?)\b")
_AMPLE = 110  # words; below that, absence shows nothing


def habits(readings: Sequence[Reading]) -> tuple[Habit, ...]:
    """The four habits, each with the sentences in which it showed."""
    texts = [(reading, text_of(reading)) for reading in readings]

    def where(test: Callable[[str], object], loosest: Stance = Stance.HEDGED) -> tuple[int, ...]:
        return tuple(reading.id for reading, text in texts if test(text) and _firmest(reading) <= loosest)[:3]

    found = {
        "clarify": where(_CLARIFY.search, Stance.ASKED),
        "compare": where(_COMPARE.search, Stance.ATTRIBUTED),
        "production": where(_PRODUCTION.search),
        "operate": where(_OPERATE.search),
    }
    return tuple(Habit(id=id, shown=bool(found[id]), sentences=found[id]) for id in HABITS)


def pitfalls(question: Question, readings: Sequence[Reading]) -> tuple[PitfallHit, ...]:
    """The question's own pitfalls and the playbook's. A false alarm is worse than silence."""
    return (*_of_question(question, readings), *_of_playbook(question, readings))


def _of_question(question: Question, readings: Sequence[Reading]) -> list[PitfallHit]:
    hits = []
    for pitfall in question.pitfalls:
        if not pitfall.groups:
            continue
        book = Phrasebook((number, phrase) for number, group in enumerate(pitfall.groups) for phrase in group)
        for reading in readings:
            met = {hit.key for hit in book.find(reading) if hit.stance is Stance.ASSERTED}
            if len(met) == len(pitfall.groups):
                hits.append(PitfallHit(id=pitfall.id, text=pitfall.text, sentences=(reading.id,)))
                break
    return hits


def _of_playbook(question: Question, readings: Sequence[Reading]) -> list[PitfallHit]:
    if question.competency == "leadership":
        return []
    texts = {reading.id: text_of(reading) for reading in readings}
    found: dict[str, tuple[int, ...]] = {}
    naming = [id for id, text in texts.items() if _TOOLS.search(text)]
    named = {tool for id in naming for tool in _TOOLS.findall(texts[id])}
    if len(named) >= 3 and not any(_WHY.search(texts[id]) for id in naming):
        found["tool-names"] = tuple(naming[:3])
    whole = " ".join(texts.values())
    if len(whole.split()) >= _AMPLE:
        found |= dict.fromkeys(_absent(question.competency, whole), ())
    return [PitfallHit(id=id, text=PITFALLS[id], sentences=found[id]) for id in PITFALLS if id in found]


def _absent(competency: str, whole: str) -> Iterator[str]:
    """The pitfalls that show in what an ample answer does not say."""
    if not _FAILURE.search(whole) and competency in ("design", "reliability"):
        yield "happy-path"
    if not _DATA.search(whole) and competency in ("design", "api_data"):
        yield "no-data-model"
    if not any(test.search(whole) for test in (_CONCRETE, _OPERATE, _PRODUCTION, _FAILURE, _DATA)):
        yield "abstract"


def _firmest(reading: Reading) -> Stance:
    return min((stance for token, stance in zip(reading.tokens, reading.stances, strict=True) if token.stem), default=Stance.RETRACTED)


def text_of(reading: Reading) -> str:
    """A sentence's words in plain lower case, for the patterns here; of a run-on its first two hundred."""
    return " ".join(token.word for token in reading.tokens[:200])
