"""The suggested answer: after an attempt, or one press of *I pass*."""

from __future__ import annotations

from core.chat import Button, Card, Message
from core.features.handler import Outcome, Tools, kept, passing
from core.features.practice.answering import Answering, question_of
from core.questions.cards import bullets_card
from core.records import Attempt, short_id


async def give_up(known: Answering, message: Message, tools: Tools) -> Outcome:
    """*I pass*: the bullets at once, noted for the person alone."""
    question = question_of(known, message, tools)
    profile = known.caller.known(message, tools.now)
    passed = Attempt(
        key=short_id("pass", message.id),
        person=profile.key,
        space=message.place.space_key,
        question=question.id,
        source="pass",
        at=tools.now,
        occurrence=known.occurrence.key if known.occurrence else None,
    )
    return Outcome(saves=(*known.caller.met(message, tools.now), passed), posts=(kept(message, bullets_card(question)),))


async def bullets(known: Answering, message: Message, tools: Tools) -> Outcome:
    """The suggested answer, after an attempt, a pass, or where the space has them open."""
    question = question_of(known, message, tools)
    space = known.caller.space
    if known.tried or (space and space.bullets == "open"):
        shown = bullets_card(question)
        if known.caller.payer(message, tools).agreed:
            fit = Button(label="Fit them to my stories", line=f"fit {question.id}")
            shown = shown.model_copy(update={"buttons": (*shown.buttons, fit)})
        return Outcome(posts=(kept(message, shown),))
    card = Card(
        text="Bullets open after an attempt, or with one press of *I pass*.",
        buttons=(
            Button(label="Answer", line=f"answer {question.id}", style="primary"),
            Button(label="I pass", line=f"pass {question.id}"),
        ),
    )
    return Outcome(posts=(passing(message, card),))
