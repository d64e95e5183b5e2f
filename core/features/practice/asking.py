"""Another question: by id, topic, competency or level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from core.chat import Button, Message
from core.errors import NotUnderstood
from core.features.handler import Caller, Outcome, Tools, kept, read_caller
from core.features.practice.inventing import needed, ordered
from core.ports import Reads
from core.questions.bank import COMPETENCIES, LEVELS, Level, Question
from core.questions.cards import question_card
from core.records import Attempt, short_id

RECENT = 60
"""Questions met lately that are not asked again."""


@dataclass(frozen=True)
class Seen:
    """Which questions the person met, oldest first."""

    caller: Caller
    questions: tuple[str, ...]


async def read_seen(reads: Reads, message: Message) -> Seen:
    """The person, and what they met lately."""
    attempts = await reads.find(Attempt, person=message.author.key, order="-at", limit=RECENT)
    return Seen(caller=await read_caller(reads, message), questions=tuple(dict.fromkeys(item.question for item in reversed(attempts))))


async def ask(known: Seen, message: Message, tools: Tools) -> Outcome:
    """A question to answer now, by id, topic, competency or level."""
    more = Outcome()
    if message.fields.get("action") == "new":
        if known.caller.payer(message, tools).agreed:
            return ordered(message, known.caller, _level(known, message), tools)
        more = needed(message, known.caller, tools)
    question = _wanted(known, message, tools)
    profile = known.caller.known(message, tools.now)
    asked = Attempt(
        key=short_id("asked", message.id),
        person=profile.key,
        space=message.place.space_key,
        question=question.id,
        source="asked",
        at=tools.now,
    )
    card = question_card(question)
    if known.caller.payer(message, tools).agreed:
        another = Button(label="Write me a new one", line=f"question new competency:{question.competency}")
        card = card.model_copy(update={"buttons": (*card.buttons, another)})
    return Outcome(saves=(*known.caller.met(message, tools.now), asked), posts=(kept(message, card),)) + more


def _level(known: Seen, message: Message) -> Level:
    mine = known.caller.profile.level if known.caller.profile else "sde2"
    return cast(Level, message.fields.get("level") or mine)


def _wanted(known: Seen, message: Message, tools: Tools) -> Question:
    fields = message.fields
    if id := fields.get("id"):
        if found := tools.bank.find(id):
            return found
        raise NotUnderstood(f"There is no question {id!r}. /question without anything picks one.")
    level = fields.get("level") or (known.caller.profile.level if known.caller.profile else "sde2")
    if topic := fields.get("topic"):
        if found := tools.bank.find(topic):
            return found
        hits = tools.bank.search(topic, limit=8)
        if not hits:
            raise NotUnderstood(f"No question is about {topic!r} yet. Competencies: {', '.join(COMPETENCIES.values())}.")
        return next((hit for hit in hits if hit.id not in known.questions), hits[0])
    competency = fields.get("competency")
    picked = tools.bank.pick(tools.rng, competencies=(competency,) if competency else (), level=level, seen=known.questions)
    if picked is None:
        raise NotUnderstood(f"No question of that kind suits {LEVELS[level]} yet. Leave the level out, or choose another competency.")
    return picked
