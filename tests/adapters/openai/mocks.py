"""A mock interview in a test's hands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.chat import Person, Place
from core.interview.moves import next_move
from core.interview.stages import Interview
from core.interview.turns import Part
from tests.fakes.world import BANK

STORY, TECHNICAL = BANK.get("spoke-against-it"), BANK.get("order-status-api")
QUESTIONS = (STORY, TECHNICAL)
BY_ID = {question.id: question for question in QUESTIONS}
NOW = datetime(2026, 11, 24, 9, 7, 31, tzinfo=UTC)
WHO = Person(key="slack:T0SPACE:U0SOMEBODY", id="U0SOMEBODY", name="Zebedee Quill")
PLACE = Place(platform="slack", space="T0SPACE", channel="D0DIRECT", thread="1790000000.000100")


def mock(*, parts: Sequence[str] = ("order-status-api",), minutes: int = 45) -> Interview:
    """One that has begun, its first question put."""
    made = tuple(Part(question=id, kind="story" if id == STORY.id else "technical", seconds=minutes * 60 // len(parts)) for id in parts)
    planned = Interview.planned(
        key="i-4711-key", who=WHO, place=PLACE, round="api_data", level="sde2", minutes=minutes, parts=made, now=NOW
    ).begin(NOW)
    return planned.say(next_move(planned, BY_ID, NOW), NOW)


def answered(interview: Interview, text: str) -> Interview:
    """The same, and the candidate said this."""
    return interview.hear(f"message-{len(interview.turns)}-id", text, NOW).answer(NOW)


def data(content: str) -> dict[str, Any]:
    """What the candidate said, as a message has it."""
    value: dict[str, Any] = json.loads(content.split("\n", 1)[0])
    return value


def numbered(messages: Sequence[dict[str, str]]) -> dict[int, str]:
    """Every sentence of the candidate's by its number."""
    users = [message["content"] for message in messages if message["role"] == "user" and message["content"].startswith("{")]
    return {item["s"]: item["t"] for content in users for item in data(content)["sentences"]}
