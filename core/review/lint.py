"""What a good question holds, in plain sentences. It asks the reviewer itself whether the samples are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from core.questions.bank import COMPETENCIES, LEVELS, PRINCIPLES, Point, Question
from core.questions.words import stems
from core.review.compiled import Compiled, compiled
from core.review.evidence import sentences
from core.review.feedback import Status
from core.review.scoring import Finding, findings
from core.review.turns import read_answer

_ALIKE = 0.6
"""Share of words that two points, or of runs of words that two prompts, may have in common at most."""


def lint(question: Question) -> list[str]:
    """What is wrong with a question, one sentence each; empty where nothing is."""
    prepared = compiled(question)
    return [
        *_outside(question),
        *(f"Point {point.id}: {what}" for point in question.points for what in _point(point)),
        *_twins(question),
        *(f"Point {point.id}: {what}" for number, point in enumerate(question.points) for what in _found(prepared, number, point)),
    ]


def lint_bank(questions: Sequence[Question]) -> list[str]:
    """What is wrong among the questions of a bank, each of which may be fine by itself."""
    problems = [f"Two questions are called {id}." for id, count in Counter(question.id for question in questions).items() if count > 1]
    for one, other in combinations(questions, 2):
        if one.id != other.id and _overlap(_runs(one.prompt), _runs(other.prompt)) > _ALIKE:
            problems.append(f"The prompts of {one.id} and {other.id} are nearly the same.")
        if one.id != other.id and one.title.lower() == other.title.lower():
            problems.append(f"{one.id} and {other.id} have the same title.")
    present = {question.competency for question in questions}
    for competency in COMPETENCIES:
        of = [question for question in questions if question.competency == competency]
        for level in LEVELS:
            if competency in present and len(of) >= 5 and sum(level in question.levels for question in of) < 3:
                problems.append(f"{COMPETENCIES[competency]} has fewer than three questions for {LEVELS[level]}.")
    used = Counter(principle for question in questions for principle in question.principles)
    if len(questions) >= 2 * len(PRINCIPLES):
        problems += [f"No question looks at {name}." for slug, name in PRINCIPLES.items() if not used[slug]]
    return problems


# --- the question itself ------------------------------------------------------------------------------------------------


def _outside(question: Question) -> Iterator[str]:
    title, prompt = question.title.split(), question.prompt.split()
    if len(title) > 6:
        yield f"The title has {len(title)} words; six are the limit."
    if len(prompt) > 80:
        yield f"The prompt has {len(prompt)} words; eighty are the limit."
    asks = question.prompt.count("?")
    if asks > 1:
        yield "The prompt asks more than once; one ask comes last."
    elif question.competency != "leadership" and not question.prompt.rstrip().endswith(("?", ".")):
        yield "The prompt does not end in an ask."
    elif asks == 1 and not question.prompt.rstrip().endswith("?"):
        yield "The prompt goes on after its ask; the ask comes last."
    if not 6 <= len(question.points) <= 10:
        yield f"It has {len(question.points)} points; six to ten are right."
    if not question.facts:
        yield "It has no facts to tell somebody who asks."
    if not question.reviewed:
        yield "It has no review date."
    if not question.levels:
        yield "It suits no level."
    if sum(point.critical for point in question.points) > 2:
        yield "More than two points are critical."


def _point(point: Point) -> Iterator[str]:
    if not 1 <= len(point.name.split()) <= 7:
        yield "its name should have two to six words."
    if len(point.groups) < 2 or not all(point.groups):
        yield "it needs two groups of phrases, so that a term alone does not cover it."
    if len(point.exemplars) < 3:
        yield f"it has {len(point.exemplars)} exemplars; three are the least."
    if not point.anti:
        yield "it has no sentence that names the words and is wrong."
    if not point.bullet:
        yield "it has no bullet."
    elif len(point.bullet.split()) > 34:
        yield f"its bullet has {len(point.bullet.split())} words; thirty are enough."
    if not point.hints:
        yield "it has no hint."
    if point.probe.count("?") != 1 or not point.probe.rstrip().endswith("?"):
        yield "its probe should end in one question mark."
    for name, text in (("probe", point.probe), ("first hint", point.hints[0] if point.hints else "")):
        told = leak(point, text)
        if told:
            yield f'its {name} gives away "{told}".'


def leak(point: Point, text: str) -> str:
    """A phrase of the point's mechanism that a text gives away; only phrases of two words or more count."""
    said = stems(text)
    for phrase in point.groups[0] if point.groups else ():
        wanted = stems(phrase)
        if len(wanted) >= 2 and any(said[at : at + len(wanted)] == wanted for at in range(len(said))):
            return phrase
    return ""


def _twins(question: Question) -> Iterator[str]:
    for one, other in combinations(question.points, 2):
        if _overlap(set(stems(one.text)), set(stems(other.text))) > _ALIKE:
            yield f"Points {one.id} and {other.id} say nearly the same."


def _overlap(one: set[object] | set[str] | set[tuple[str, ...]], other: set[object] | set[str] | set[tuple[str, ...]]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    found = stems(text)
    return {tuple(found[at : at + 3]) for at in range(len(found) - 2)}


# --- what the reviewer makes of its samples -----------------------------------------------------------------------------


def _found(prepared: Compiled, number: int, point: Point) -> Iterator[str]:
    for exemplar in point.exemplars:
        shown = alone(prepared, exemplar)
        if shown[number].status is Status.MISSING:
            yield f'its exemplar "{_short(exemplar)}" is not found for it.'
        elif other := _before(prepared, shown, number):
            yield f'its exemplar "{_short(exemplar)}" is found for {other} before it.'
    for wrong in point.anti:
        if alone(prepared, wrong)[number].status is Status.COVERED:
            yield f'the wrong sentence "{_short(wrong)}" is called covered.'


def alone(prepared: Compiled, text: str) -> list[Finding]:
    """What one sample shows by itself, whatever it is copied from."""
    return findings(prepared, read_answer(sentences([text]), prepared.silent))


def _before(prepared: Compiled, shown: Sequence[Finding], number: int) -> str:
    own = shown[number]
    if own.status is Status.COVERED:
        return ""
    rivals: Iterable[int] = (at for at, finding in enumerate(shown) if at != number and finding.status is Status.COVERED)
    return next((prepared.question.points[at].id for at in rivals), "")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"
