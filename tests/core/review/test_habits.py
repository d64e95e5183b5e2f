"""Habits and pitfalls of the prep playbook: found where they are, silent where they are not."""

from __future__ import annotations

import pytest

from core.questions.bank import Pitfall, Question
from core.review.addressed import Echo
from core.review.evidence import sentences
from core.review.habits import habits, pitfalls
from core.review.measure import Labelled
from core.review.turns import read_answer


def shown(text: str) -> set[str]:
    return {habit.id for habit in habits(read_answer(sentences([text]), Echo(()))) if habit.shown}


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("How many updates per second do we get?", "clarify"),
        ("I'll assume about 40,000 orders an hour at peak.", "clarify"),
        ("Before I design, I'd ask how stale the data may be.", "clarify"),
        ("I prefer a queue over a direct call, because a slow reader then blocks nobody.", "compare"),
        ("The trade-off is latency against cost.", "compare"),
        ("In my last team we had an outage because retries piled up.", "production"),
        ("Last year we saw this in production.", "production"),
        ("An alarm wakes somebody when the oldest message is older than five minutes.", "operate"),
        ("I'd roll it out to one percent first.", "operate"),
    ],
)
def test_shown(text: str, habit: str) -> None:
    assert habit in shown(text)


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("We store the key with the result.", "clarify"),
        ("We store the key with the result.", "compare"),
        ("I have worked a lot and I like production.", "production"),
        ("My colleague wanted an alarm on it.", "operate"),
        ("We don't need an alarm.", "operate"),
    ],
)
def test_not_shown(text: str, habit: str) -> None:
    assert habit not in shown(text)


def hits(question: Question, text: str) -> set[str]:
    return {hit.id for hit in pitfalls(question, read_answer(sentences([text]), Echo(())))}


def test_pitfalls_of_the_playbook(thumbnails: Question) -> None:
    design = thumbnails.model_copy(update={"competency": "design"})
    tools = "We take Kafka for the messages. We take Redis for the copies. We take Postgres for the rest of it all." * 4
    assert {"tool-names", "happy-path", "no-data-model"} <= hits(design, tools * 2)
    assert "tool-names" in hits(design, tools)
    sound = (
        "The table is keyed by order id, because nearly every read asks for one order. If a write fails it is repeated with the same id."
        " I take Kafka rather than a direct call, since a slow reader then blocks nobody, and Redis for the hot 5 percent."
        " An alarm rings when the oldest message is older than two minutes, and a new version goes to one host first."
    )
    assert hits(design, sound) == set()
    assert hits(design, "We take it as it is. " * 3) == set()


def test_pitfalls_of_the_question(thumbnails: Question) -> None:
    groups = (("more retries", "retry everywhere"), ("timeout", "slow"))
    pitfall = Pitfall(id="more-retries", text="Adds retries everywhere.", groups=groups)
    question = thumbnails.model_copy(update={"pitfalls": (pitfall,)})
    assert "more-retries" in hits(question, "When it is slow I would add more retries.")
    assert "more-retries" not in hits(question, "When it is slow I would not add more retries.")


def test_good_answers_raise_no_alarm(labelled: list[Labelled]) -> None:
    good = [answer for answer in labelled if answer.kind in ("textbook", "lay", "non_native")]
    raised = [hit.id for answer in good for hit in pitfalls(answer.question, read_answer(sentences([answer.text]), Echo(())))]
    assert len(raised) <= 0.05 * len(good), raised
