"""How a mock ends: the debrief, what it adds to the person's practice, a story kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Audience, Card, Message, Post
from core.errors import TooLate
from core.features.coaching import after_attempt
from core.features.handler import Caller, Outcome, Tools, passing, read_caller
from core.interview.debrief import PartReview, debrief
from core.interview.debrief_cards import debrief_card
from core.interview.stages import Interview
from core.ports import Reads
from core.questions.bank import Question
from core.records import Attempt, Conversation, Story, Timer, short_id


async def close(
    interview: Interview, message: Message, tools: Tools, caller: Caller, timers: Sequence[Timer], conversation: Conversation | None
) -> Outcome:
    """The debrief, kept for its author; each technical answer becomes an attempt, and what it missed comes back."""
    found = debrief(interview, questions_in(interview, tools), tools.now)
    profile = caller.known(message, tools.now)
    post = Post(
        key=debrief_key(interview.key),
        into=interview.place,
        conversation=None if interview.open else interview.key,
        card=debrief_card(found),
        audience=Audience(kind="kept", person=interview.who) if interview.open else Audience(),
        about=interview.person,
    )
    attempts = tuple(_attempt(interview, part, message, tools) for part in found.parts if part.feedback.sentences)
    closed = (conversation.model_copy(update={"live": False}),) if conversation else ()
    coaching = Outcome()
    follow: Timer | None = None
    for part in found.parts:
        if part.feedback.sentences and part.kind == "technical":
            step = after_attempt(profile, part.question, part.feedback, (), follow, caller, tools)
            follow = follow or next((record for record in step.saves if isinstance(record, Timer)), None)
            coaching += step
    return Outcome(saves=(interview, *attempts, *closed), removes=tuple(timers), posts=(post,)) + coaching


def debrief_key(interview: str) -> str:
    """The key of a mock's debrief."""
    return f"debrief/{interview}"


def attempt_key(interview: str, part: int) -> str:
    """The key of the attempt that a part of a mock becomes."""
    return short_id("mock", interview, str(part))


def _attempt(interview: Interview, part: PartReview, message: Message, tools: Tools) -> Attempt:
    return Attempt(
        key=attempt_key(interview.key, part.number),
        person=interview.person,
        space=interview.space,
        question=part.question.id,
        source="mock",
        text="\n\n".join(interview.answers(part.number)),
        at=tools.now,
        feedback=part.feedback,
    )


def questions_in(interview: Interview, tools: Tools) -> Mapping[str, Question]:
    """The questions of a mock, by id."""
    return {part.question: tools.bank.get(part.question) for part in interview.parts}


@dataclass(frozen=True)
class Told:
    """A mock whose story may be kept."""

    caller: Caller
    interview: Interview | None


async def read_told(reads: Reads, message: Message) -> Told:
    """Only the author's own."""
    interview = await reads.get(Interview, message.fields.get("id", ""))
    return Told(await read_caller(reads, message), interview if interview and interview.person == message.author.key else None)


async def keep(known: Told, message: Message, tools: Tools) -> Outcome:
    """The story of a mock joins the person's stories, in their own words."""
    interview = known.interview
    if interview is None:
        raise TooLate("That mock is no longer here, or it is not yours.")
    told = next((n for n, part in enumerate(interview.parts) if part.kind == "story" and interview.answers(n)), None)
    if told is None:
        raise TooLate("No story was told in that mock.")
    question = tools.bank.find(interview.parts[told].question)
    story = Story(
        key=short_id("story", interview.key, str(told)),
        person=interview.person,
        title=question.title if question else "A story",
        text="\n\n".join(interview.answers(told)),
        principles=question.principles if question else (),
        at=tools.now,
    )
    card = Card(text="Kept in /stories, in your words.")
    return Outcome(saves=(story,), posts=(passing(message, card),))
