"""How a mock ends: the debrief, what it adds to the person's practice, a claimed point, a story kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Audience, Card, Message, Post, literal
from core.errors import TooLate
from core.features.coaching import after_attempt
from core.features.handler import AnyHandler, Caller, Handler, Outcome, Tools, effect, passing, read_caller
from core.interview.debrief import Debrief, PartReview, debrief
from core.interview.debrief_cards import claim_points, claim_sentences, debrief_card
from core.interview.stages import Interview
from core.ports import AnyOf, Reads
from core.questions.bank import Question
from core.records import Attempt, Conversation, Profile, Record, Story, Timer, Weakness, short_id
from core.review.cards import review_card


async def close(
    interview: Interview, message: Message, tools: Tools, caller: Caller, timers: Sequence[Timer], conversation: Conversation | None
) -> Outcome:
    """The debrief, kept for its author; each technical answer becomes an attempt, and what it missed comes back."""
    found = debrief(interview, _questions(interview, tools), tools.now)
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


def _questions(interview: Interview, tools: Tools) -> Mapping[str, Question]:
    return {part.question: tools.bank.get(part.question) for part in interview.parts}


# --- I did say that --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Disputed:
    """The author's own debrief, or the review of one answer."""

    caller: Caller
    interview: Interview | None
    attempts: Sequence[Attempt]
    weak: Sequence[Weakness]
    follow: Timer | None


async def read_disputed(reads: Reads, message: Message) -> Disputed:
    """By the id on the button, and only where it is the author's own."""
    id, person = message.fields.get("id", ""), message.author.key
    interview = await reads.get(Interview, id)
    if interview and interview.person != person:
        interview = None
    keys = tuple(attempt_key(id, number) for number in range(len(interview.parts))) if interview else (id,)
    attempts = await reads.find(Attempt, person=person, key=AnyOf(keys))
    questions = tuple(attempt.question for attempt in attempts)
    return Disputed(
        caller=await read_caller(reads, message),
        interview=interview,
        attempts=attempts,
        weak=await reads.find(Weakness, person=person, question=AnyOf(questions)) if questions else (),
        follow=await reads.get(Timer, f"followed:{person}"),
    )


async def dispute(known: Disputed, message: Message, tools: Tools) -> Outcome:
    """Pick the point, then the sentence; from then on it counts as claimed, and is shown as claimed."""
    profile = known.caller.known(message, tools.now)
    found = _reviewed(known, profile, tools)
    point, sentence = message.fields.get("point"), message.fields.get("sentence", "")
    if point is None:
        return Outcome(posts=(passing(message, claim_points(found)),))
    if not sentence.isdigit():
        return Outcome(posts=(passing(message, claim_sentences(found, point)),))
    part = found.part_of(point)
    claimed = found.claim(point, int(sentence))
    after = claimed.parts[found.parts.index(part)]
    return _claimed(known, profile, claimed, after, point, int(sentence), message, tools)


def _reviewed(known: Disputed, profile: Profile, tools: Tools) -> Debrief:
    if known.interview:
        return debrief(known.interview, _questions(known.interview, tools), tools.now)
    attempt = known.attempts[0] if known.attempts else None
    question = tools.bank.find(attempt.question) if attempt else None
    if attempt is None or attempt.feedback is None or question is None:
        raise TooLate("That review is no longer here, or it is not yours.")
    part = PartReview(
        number=0,
        kind="technical",
        question=question,
        reached=True,
        feedback=attempt.feedback,
        hints={},
        unanswered=(),
        reviewers=(attempt.feedback.reviewer,),
    )
    return Debrief(interview=attempt.key, round=question.competency, level=profile.level, minutes=0, used=0, parts=(part,))


def _claimed(
    known: Disputed, profile: Profile, claimed: Debrief, part: PartReview, point: str, sentence: int, message: Message, tools: Tools
) -> Outcome:
    if known.interview:
        key, card = debrief_key(known.interview.key), debrief_card(claimed)
        own = attempt_key(known.interview.key, part.number)
        saves: tuple[Record, ...] = (known.interview.claim(part.number, point, sentence),)
    else:
        own = known.attempts[0].key
        key, card = f"review/{own}", review_card(part.question, part.feedback, profile.level, None, own)
        saves = ()
    changed = tuple(item.model_copy(update={"feedback": part.feedback}) for item in known.attempts if item.key == own)
    weak = [item for item in known.weak if item.question == part.question.id]
    coaching = after_attempt(profile, part.question, part.feedback, weak, known.follow, known.caller, tools, only=point)
    edit = Post(key=effect(message, "claimed"), into=message.place, replaces=key, card=card, about=message.author.key)
    name = part.question.point(point).name
    told = passing(message, f"Counted as claimed by you: **{literal(name)}**. It is shown as that, next to your sentence.", "told")
    return Outcome(saves=(*saves, *changed), posts=(edit, told)) + coaching


# --- keeping the story -----------------------------------------------------------------------------------------------


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


HANDLERS: dict[str, AnyHandler] = {
    "dispute": Handler(read=read_disputed, decide=dispute),
    "keep": Handler(read=read_told, decide=keep),
}
