"""How a mock ends: the debrief, what it adds to the person's practice, a story kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Audience, Card, Message, Post
from core.errors import TooLate
from core.features.coaching import after_attempt
from core.features.handler import NOTHING, Caller, Outcome, Tools, effect, passing, read_caller
from core.features.mock.loop import round_over
from core.features.mock.room import Room, in_thread
from core.interview import cards
from core.interview.debrief import PartReview, attempt_of, debrief
from core.interview.debrief_cards import debrief_card
from core.interview.stages import Interview
from core.ports import Reads
from core.questions.bank import Question
from core.records import Attempt, Story, Timer, short_id

GONE = "It is over. A question of it left the bank meanwhile, so there is no debrief. What you said stays yours: `/privacy export`."


async def close(interview: Interview, message: Message, tools: Tools, known: Room) -> Outcome:
    """The debrief, kept for its author; each technical answer becomes an attempt, and what it missed comes back."""
    caller, conversation = known.caller, known.conversation
    interview = interview.sealed(caller.payer(message, tools).agreed)
    closed = (conversation.model_copy(update={"live": False}),) if conversation else ()
    if any(tools.bank.find(part.question) is None for part in interview.parts):
        gone = Outcome(saves=(interview, *closed), removes=known.timers, posts=(passing(message, GONE),))
        return gone + round_over(interview, None, message, tools, known) if interview.loop and known.loop else gone
    if caller.payer(message, tools).agreed and any(turn.who == "candidate" for turn in interview.turns):
        again = Timer(
            key=f"regrade:{interview.key}", due_at=tools.now, line=f"regrade {interview.key}", place=message.place, who=interview.who
        )
        told = in_thread(interview, cards.regrading(interview.reviewed_by(tools.panel.model)), effect(message, "regrading"))
        return Outcome(saves=(interview, again, *closed), removes=known.timers, posts=(told,))
    return debriefed(interview, message, tools, known) + Outcome(saves=closed)


async def regrade(known: Room, message: Message, tools: Tools) -> Outcome:
    """A mock that is over is read once more, all of it, and debriefed; by text match where the model cannot, which the debrief says."""
    interview = known.interview
    if interview is None or interview.live or interview.graded:
        return NOTHING
    questions_in(interview, tools)  # all of them are still there
    read = await tools.panel.regrade(interview, known.caller.payer(message, tools))
    usage = read.usage
    graded = interview.charged(usage.calls, usage.tokens, usage.dollars, usage.estimated)
    why = f"{read.notice} So text match made this debrief: no levels, no vote." if read.notice else ""
    return debriefed(graded.regraded(read.parts or (), why), message, tools, known)


def debriefed(interview: Interview, message: Message, tools: Tools, known: Room) -> Outcome:
    """The debrief, and what follows from it."""
    caller = known.caller
    found = debrief(interview, questions_in(interview, tools), tools.now)
    profile = caller.known(message, tools.now)
    if interview.loop and known.loop:
        told = round_over(interview, found, message, tools, known)
    else:
        told = Outcome(posts=(_debrief(interview, debrief_card(found)),))
    attempts = tuple(_attempt(interview, part, message, tools) for part in found.parts if part.feedback.sentences)
    coaching = Outcome()
    follow = known.follow
    for part in found.parts:
        if part.feedback.sentences and part.kind == "technical":
            weak = [item for item in known.weak if item.question == part.question.id]
            step = after_attempt(profile, part.question, part.feedback, weak, follow, caller, tools)
            follow = follow or next((record for record in step.saves if isinstance(record, Timer)), None)
            coaching += step
    return Outcome(saves=(interview, *attempts), removes=known.timers) + told + coaching


def _debrief(interview: Interview, card: Card) -> Post:
    return Post(
        key=debrief_key(interview.key),
        into=interview.place,
        conversation=None if interview.open else interview.key,
        card=card,
        audience=Audience(kind="kept", person=interview.who) if interview.open else Audience(),
        about=interview.person,
    )


def debrief_key(interview: str) -> str:
    """The key of a mock's debrief."""
    return f"debrief/{interview}"


def _attempt(interview: Interview, part: PartReview, message: Message, tools: Tools) -> Attempt:
    return Attempt(
        key=attempt_of(interview.key, part.number),
        person=interview.person,
        space=interview.space,
        question=part.question.id,
        source="mock",
        text="\n\n".join(interview.answers(part.number)),
        at=tools.now,
        feedback=part.feedback,
    )


def questions_in(interview: Interview, tools: Tools) -> Mapping[str, Question]:
    """The questions of a mock, by id; TooLate where one left the bank."""
    try:
        return {part.question: tools.bank.get(part.question) for part in interview.parts}
    except KeyError:
        raise TooLate("A question of that mock left the bank, so its points cannot be looked at any more.") from None


@dataclass(frozen=True)
class Told:
    """A mock whose story may be kept."""

    caller: Caller
    interview: Interview | None
    stories: Sequence[Story] = ()
    """What the person keeps already."""


async def read_told(reads: Reads, message: Message) -> Told:
    """Only the author's own."""
    person = message.author.key
    interview = await reads.get(Interview, message.fields.get("id", ""))
    own = interview if interview and interview.person == person else None
    return Told(await read_caller(reads, message), own, await reads.find(Story, person=person))


async def keep(known: Told, message: Message, tools: Tools) -> Outcome:
    """The story of a mock joins the person's stories, in their own words."""
    interview = known.interview
    if interview is None:
        raise TooLate("That mock is no longer here, or it is not yours.")
    told = next((n for n, part in enumerate(interview.parts) if part.kind == "story" and interview.answers(n)), None)
    if told is None:
        raise TooLate("No story was told in that mock.")
    question = tools.bank.find(interview.parts[told].question)
    key = short_id("story", interview.key, str(told))
    if any(story.key == key for story in known.stories):
        raise TooLate("You keep that story already: /stories.")
    story = Story(
        key=key,
        person=interview.person,
        title=question.title if question else "A story",
        text="\n\n".join(interview.answers(told)),
        principles=question.principles if question else (),
        at=tools.now,
    )
    card = Card(text="Kept in /stories, in your words.")
    return Outcome(saves=(story,), posts=(passing(message, card),))
