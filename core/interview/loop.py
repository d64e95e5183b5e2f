"""A full loop: four rounds by different interviewers, whose votes are locked one by one and shown together at the end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Self

from pydantic import AwareDatetime

from core.chat import Frozen, Person, Place
from core.errors import IllegalStep
from core.interview.plan import STORY_SECONDS
from core.interview.turns import Part
from core.questions.bank import Bank, Competency, Level, Question
from core.questions.words import stems
from core.records import Record
from core.review.levels import Ballot

ROLES: tuple[tuple[str, Competency, str], ...] = (
    ("Hiring manager", "design", "neutral"),
    ("Senior engineer", "api_data", "sceptical"),
    ("Peer engineer", "reliability", "silent"),
    ("Bar raiser", "execution", "warm"),
)
"""Who asks about what, and how they speak. Roles, not people."""
ALIKE = 0.45
"""Share of words with meaning, of the shorter one, from which on two stories are the same one told twice."""
LEAST_WORDS = 12


class Round(Frozen):
    """One interviewer's hour."""

    role: str
    round: Competency
    persona: str
    principles: tuple[str, ...]
    parts: tuple[Part, ...]
    interview: str | None = None
    """Its mock, once it is set up."""
    over: bool = False
    answered: bool = False
    """Whether anything was said in it."""
    ballot: Ballot | None = None
    """The vote as it was locked at the round's end; None where text match had to read it, or nothing was said."""


class Loop(Record):
    """Four rounds, in whatever time the person takes for them."""

    who: Person
    place: Place
    level: Level
    minutes: int
    rounds: tuple[Round, ...]
    made_at: AwareDatetime

    @property
    def person(self) -> str:
        """The key of whoever is interviewed."""
        return self.who.key

    @property
    def over(self) -> bool:
        """Whether every round was held."""
        return all(item.over for item in self.rounds)

    @property
    def next(self) -> int | None:
        """The number, from 0, of the round that comes next; None after the last."""
        return next((number for number, item in enumerate(self.rounds) if not item.over), None)

    def number_of(self, interview: str) -> int:
        """Which round a mock is. IllegalStep where it is none of them."""
        for number, item in enumerate(self.rounds):
            if item.interview == interview:
                return number
        raise IllegalStep("That mock is no round of this loop any more.")

    def opened(self, number: int, interview: str) -> Self:
        """Its mock is set up."""
        return self._with(number, interview=interview)

    def closed(self, interview: str, ballot: Ballot | None, *, answered: bool) -> Self:
        """It was held, and its vote is locked."""
        return self._with(self.number_of(interview), over=True, ballot=ballot, answered=answered)

    def _with(self, number: int, **values: object) -> Self:
        rounds = [item.model_copy(update=values) if n == number else item for n, item in enumerate(self.rounds)]
        return self.model_copy(update={"rounds": tuple(rounds)})


def planned(bank: Bank, level: Level, minutes: int, *, seen: Sequence[str], rng: random.Random) -> tuple[Round, ...]:
    """Four rounds with four different technical questions and stories, whose principles overlap as little as the bank allows."""
    stories = _stories(bank, level, len(ROLES), seen, rng)
    rounds = []
    taken: list[str] = []
    for (role, competency, persona), story in zip(ROLES, stories, strict=True):
        question = bank.pick(rng, competencies=(competency,), level=level, seen=[*seen, *taken]) or bank.pick(
            rng, competencies=(competency,), seen=[*seen, *taken]
        )
        if question is None:
            raise IllegalStep("The bank has too few questions for a loop.")
        taken.append(question.id)
        rounds.append(
            Round(role=role, round=competency, persona=persona, principles=story.principles[:2], parts=_parts(story, question, minutes))
        )
    return tuple(rounds)


def _parts(story: Question, question: Question, minutes: int) -> tuple[Part, ...]:
    told = STORY_SECONDS.get(minutes) or 60
    return (
        Part(question=story.id, kind="story", seconds=told),
        Part(question=question.id, kind="technical", seconds=minutes * 60 - told),
    )


def _stories(bank: Bank, level: Level, count: int, seen: Sequence[str], rng: random.Random) -> list[Question]:
    suiting = bank.among(("leadership",), level) or bank.among(("leadership",))
    rng.shuffle(suiting)
    suiting.sort(key=lambda question: question.id in seen)
    chosen: list[Question] = []
    for most in range(4):  # first those that share no principle with another, then ever more
        for question in suiting:
            known = {slug for other in chosen for slug in other.principles}
            if len(chosen) < count and question not in chosen and len(known & set(question.principles)) <= most:
                chosen.append(question)
    if len(chosen) < count:
        raise IllegalStep("The bank has too few stories to ask for in a loop.")
    return chosen


def told_twice(stories: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of rounds, by their numbers from 0, in which the same story was told."""
    words = {n: set(stems(text)) for n, text in stories.items()}
    return [
        (one, other)
        for one, other in combinations(sorted(words), 2)
        if min(len(words[one]), len(words[other])) >= LEAST_WORDS
        and len(words[one] & words[other]) / min(len(words[one]), len(words[other])) >= ALIKE
    ]
