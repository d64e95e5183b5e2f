"""What can be asked: the question format, and the bank that holds the questions."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import BadContent
from core.questions.words import stems

DATA = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Competency = Literal["design", "api_data", "reliability", "performance", "execution", "leadership"]
Level = Literal["sde1", "sde2", "sde3"]

COMPETENCIES: Mapping[str, str] = {
    "design": "System design",
    "api_data": "API and data",
    "reliability": "Reliability",
    "performance": "Performance",
    "execution": "Execution",
    "leadership": "Leadership",
}
LEVELS: Mapping[str, str] = {"sde1": "SDE I", "sde2": "SDE II", "sde3": "SDE III"}
PRINCIPLES: Mapping[str, str] = {
    "customer-obsession": "Customer Obsession",
    "ownership": "Ownership",
    "invent-and-simplify": "Invent and Simplify",
    "are-right-a-lot": "Are Right, A Lot",
    "learn-and-be-curious": "Learn and Be Curious",
    "hire-and-develop-the-best": "Hire and Develop the Best",
    "insist-on-the-highest-standards": "Insist on the Highest Standards",
    "think-big": "Think Big",
    "bias-for-action": "Bias for Action",
    "frugality": "Frugality",
    "earn-trust": "Earn Trust",
    "dive-deep": "Dive Deep",
    "have-backbone": "Have Backbone; Disagree and Commit",
    "deliver-results": "Deliver Results",
    "best-employer": "Strive to be Earth's Best Employer",
    "broad-responsibility": "Success and Scale Bring Broad Responsibility",
}

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Groups = tuple[tuple[str, ...], ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)


class Fact(_Part):
    """Something the interviewer knows, told only when asked."""

    ask: tuple[str, ...]
    """Words or phrases of a clarifying question that ask for it."""
    say: str


class Point(_Part):
    """One atomic thing that a good answer shows."""

    id: Slug
    name: str
    text: str
    weight: Literal[1, 2] = 1
    level: Level = "sde1"
    """From which level a bar raiser expects it."""
    critical: bool = False
    """A miss here caps the vote."""
    groups: Groups = ()
    """Covered when one phrase of each group is affirmed in one place."""
    exemplars: tuple[str, ...] = ()
    anti: tuple[str, ...] = ()
    bullet: str = ""
    hints: tuple[str, ...] = ()
    probe: str = ""


class Pitfall(_Part):
    """A way in which answers to this question often go wrong."""

    id: Slug
    text: str
    groups: Groups = ()


class Question(_Part):
    """One question with everything that the interviewer and the reviewer know about it."""

    id: Slug
    title: str
    competency: Competency
    levels: tuple[Level, ...] = ("sde1", "sde2", "sde3")
    principles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    minutes: int = Field(default=15, ge=1, le=60)
    reviewed: date | None = None
    """When somebody last checked its claims."""
    written_by: str = ""
    """Which model wrote it, where no human did; it is said wherever the question is shown."""
    prompt: str
    facts: tuple[Fact, ...] = ()
    points: tuple[Point, ...] = Field(min_length=1)
    pitfalls: tuple[Pitfall, ...] = ()
    probes: tuple[str, ...] = ()

    @field_validator("principles")
    @classmethod
    def _known(cls, slugs: tuple[str, ...]) -> tuple[str, ...]:
        for slug in slugs:
            if slug not in PRINCIPLES:
                raise ValueError(f"no leadership principle is called {slug!r}")
        return slugs

    @field_validator("points")
    @classmethod
    def _distinct(cls, points: tuple[Point, ...]) -> tuple[Point, ...]:
        ids = [point.id for point in points]
        if len(set(ids)) != len(ids):
            raise ValueError("two points share an id")
        return points

    @cached_property
    def by_point(self) -> dict[str, Point]:
        """The points by their id."""
        return {point.id: point for point in self.points}

    def point(self, id: str) -> Point:
        """The point with this id; KeyError where there is none."""
        return self.by_point[id]


COINED = "own-"
"""How the ids of questions begin that a model wrote for somebody."""
WANTED: ContextVar[set[str] | None] = ContextVar("wanted", default=None)
"""Coined questions that are asked for in this context and are not here yet; whoever can look them up sets it."""
MOST_COINED = 2_000
"""Kept in memory; the rest is read when it is asked for."""


class Bank:
    """The questions, and the ways to choose among them."""

    def __init__(self, questions: Iterable[Question], problems: Sequence[str] = ()) -> None:
        self._questions = {question.id: question for question in questions}
        self.problems = tuple(problems)
        """What could not be loaded and why, one sentence each."""
        self._coined: dict[str, tuple[Question, str]] = {}

    def __len__(self) -> int:
        return len(self._questions)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them, in the order of the files."""
        return tuple(self._questions.values())

    def get(self, id: str) -> Question:
        """The question with this id; KeyError where there is none."""
        found = self.find(id)
        if found is None:
            raise KeyError(id)
        return found

    def find(self, id: str) -> Question | None:
        """The question with this id, if it is here."""
        found = self.peek(id)
        wanted = WANTED.get()
        if found is None and wanted is not None and id.startswith(COINED):
            wanted.add(id)
        return found

    def peek(self, id: str) -> Question | None:
        """The same, for somebody who can do without."""
        return self._questions.get(id) or self._coined.get(id, (None, ""))[0]

    def learn(self, question: Question, person: str) -> None:
        """A question that was coined for somebody: whoever has its id can ask for it, nobody is given it by chance."""
        if len(self._coined) >= MOST_COINED:
            del self._coined[next(iter(self._coined))]
        self._coined[question.id] = (question, person)

    def forget(self, person: str) -> None:
        """What was coined for them is not here any more."""
        self._coined = {id: item for id, item in self._coined.items() if item[1] != person}

    def among(self, competencies: Sequence[str] = (), level: str = "any") -> list[Question]:
        """The questions of these competencies (all, if none is named) that suit the level."""
        return [
            question
            for question in self._questions.values()
            if (not competencies or question.competency in competencies) and (level == "any" or level in question.levels)
        ]

    def pick(
        self, rng: random.Random, *, competencies: Sequence[str] = (), level: str = "any", seen: Sequence[str] = ()
    ) -> Question | None:
        """A question not among `seen` (newest last); where all were seen, the one seen longest ago. None where nothing suits."""
        suiting = self.among(competencies, level)
        fresh = [question for question in suiting if question.id not in seen]
        if fresh:
            return rng.choice(fresh)
        last = {id: index for index, id in enumerate(seen)}
        return min(suiting, key=lambda question: last[question.id], default=None)

    def search(self, words: str, limit: int = 5) -> list[Question]:
        """The questions nearest to these words, best first; those whose topic is exactly that come first."""
        tagged = [question for question in self._questions.values() if words.strip().lower() in question.topics]
        return (tagged + [question for question in self._ranked(words) if question not in tagged])[:limit]

    def _ranked(self, words: str) -> list[Question]:
        known = [token for token in stems(words) if token in self._index.vocab_dict]
        if not known:
            return []
        scores = self._index.get_scores(known)
        ranked = sorted(zip(scores, self._questions.values(), strict=True), key=lambda pair: -pair[0])
        return [question for score, question in ranked if score > 0]

    @cached_property
    def _index(self) -> Any:
        import bm25s  # numpy behind it takes a while to import, and most starts never search

        index = bm25s.BM25()
        index.index(
            [stems(" ".join((question.title, question.title, *question.topics, question.prompt))) for question in self._questions.values()],
            show_progress=False,
        )
        return index


