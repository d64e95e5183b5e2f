"""What is still open, what matters most of it, and how to ask for it without giving it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.interview.chains import DEEPER, STORY, Chain
from core.interview.course import PROBES
from core.interview.stages import Interview
from core.interview.wording import refuses
from core.questions.bank import Point, Question
from core.questions.cards import ORDER
from core.questions.words import stems, words
from core.review.evidence import split
from core.review.feedback import Feedback, Status, Verdict

OPEN = (Status.MISSING, Status.NOT_ASKED, Status.MAYBE)
CHECK = "story:"
"""Before a story check's id, where it stands for a point."""


@dataclass(frozen=True)
class Target:
    """One open thing, with what could be asked about it."""

    id: str
    asks: tuple[str, ...]
    """Questions not asked yet, first things first."""
    quotes: tuple[str, ...] = ()
    """The person's own sentences that came near it, best first."""


def targets(interview: Interview, question: Question, feedback: Feedback) -> list[Target]:
    """Everything open that may still be asked about, what matters most first."""
    found = [*_points(interview, question, feedback), *_checks(interview, question, feedback)]
    return [target for _, target in sorted(found, key=lambda pair: pair[0]) if target.asks]


Rank = tuple[bool, int, bool, int, int]
"""Maybe after missing; critical and heavy first; then what they just spoke of; then the lower level; then the question's order."""


def _points(interview: Interview, question: Question, feedback: Feedback) -> Iterator[tuple[Rank, Target]]:
    just_said = split(answers[-1]) if (answers := interview.answers(interview.at_part)) else ()
    for number, point in enumerate(question.points):
        verdict = feedback.verdict(point.id)
        level = ORDER.index(point.level)
        if verdict.status not in OPEN or level > ORDER.index(interview.level) or not _may_ask(interview, point.id):
            continue
        near = _near(verdict, feedback)
        chain = chain_of(point)
        quotes = (*near, *(_leaning(chain, feedback) if chain else ()))
        weight = 0 if point.critical else 4 - 2 * (point.weight - 1)
        rank = (verdict.status is Status.MAYBE, weight, not any(quote in just_said for quote in near), level, number)
        yield rank, Target(point.id, _fresh(interview, _ladder(question, point)), _quotable(interview, quotes))


def _checks(interview: Interview, question: Question, feedback: Feedback) -> Iterator[tuple[Rank, Target]]:
    """Story checks that failed and that no point of the question looks after."""
    if question.competency != "leadership":
        return
    shown = {check.id for check in feedback.story if check.shown}
    looked_after = {chain.check for point in question.points if (chain := chain_of(point))}
    for number, chain in enumerate(STORY):
        id = CHECK + chain.check
        if chain.check in shown or chain.check in looked_after or not _may_ask(interview, id):
            continue
        weight = 1 if chain.check in ("own", "number", "result") else 3
        yield (False, weight, False, 0, number), Target(id, _fresh(interview, chain.asks), _quotable(interview, _leaning(chain, feedback)))


def chain_of(point: Point) -> Chain | None:
    """The chain that is after the same thing as this point of a story question, by its name."""
    named = set(stems(f"{point.id.replace('-', ' ')} {point.name}"))
    return next((chain for chain in STORY if named & set(stems(" ".join(chain.kin)))), None)


def may_probe(interview: Interview, question: Question, id: str) -> bool:
    """Whether there is such a point or story check, and it may still be asked about."""
    known = id in question.by_point or (question.competency == "leadership" and id in {CHECK + chain.check for chain in STORY})
    return known and _may_ask(interview, id)


def _may_ask(interview: Interview, id: str) -> bool:
    return id not in interview.closed and interview.probes(interview.at_part)[id] < PROBES


# --- what to ask -----------------------------------------------------------------------------------------------------


def _ladder(question: Question, point: Point) -> list[str]:
    """The point's own probe; then one level down, from its first hint, or from what may be asked of anything technical."""
    rung = [hint for hint in point.hints[:1] if hint.endswith("?") and hint.count("?") == 1]
    general = DEEPER if question.competency != "leadership" else ()
    return [point.probe, *(text for text in (*rung, *general) if not gives_away(text, point))]


def gives_away(text: str, point: Point) -> bool:
    """Whether a text holds the point's name or a phrase of two words or more by which it is recognised."""
    low = " ".join(text.lower().split())
    phrases = [point.name, *(phrase for group in point.groups for phrase in group if " " in phrase)]
    return any(" ".join(phrase.lower().split()) in low for phrase in phrases)


def follow_ups(interview: Interview, question: Question) -> list[str]:
    """The question's own follow-ups that were not asked yet, in order of depth."""
    return list(_fresh(interview, question.probes))


def _fresh(interview: Interview, texts: Sequence[str]) -> tuple[str, ...]:
    said = {turn.ask for turn in interview.turns if turn.who == "interviewer"}
    return tuple(text for text in dict.fromkeys(texts) if text and text not in said)


# --- what to quote ---------------------------------------------------------------------------------------------------


def _near(verdict: Verdict, feedback: Feedback) -> list[str]:
    ids = [*verdict.sentences, *([verdict.near] if verdict.near else [])]
    return [feedback.sentence(id) for id in ids]


def _leaning(chain: Chain, feedback: Feedback) -> list[str]:
    found: list[str] = []
    for check in chain.leans_on:
        if check == "team":
            found += [item.text for item in feedback.sentences if "we" in item.text.lower().split()]
        else:
            found += [feedback.sentence(id) for item in feedback.story if item.id == check for id in reversed(item.sentences)]
    return found


def _quotable(interview: Interview, sentences: Sequence[str]) -> tuple[str, ...]:
    """Statements of some length that were not quoted before."""
    quoted = {turn.quote for turn in interview.turns}
    return tuple(text for text in sentences if text not in quoted and "?" not in text and len(words(text)) >= 4 and not refuses(text))
