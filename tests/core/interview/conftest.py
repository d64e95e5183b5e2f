"""A mock held by hand: what the feature does with the value, without platforms and without a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from core.chat import Person, Place
from core.interview.move import Move
from core.interview.moves import due_move, hint_move, next_move, skip_move
from core.interview.stages import Interview
from core.interview.turns import Part
from core.questions.bank import Bank, Question, load, parse_questions

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ADA = Person(key="slack/T1/U1", id="U1", name="Ada")

STORY = """
id: fixed-unasked
title: Fixed without being asked
competency: leadership
principles: [ownership, bias-for-action]
minutes: 8
prompt: >-
  Think of something at work that everybody walked past and nobody looked after. What did you do about it?
facts: []
points:
  - id: why-you
    name: Why nobody else did
    text: Says why it was left lying and what made it theirs.
    weight: 1
    groups: [[nobody owned, fell between, no owner, not our job], [so I took, I decided, I picked it up, took it on]]
    exemplars: [It fell between two teams and so I took it on.]
    hints: ["Whose desk should it have been on?", "Say what made you pick it up that day."]
    probe: There were others who saw it too. What made you the one who acted?
probes:
  - Who would have been worse off had you left it lying?
  - What did you put aside to make room for it?
"""


@dataclass
class Held:
    """Drives one interview: time passes only when told to."""

    interview: Interview
    questions: Mapping[str, Question]
    now: datetime = START
    moves: list[Move] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    ids: count[int] = field(default_factory=count)

    def begin(self) -> Move:
        """*Start*: the first question."""
        self.interview = self.interview.begin(self.now)
        return self._say(next_move(self.interview, self.questions, self.now))

    def answers(self, *messages: str, after: float = 20) -> Move:
        """Several messages, so many seconds each, and *Done*."""
        for text in messages:
            self.now += timedelta(seconds=after)
            self.interview = self.interview.hear(f"m{next(self.ids)}", text, self.now)
            self.script.append(f"Me: {text}")
        self.interview = self.interview.answer(self.now)
        return self._say(next_move(self.interview, self.questions, self.now))

    def hint(self) -> Move:
        """*Hint*."""
        self.script.append("Me: [Hint]")
        return self._say(hint_move(self.interview, self.questions, self.now))

    def skip(self) -> Move:
        """*Skip*."""
        self.script.append("Me: [Skip]")
        return self._say(skip_move(self.interview, self.questions, self.now))

    def wait(self, seconds: float) -> Move | None:
        """Silence; what the clock makes of it."""
        self.now += timedelta(seconds=seconds)
        self.script.append(f"({seconds:g} seconds of silence)")
        move = due_move(self.interview, self.questions, self.now)
        return self._say(move) if move else None

    def _say(self, move: Move) -> Move:
        self.moves.append(move)
        self.interview = self.interview.say(move, self.now)
        self.script.append("\n".join(part for part in (f"Interviewer: {move.title}" if move.title else "", move.spoken) if part))
        return move


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The bank as it ships, and a story of our own."""
    story, problems = parse_questions(STORY, "here")
    assert not problems
    return Bank([*load().questions, *story])


@pytest.fixture
def planned() -> Callable[..., Interview]:
    """An interview of these questions, 12 minutes each by default."""

    def make(*questions: str, minutes: int = 15, level: str = "sde2", seconds: int = 720) -> Interview:
        kinds = [("story" if id == "fixed-unasked" else "technical", id) for id in questions]
        parts = [Part(question=id, kind=kind, seconds=180 if kind == "story" else seconds) for kind, id in kinds]  # type: ignore[arg-type]
        place = Place.dm("slack", "T1", "U1")
        return Interview.planned(key="mock1", who=ADA, place=place, round="api_data", level=level, minutes=minutes, parts=parts, now=START)

    return make


@pytest.fixture
def held(bank: Bank, planned: Callable[..., Interview]) -> Callable[..., Held]:
    """A mock of these questions, ready to begin."""

    def make(*questions: str, **settings: object) -> Held:
        interview = planned(*questions, **settings)
        return Held(interview, {part.question: bank.get(part.question) for part in interview.parts})

    return make
