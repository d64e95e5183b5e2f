"""Which questions a mock asks."""

from __future__ import annotations

import random

import pytest

from core.errors import IllegalStep
from core.interview.plan import TECHNICAL, plan
from core.questions.bank import Bank, load, parse_questions

SHORT = """
- {id: one, title: One, competency: leadership, prompt: "?", points: [{id: p, name: P, text: T}]}
- {id: two, title: Two, competency: leadership, prompt: "?", levels: [sde3], points: [{id: p, name: P, text: T}]}
- {id: long, title: Long, competency: design, minutes: 25, prompt: "?", points: [{id: p, name: P, text: T}]}
- {id: brief, title: Brief, competency: reliability, minutes: 12, prompt: "?", levels: [sde2], points: [{id: p, name: P, text: T}]}
- {id: other, title: Other, competency: reliability, minutes: 12, prompt: "?", levels: [sde1], points: [{id: p, name: P, text: T}]}
"""


@pytest.fixture
def small() -> Bank:
    """Five little questions."""
    questions, problems = parse_questions(SHORT, "here")
    assert not problems
    return Bank(questions)


def shape(parts: object) -> list[tuple[str, str, int]]:
    return [(part.question, part.kind, part.seconds) for part in parts]  # type: ignore[attr-defined]


def of(bank: Bank, round: str, minutes: int, level: str = "sde2", **more: object) -> list[tuple[str, str, int]]:
    return shape(plan(bank, round, level, minutes, rng=random.Random(1), **more))  # type: ignore[arg-type]


def test_five_minutes_are_one_question(small: Bank) -> None:
    """Five minutes are too short for a story."""
    assert of(small, "reliability", 5) == [("brief", "technical", 300)]


def test_fifteen_minutes_begin_with_a_story(small: Bank) -> None:
    """Three minutes for a story, the rest for the question."""
    assert of(small, "reliability", 15) == [("one", "story", 180), ("brief", "technical", 720)]


def test_forty_five_minutes_hold_two_short_questions_or_a_long_one(small: Bank) -> None:
    """Eight minutes for a story; the rest is shared where the question is short and there is another."""
    assert of(small, "reliability", 45) == [("one", "story", 480), ("brief", "technical", 1110), ("other", "technical", 1110)]
    assert of(small, "design", 45) == [("one", "story", 480), ("long", "technical", 2220)]


def test_a_leadership_round_is_stories(small: Bank) -> None:
    """Two stories that share the time; in five minutes one."""
    assert [(kind, seconds) for _, kind, seconds in of(small, "leadership", 45)] == [("story", 1350)] * 2
    assert [(kind, seconds) for _, kind, seconds in of(small, "leadership", 5)] == [("story", 300)]


def test_a_named_question_is_asked(small: Bank) -> None:
    """*Mock this* asks this, seen or not, whatever the level."""
    named = small.get("other")
    assert of(small, "reliability", 15, seen=["other"], question=named)[1] == ("other", "technical", 720)
    assert of(small, "leadership", 5, question=small.get("two"))[0][0] == "two"


def test_new_questions_come_before_seen_ones(small: Bank) -> None:
    """What was met lately comes only when there is no other of that level, the longest ago first."""
    assert of(small, "leadership", 5, level="sde3", seen=["one"])[0][0] == "two"
    assert of(small, "leadership", 5, level="sde3", seen=["two", "one"])[0][0] == "two"


def test_a_bank_without_stories_asks_none(small: Bank) -> None:
    """Where the bank has no story, the whole time is for the question."""
    bank = Bank([question for question in small.questions if question.competency != "leadership"])
    assert of(bank, "design", 15) == [("long", "technical", 900)]
    with pytest.raises(IllegalStep, match="no question"):
        of(bank, "leadership", 15)


def test_a_surprise_is_technical_and_depends_on_chance_alone() -> None:
    """A surprise may be any technical question; the same chance gives the same plan."""
    bank = load()
    found = {plan(bank, "surprise", "sde2", 5, rng=random.Random(seed))[0].question for seed in range(60)}
    assert {bank.get(id).competency for id in found} <= set(TECHNICAL)
    assert len({bank.get(id).competency for id in found}) > 2
    assert of(bank, "surprise", 45) == of(bank, "surprise", 45)
