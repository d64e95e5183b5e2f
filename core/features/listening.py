"""Plain words, not commands: part of a mock, the answer to the coach's question, a pasted answer, or a clarifying question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Button, Card, Kind, Message
from core.features.coaching import REPLY
from core.features.handler import NOTHING, AnyHandler, Handler, Outcome, Tools, passing, there
from core.features.mock.answering import edited, hear
from core.features.mock.room import Room, read_room
from core.features.practice.answering import Answering, read_answering, reviewed
from core.features.practice.point import one_point
from core.ports import From, Reads
from core.questions.facts import answer_facts
from core.records import Attempt, Conversation, Occurrence, Weakness

ADDRESS = re.compile(r"<@[^>]*>|@loopcoach\b[:,]?", re.IGNORECASE)
AN_ANSWER = 12
"""Words from which on something said to the coach alone is read as an answer."""
LATELY = timedelta(days=2)
"""How long after meeting a question plain words count as its answer."""


@dataclass(frozen=True)
class Said:
    """What the words can belong to."""

    room: Room
    asked: Sequence[Weakness]
    """What the coach asked last in direct messages."""
    answering: Answering | None


async def read_said(reads: Reads, message: Message) -> Said:
    """The mock in this place; in direct messages also what the coach asked, and the question met last."""
    room = await read_room(reads, message)
    if room.interview or not message.place.direct:
        return Said(room, (), None)
    person = message.author.key
    asked = await reads.find(Weakness, person=person, asked_at=From(message.sent_at - REPLY), order="-asked_at", limit=1)
    if asked:
        question = asked[0].question
    else:
        latest = await reads.find(Attempt, person=person, at=From(message.sent_at - LATELY), order="-at", limit=1)
        question = latest[0].question if latest else ""
    about = message.model_copy(update={"fields": {"question": question}})
    return Said(room, asked, await read_answering(reads, about))


async def said(known: Said, message: Message, tools: Tools) -> Outcome:
    """Words in a mock's place, or to the coach alone."""
    if known.room.interview:
        return await hear(known.room, message, tools)
    if known.answering is None:
        return NOTHING
    if known.asked and (question := tools.bank.find(known.asked[0].question)):
        return await one_point(known.answering, question, known.asked[0].point, message.text, message, tools)
    question = tools.bank.find(known.answering.question)
    if question and len(message.text.split()) >= AN_ANSWER:
        return await reviewed(known.answering, question, message.text, "retry" if known.answering.before else "practice", message, tools)
    return Outcome(posts=(passing(message, _how(bool(question))),))


def _how(has_question: bool) -> Card:
    to_it = (
        "Write your answer to the last question here in three to six sentences"
        if has_question
        else "Take a question, then write your answer here"
    )
    return Card(
        text=f"{to_it}, and I review it. Or type a command: `mock`, `question`, `guide`, `help`.",
        buttons=(
            Button(label="A question", line="question", style="primary"),
            Button(label="Mock 5 min", line="mock minutes:5"),
            Button(label="All commands", line="help"),
        ),
    )


# --- changed and withdrawn words -------------------------------------------------------------------------------------


async def changed(known: Room, message: Message, tools: Tools) -> Outcome:
    """An edit or a deletion counts while the turn is still open."""
    return edited(known, message, tools) if known.interview else NOTHING


# --- addressed in a shared place -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addressed:
    """The mock or the daily question of the place, where there is one."""

    room: Room
    occurrence: Occurrence | None


async def read_addressed(reads: Reads, message: Message) -> Addressed:
    """What is going on in this thread."""
    room = await read_room(reads, message)
    here = await reads.find(Conversation, place=str(message.place), limit=5)
    key = next((item.key for item in here if item.purpose == "drill"), None)
    return Addressed(room, await reads.get(Occurrence, key) if key else None)


async def mentioned(known: Addressed, message: Message, tools: Tools) -> Outcome:
    """A clarifying question below a daily question is answered for everybody, from the question's facts."""
    words = ADDRESS.sub(" ", message.text).strip()
    if known.room.interview:
        return await hear(known.room, message.model_copy(update={"text": words, "kind": Kind.AMBIENT}), tools)
    question = tools.bank.find(known.occurrence.question) if known.occurrence else None
    if question is None or known.occurrence is None:
        return Outcome(posts=(passing(message, _how(False)),))
    found = answer_facts(question, words)
    if found.said:
        return Outcome(posts=(there(message, Card(text=" ".join(fact.say for fact in found.said)), "facts"),))
    if found.is_question:
        return Outcome(posts=(there(message, Card(text="I have nothing on that: assume something sensible, say it, and go on."), "facts"),))
    card = Card(
        text="I answer clarifying questions here. Your answer itself goes through the button, or to me alone, so that nobody is spoiled.",
        buttons=(Button(label="Answer privately", line=f"answer daily:{known.occurrence.key}", style="primary"),),
    )
    return Outcome(posts=(passing(message, card),))


SAID: dict[Kind, AnyHandler] = {
    Kind.DIRECT: Handler(read=read_said, decide=said),
    Kind.AMBIENT: Handler(read=read_said, decide=said),
    Kind.MENTION: Handler(read=read_addressed, decide=mentioned),
    Kind.EDITED: Handler(read=read_room, decide=changed),
    Kind.DELETED: Handler(read=read_room, decide=changed),
}
