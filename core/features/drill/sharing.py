"""What a person does with their own daily answer: look at its review again, or share it in the thread, by their own press."""

from __future__ import annotations

from dataclasses import dataclass

from core.chat import Button, Card, Message, Post
from core.errors import NotUnderstood, TooLate
from core.features.handler import Caller, Outcome, Tools, effect, kept, passing, read_caller
from core.ports import Reads
from core.records import Attempt, Drill, Occurrence
from core.review.cards import review_card


@dataclass(frozen=True)
class Mine:
    """One daily question and my latest answer to it."""

    caller: Caller
    occurrence: Occurrence | None
    drill: Drill | None
    attempt: Attempt | None


async def read_mine(reads: Reads, message: Message) -> Mine:
    """Only the author's own attempt is ever read."""
    occurrence = await reads.get(Occurrence, message.fields.get("id", ""))
    mine = (
        await reads.find(Attempt, person=message.author.key, occurrence=occurrence.key, source="daily", order="-at", limit=1)
        if occurrence
        else ()
    )
    return Mine(
        caller=await read_caller(reads, message),
        occurrence=occurrence,
        drill=await reads.get(Drill, occurrence.drill) if occurrence else None,
        attempt=mine[0] if mine else None,
    )


async def mine(known: Mine, message: Message, tools: Tools) -> Outcome:
    """The review once more."""
    if known.occurrence is None:
        raise TooLate("That daily question is no longer here.")
    question = tools.bank.find(known.occurrence.question)
    if known.attempt is None or known.attempt.feedback is None or question is None:
        card = Card(
            text="You have not answered this one. It is not too late for a private review.",
            buttons=(Button(label="Answer privately", line=f"answer daily:{known.occurrence.key}", style="primary"),),
        )
        return Outcome(posts=(passing(message, card),))
    level = known.caller.profile.level if known.caller.profile else "sde2"
    return Outcome(posts=(kept(message, review_card(question, known.attempt.feedback, level, None, known.attempt.key)),))


async def share(known: Mine, message: Message, tools: Tools) -> Outcome:
    """The person's own words under their own name, in the question's thread; never by itself."""
    if known.occurrence is None or known.drill is None:
        raise TooLate("That daily question is no longer here.")
    if known.attempt is None:
        raise NotUnderstood("There is nothing to share yet: you have not answered this one.")
    if known.occurrence.status == "posted":
        raise NotUnderstood("Shared answers would spoil it for the others. Press it again after the reveal.")
    post = Post(
        key=effect(message, "shared"),
        into=known.drill.place,
        conversation=known.occurrence.key,
        card=Card(eyebrow="Shared by its author", title=message.author.name, quote=known.attempt.text),
        about=message.author.key,
    )
    return Outcome(posts=(post, passing(message, "Shared in the question's thread, under your name.")))
