"""A question beyond the bank: written by a model now, held to our own lint, shown only if it passes, and labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from core.chat import Button, Card, Message, Post
from core.features.consent import asked_first
from core.features.handler import Caller, Outcome, Tools, effect, passing, read_caller, to_person
from core.panel.chair import WHY
from core.ports import Coining, Reads
from core.questions.bank import COMPETENCIES, Competency, Level
from core.questions.cards import question_card
from core.records import Attempt, Background, Coined, Timer, short_id

TOLD_OF = 1_500
RECENT = 60
NEEDS = "A new question is written by a model, and none may read what you write, or there is none: /model says which. Here is one of ours."
PASSES = "No new question came that passes our checks, so none is shown."


def needed(message: Message, caller: Caller, tools: Tools) -> Outcome:
    """Why there is none; whoever asked gets one of ours."""
    return Outcome(posts=(passing(message, NEEDS, "needs"), *asked_first(caller, message, tools)))


def ordered(message: Message, caller: Caller, level: Level, tools: Tools) -> Outcome:
    """It takes a while: the order is kept, and carried out in a lane of its own."""
    wanted = message.fields.get("competency", "")
    competency = wanted if wanted in COMPETENCIES else tools.rng.choice(sorted(COMPETENCIES))
    id = short_id("coin", message.id)
    profile = caller.known(message, tools.now)
    timer = Timer(key=f"coin:{id}", due_at=tools.now, line=f"coin {competency} {level} id:{id}", place=profile.home, who=message.author)
    about = COMPETENCIES[competency].lower()
    text = f"{tools.panel.model} writes one about {about}: up to a minute, and shown only if it passes our checks."
    return Outcome(saves=(*caller.met(message, tools.now), timer), posts=(passing(message, text, "ordered"),))


@dataclass(frozen=True)
class Order:
    """For whom it is written."""

    caller: Caller
    background: Background | None
    seen: Sequence[str]


async def read_order(reads: Reads, message: Message) -> Order:
    """The person, and what they met lately."""
    person = message.author.key
    attempts = await reads.find(Attempt, person=person, order="-at", limit=RECENT)
    return Order(await read_caller(reads, message), await reads.get(Background, person), tuple({item.question for item in attempts}))


async def coin(known: Order, message: Message, tools: Tools) -> Outcome:
    """Have it written; then it is theirs like any other question."""
    profile = known.caller.known(message, tools.now)
    titles = [question.title for id in known.seen if (question := tools.bank.peek(id))]
    wish = Coining(
        competency=cast(Competency, message.fields.get("competency", "design")),
        level=cast(Level, message.fields.get("level", profile.level)),
        about=known.background.told(TOLD_OF) if known.background else "",
        avoid=tuple(titles[:30]),
        order=message.id,
    )
    outcome = await tools.panel.coin(wish, known.caller.payer(message, tools))
    question = outcome.value
    if question is None:
        again = Button(label="One from the bank", line=f"question competency:{wish.competency}", style="primary")
        card = Card(text=PASSES if outcome.why == WHY["garbled"] else f"{outcome.why} So no question was written.", buttons=(again,))
        return Outcome(posts=(to_person(profile, card, effect(message, "failed")),))
    coined = Coined(key=question.id, person=profile.key, question=question, at=tools.now)
    asked = Attempt(
        key=short_id("asked", message.id),
        person=profile.key,
        space=message.place.space_key,
        question=question.id,
        source="asked",
        at=tools.now,
    )
    tools.bank.learn(question, profile.key)
    post: Post = to_person(profile, question_card(question), effect(message, "coined"))
    return Outcome(saves=(coined, asked), posts=(post,))
