"""`core.ports.Model` over `chat.completions`, for OpenAI and for whatever speaks like it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import from_json

from adapters.openai import client as clients
from adapters.openai import coining, schema, talking
from adapters.openai.asking import Asker, Order, Reply
from adapters.openai.guard import Guard
from adapters.openai.prompts import VERSION
from adapters.openai.rubric import Labels
from adapters.openai.schema import Grade, Turn
from adapters.openai.transcript import Transcript, answer, graded, transcript
from core.errors import ModelError
from core.interview.move import Move, Wish
from core.interview.moves import wished_move
from core.interview.stages import Interview
from core.ports import Coining, Deadlines, Explained, Fitted, Payer, Priced, Talk, Usage
from core.questions.bank import LEVELS, Bank, Level, Question
from core.records import Story
from core.review.feedback import Feedback
from core.review.judged import judged
from core.review.matcher import review

MOVE_CAP, GRADE_CAP, TALK_CAP, COIN_CAP = 700, 2_000, 900, 6_000
"""Tokens of a reply at most."""


TRIES = 2
"""A new question is mended once."""
MARGIN = 0.2
"""Seconds that a call ends before its deadline: what came of it, and what it cost, is still told."""
PATIENT = Deadlines()


class OpenAiModel:
    """Implements `core.ports.Model`."""

    def __init__(
        self,
        asker: Asker,
        debriefs: Asker,
        bank: Bank,
        base_url: str,
        secret: str,
        deadlines: Deadlines = PATIENT,
        *,
        today: Callable[[], date],
    ) -> None:
        self.name = asker.model
        self.host = urlsplit(base_url).hostname or base_url
        self._asker = asker
        self._debriefs = debriefs
        """May be another, better model."""
        self._bank = bank
        self._secret = secret.encode()
        self._deadlines = deadlines
        self._today = today

    async def warm(self) -> None:
        """See `adapters.openai.client.warm`."""
        await clients.warm()

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Priced[Feedback]:
        """What one answer shows; text match says what it cannot."""
        sent = answer(question, turns, LEVELS[level])
        key = f"review-{question.id}-{VERSION}"
        order = Order(sent.messages, Grade, GRADE_CAP, key, self._opaque(payer), self._deadlines.review - MARGIN)
        reply = await self._asker.whole(order)
        base = review(question, turns, level=level)
        found = sent.labels.found(reply.value.findings, 0, sent.ids[0])
        return Priced(judged(question, base, found, set(sent.ids[0].values()), self._by(self._asker), level), reply.usage)

    async def move(self, interview: Interview, now: datetime, payer: Payer) -> AsyncIterator[str | Priced[Move]]:
        """The interviewer's words as they come, as far as they may be heard; last the move that the interview makes of them."""
        questions = self._questions(interview)
        sent = transcript(interview, questions)
        guard = Guard(questions, sent.messages[0]["content"], [turn.text for turn in interview.turns])
        order = Order(
            sent.messages, Turn, MOVE_CAP, f"mock-{_mock(interview)}-{VERSION}", self._opaque(payer), self._deadlines.move - MARGIN
        )
        heard = ""
        async with aclosing(self._asker.stream(order)) as parts:  # type: ignore[type-var]
            async for part in parts:
                if isinstance(part, Reply):
                    yield Priced(self._move(interview, questions, sent, guard, part.value, now), part.usage)
                    return
                words = guard.heard(_follow_up(part))
                if words and words != heard:
                    heard = words
                    yield words

    async def regrade(self, interview: Interview, payer: Payer) -> Priced[Sequence[Feedback]]:
        """Every part once more, from the whole of the transcript."""
        questions = self._questions(interview)
        sent = transcript(interview, questions)
        key = f"mock-{_mock(interview)}-{VERSION}"
        order = Order(graded(sent), Grade, GRADE_CAP, key, self._opaque(payer), self._deadlines.regrade - MARGIN)
        reply = await self._debriefs.whole(order)
        parts = [self._feedback(interview, question, n, sent, reply.value, self._debriefs) for n, question in enumerate(questions)]
        return Priced(tuple(parts), reply.usage)

    # --- what is not an interview ---

    async def explain(self, talk: Talk, payer: Payer) -> Priced[Explained]:
        """See `adapters.openai.talking`."""
        labels = Labels((talk.question,))
        asked = talking.about_review(talk, labels)
        order = Order(
            asked.messages, schema.Reply, TALK_CAP, f"talk-{talk.question.id}"[:60], self._opaque(payer), self._deadlines.talk - MARGIN
        )
        reply = await self._asker.whole(order)
        found = talking.explained(reply.value, asked)
        if found is None:
            raise ModelError("garbled", reply.usage)
        return Priced(found, reply.usage)

    async def fitted(self, question: Question, stories: Sequence[Story], payer: Payer) -> Priced[Sequence[Fitted]]:
        """See `adapters.openai.talking`."""
        labels = Labels((question,))
        asked = talking.about_stories(question, stories, labels)
        order = Order(
            asked.messages, schema.Bullets, TALK_CAP, f"fit-{question.id}"[:60], self._opaque(payer), self._deadlines.talk - MARGIN
        )
        reply = await self._asker.whole(order)
        found = talking.fitted(reply.value, asked, labels)
        if not found:
            raise ModelError("garbled", reply.usage)
        return Priced(found, reply.usage)

    async def coin(self, wish: Coining, payer: Payer) -> Priced[Question]:
        """See `adapters.openai.coining`."""
        messages, usage = coining.request(wish), Usage()
        by, today = self._by(self._debriefs), self._today()
        for _ in range(TRIES):
            order = Order(messages, schema.NewQuestion, COIN_CAP, "coin", self._opaque(payer), (self._deadlines.coin - MARGIN) / TRIES)
            try:
                reply = await self._debriefs.whole(order)
            except ModelError as error:
                raise ModelError(error.kind, usage + error.usage if isinstance(error.usage, Usage) else usage) from error
            usage += reply.usage
            question, problems = coining.read(reply.value, wish, by, today, self._bank)
            if question:
                return Priced(question, usage)
            messages = coining.mending(messages, reply.value.model_dump_json(), problems)
        raise ModelError("garbled", usage)

    # --- within ---

    def _move(self, interview: Interview, questions: Sequence[Question], sent: Transcript, guard: Guard, turn: Turn, now: datetime) -> Move:
        part = interview.at_part
        feedback = self._feedback(interview, questions[part], part, sent, turn, self._asker)
        about = sent.labels.point(turn.about, part)
        words = guard.heard(turn.follow_up, last=True, about=questions[part].by_point.get(about or ""))
        wish = Wish(text=words, about=about, facts=tuple(turn.facts[:3]))
        by_id = {question.id: question for question in questions}
        return wished_move(interview, by_id, now, wish, feedback)

    def _feedback(self, interview: Interview, question: Question, part: int, sent: Transcript, said: Turn | Grade, by: Asker) -> Feedback:
        base = review(question, interview.answers(part), level=interview.level)
        found = sent.labels.found(said.findings, part, sent.ids[part])
        own, unread = set(sent.ids[part].values()), sent.unread[part]
        return judged(question, base, found, own, self._by(by), interview.level, unread)

    def _questions(self, interview: Interview) -> list[Question]:
        return [self._bank.get(part.question) for part in interview.parts]

    def _by(self, asker: Asker) -> str:
        return f"{asker.model}, prompt {VERSION}"

    def _opaque(self, payer: Payer) -> str:
        """A word that is always the same for one person and says nothing about them."""
        return hmac.new(self._secret, payer.person.encode(), hashlib.sha256).hexdigest()[:32]


def _mock(interview: Interview) -> str:
    return "-".join(part.question for part in interview.parts)[:40]


def _follow_up(text: str) -> str:
    """The words of a reply that is still being written."""
    try:
        value: Any = from_json(text, allow_partial="trailing-strings")
    except ValueError:
        return ""
    words = value.get("follow_up") if isinstance(value, dict) else None
    return words if isinstance(words, str) else ""
