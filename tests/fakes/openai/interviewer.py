"""A brain that interviews and reviews as a sensible model would: it knows only what the request tells it, and reads by text match."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.questions.bank import Bank, Question
from core.review.evidence import split
from core.review.feedback import Status
from core.review.matcher import review
from tests.fakes.openai.request import Request


class Interviewer:
    """`FakeOpenAI.brain`. Follows the instructions; finds the bank's question again by its prompt."""

    def __init__(self, bank: Bank) -> None:
        self._by_prompt = {question.prompt.strip(): question for question in bank.questions}

    def __call__(self, request: Request) -> str:
        parts = setting(request)["parts"]
        sentences = list(said(request))
        if request.schema == "turn":
            return json.dumps(self._turn(request, parts, sentences))
        return json.dumps({"findings": [finding for part in parts for finding in self._findings(part, sentences)]})

    def _turn(self, request: Request, parts: list[dict[str, Any]], sentences: list[tuple[int, str]]) -> dict[str, Any]:
        asked = " ".join(message["content"] for message in request.messages if message["role"] == "assistant")
        part = next(part for part in reversed(parts) if part["asked"] in asked)
        question = self._question(part)
        findings = self._findings(part, sentences)
        shown = {finding["point"] for finding in findings}
        leave = last_said(request).get("leave", [])
        for entry, point in zip(part["points"], question.points, strict=False):
            if entry["id"] not in shown and entry["id"] not in leave and point.probe not in asked:
                return {"follow_up": point.probe, "about": entry["id"], "facts": [], "findings": findings}
        return {"follow_up": "", "about": "", "facts": [], "findings": findings}

    def _findings(self, part: Mapping[str, Any], sentences: list[tuple[int, str]]) -> list[dict[str, Any]]:
        question = self._question(part)
        feedback = review(question, [text for _, text in sentences])
        ids = [id for (id, text) in sentences for _ in split(text)]
        found = []
        for entry, verdict in zip(part["points"], feedback.verdicts, strict=False):
            if verdict.status in (Status.COVERED, Status.MAYBE):
                found.append({"point": entry["id"], "status": verdict.status.value, "sentences": [ids[id - 1] for id in verdict.sentences]})
        return found

    def _question(self, part: Mapping[str, Any]) -> Question:
        return self._by_prompt[part["asked"]]


def setting(request: Request) -> dict[str, Any]:
    """The interview as the request's instructions have it."""
    value: dict[str, Any] = json.loads(request.messages[0]["content"].rsplit("\n\n", 1)[-1])
    return value


def said(request: Request) -> Iterator[tuple[int, str]]:
    """Every sentence of the candidate's, with its number."""
    for message in request.messages:
        if message["role"] == "user" and message["content"].startswith("{"):
            yield from ((item["s"], item["t"]) for item in json.loads(message["content"].split("\n", 1)[0])["sentences"])


def last_said(request: Request) -> dict[str, Any]:
    """The newest thing the candidate said, as it was sent."""
    found = [message["content"] for message in request.messages if message["role"] == "user" and message["content"].startswith("{")]
    value: dict[str, Any] = json.loads(found[-1].split("\n", 1)[0])
    return value
