"""Levels and a practice vote, computed from verdicts: code does the sums, no model is asked for one.

A practice signal, not Amazon's scoring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from core.chat import Frozen
from core.questions.bank import COMPETENCIES, Level, Point, Question
from core.questions.cards import ORDER
from core.review.feedback import Feedback, Status

Vote = Literal["Strong yes", "Yes", "Lean yes", "Lean no", "No"]

WORTH: Mapping[Status, float] = {Status.COVERED: 1.0, Status.MAYBE: 0.5, Status.CLAIMED: 0.5, Status.MISSING: 0.0}
"""What a point counts; one that was not asked counts nothing, for or against. A claim is a claim: it counts as half, as *maybe* does."""
LEAST = 3
"""Points that have to be observed before anything is said of a competency."""
HALF = 0.5
"""Share of what a round is about that has to be observed before there is a vote."""
STEPS: Sequence[tuple[float, int]] = ((0.85, 4), (0.6, 3), (0.35, 2), (0.0, 1))
"""From which share of the weight on a level is reached."""
VOTES: Sequence[tuple[float, Vote]] = ((0.85, "Strong yes"), (0.7, "Yes"), (0.55, "Lean yes"), (0.35, "Lean no"), (0.0, "No"))
CAP: Vote = "Lean no"
"""The most that is left where a critical point was missed."""


class Standing(Frozen):
    """How one competency stood."""

    competency: str
    level: int | None
    """1 to 4; None where too little of it was observed."""
    observed: int
    """Points that were asked about or touched."""
    share: float
    """Of their weight, how much was shown: 0 to 1."""


class Ballot(Frozen):
    """A practice vote and what it rests on."""

    vote: Vote | None
    """None where too little was observed for one."""
    standings: tuple[Standing, ...]
    strongest: tuple[str, ...] = ()
    """The heaviest points that were covered, by name."""
    missed: tuple[str, ...] = ()
    """Critical points that were missed, by name: each of them caps the vote."""


def ballot(reviewed: Sequence[tuple[Question, Feedback]], level: Level, main: Collection[str] | None = None) -> Ballot:
    """The vote over everything that was reviewed. Points above `level` count nowhere.

    `main`: ids of the questions that the round is about; None: all of them. There is no vote before half of their weight was observed,
    every critical point of theirs with it.
    """
    weighed = [(of, point, read.verdict(point.id).status) for of, read in reviewed for point in expected(of, level)]
    seen = [item for item in weighed if item[2] in WORTH]
    names = [name for name in COMPETENCIES if any(of.competency == name for of, _, _ in weighed)]
    standings = tuple(_standing(name, [(point, status) for of, point, status in seen if of.competency == name]) for name in names)
    missed = tuple(point.name for _, point, status in seen if point.critical and status is Status.MISSING)
    covered = [point for _, point, status in seen if status is Status.COVERED]
    covered.sort(key=lambda point: (not point.critical, -point.weight))
    return Ballot(
        vote=_vote([(point, status) for _, point, status in seen], capped=bool(missed)) if _enough(weighed, main) else None,
        standings=standings,
        strongest=tuple(point.name for point in covered[:3]),
        missed=missed,
    )


def _enough(weighed: Sequence[tuple[Question, Point, Status]], main: Collection[str] | None) -> bool:
    about = [(point, status) for of, point, status in weighed if main is None or of.id in main]
    observed = sum(point.weight for point, status in about if status in WORTH)
    unseen = any(point.critical and status not in WORTH for point, status in about)
    return bool(about) and not unseen and observed >= HALF * sum(point.weight for point, _ in about)


def expected(question: Question, level: Level) -> list[Point]:
    """The points that this level has to know."""
    return [point for point in question.points if ORDER.index(point.level) <= ORDER.index(level)]


def _standing(competency: str, seen: Sequence[tuple[Point, Status]]) -> Standing:
    share = _share(seen)
    level = next(step for least, step in STEPS if share >= least) if len(seen) >= LEAST else None
    return Standing(competency=competency, level=level, observed=len(seen), share=round(share, 3))


def _share(seen: Sequence[tuple[Point, Status]]) -> float:
    whole = sum(point.weight for point, _ in seen)
    return sum(point.weight * WORTH[status] for point, status in seen) / whole if whole else 0.0


def _vote(seen: Sequence[tuple[Point, Status]], *, capped: bool) -> Vote | None:
    if len(seen) < LEAST:
        return None
    order = [vote for _, vote in VOTES]
    share = _share(seen)
    vote = next(vote for least, vote in VOTES if share >= least)
    return order[max(order.index(vote), order.index(CAP))] if capped else vote