def parse_questions(text: str, source: str) -> tuple[list[Question], list[str]]:
    """The questions of one YAML text, one or a list of them, and a sentence for each that cannot be used."""
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        return [], [f"{source}{where}: not readable as YAML ({getattr(error, 'problem', None) or 'malformed'})."]
    items = loaded if isinstance(loaded, list) else [loaded]
    questions: list[Question] = []
    problems: list[str] = []
    for number, item in enumerate(items, start=1):
        try:
            questions.append(Question.model_validate(item))
        except ValidationError as error:
            name = item.get("id", f"number {number}") if isinstance(item, dict) else f"number {number}"
            first = min(error.errors(), key=lambda wrong: wrong["type"] != "extra_forbidden")  # a misspelt name explains the rest
            at = ".".join(str(step) for step in first["loc"]) or "the question itself"
            problems.append(f"{source}, question {name}: {at}: {first['msg'].lower()}.")
    return questions, problems


def read_question(path: Path) -> Question:
    """The one question of a file; BadContent says what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadContent(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}.") from error
    questions, problems = parse_questions(text, path.name)
    if problems:
        raise BadContent(problems[0])
    if len(questions) != 1:
        raise BadContent(f"{path.name} holds {len(questions)} questions; it must hold exactly one.")
    return questions[0]


def load(folder: Path = DATA) -> Bank:
    """The bank of a folder: every file that is named after a competency. A broken question is left out and named in `problems`."""
    questions: dict[str, Question] = {}
    problems: list[str] = []
    for competency in COMPETENCIES:
        path = folder / f"{competency}.yaml"
        if not path.exists():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{path.name} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}.")
            continue
        found, wrong = parse_questions(text, path.name)
        problems += wrong
        for question in found:
            if question.id in questions:
                problems.append(f"{path.name}, question {question.id}: this id is taken.")
            else:
                questions[question.id] = question
    return Bank(questions.values(), problems)
