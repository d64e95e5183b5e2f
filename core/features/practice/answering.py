"""Answering a question, or pasting an answer: a private review, compared with the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.chat import Form, Input, Message
from core.errors import CoachError, NotUnderstood, TooLate
from core.features.coaching import after_attempt
from core.features.consent import asked_first
from core.features.drill.counting import count_answer, others_answered
from core.features.handler import Caller, Outcome, Tools, kept, passing, read_caller
from core.ports import Reads
from core.questions.bank import Question
from core.records import Attempt, Conversation, Drill, Occurrence, Timer, Weakness, short_id
from core.review.cards import noticed, review_card

LONGEST = 40_000
"""Characters of one answer."""
FORM_LIMIT = 4_000


@dataclass(frozen=True)
class Answering:
    """What a review of an answer needs besides the answer."""

    caller: Caller
    occurrence: Occurrence | None
    question: str
    before: Attempt | None
    """The last reviewed attempt at this question."""
    tried: bool
    """Whether the bullets are open: an attempt, a pass."""
    weak: Sequence[Weakness]
    follow: Timer | None
    """The next morning's message, where one is waiting already."""
    last: Attempt | None = None
    """The question the person met last, whichever it was."""
    drill: Drill | None = None
    answered: int = 0
    """How many other people answered the daily question."""


async def read_answering(reads: Reads, message: Message) -> Answering:
    """The question's id, what was tried before, and what is open."""
    person = message.author.key
    occurrence = await reads.get(Occurrence, message.fields["daily"]) if message.fields.get("daily") else None
    latest = await reads.find(Attempt, person=person, order="-at", limit=1)
    question = occurrence.question if occurrence else message.fields.get("question", "")
    tried = await reads.find(Attempt, person=person, question=question, order="-at", limit=20) if question else ()
    return Answering(
        caller=await read_caller(reads, message),
        occurrence=occurrence,
        question=question,
        before=next((item for item in tried if item.feedback and not item.feedback.too_little and item.point is None), None),
        tried=any(item.source != "asked" for item in tried),
        weak=await reads.find(Weakness, person=person, question=question, limit=50) if question else (),
        follow=await reads.get(Timer, f"followed:{person}"),
        last=latest[0] if latest else None,
        drill=await reads.get(Drill, occurrence.drill) if occurrence else None,
        answered=await others_answered(reads, occurrence, person) if occurrence else 0,
    )


def question_of(known: Answering, message: Message, tools: Tools) -> Question:
    """The question that is meant; TooLate where it left the bank."""
    if message.fields.get("daily") and known.occurrence is None:
        raise TooLate("That daily question is no longer here. /question loads another one.")
    question = tools.bank.find(known.question)
    if question is None:
        raise TooLate("That question is no longer in the bank. /question loads another one.")
    return question


def answer_form(known: Answering, message: Message, tools: Tools) -> Form | None:
    """The prompt again, and room for an answer."""
    if message.fields.get("text"):
        return None
    question = question_of(known, message, tools)
    line = f"answer daily:{known.occurrence.key}" if known.occurrence else f"answer {question.id}"
    return Form(
        title=question.title,
        line=line,
        text=question.prompt,
        fields=(
            Input(
                name="text",
                label="Your answer",
                kind="paragraph",
                max_length=FORM_LIMIT,
                hint="Three to ten sentences, in your own words. Longer answers fit into a direct message.",
            ),
        ),
        submit="Review my answer",
    )


def check_text(message: Message, tools: Tools) -> Mapping[str, str]:
    """An answer must say something and not be endless."""
    text = message.fields.get("text", "")
    if not text.strip():
        return {"text": "Nothing is written here yet. Three to six sentences are enough."}
    if len(text) > LONGEST:
        return {"text": f"That is {len(text):,} characters; I read up to {LONGEST:,}. Send the part that matters."}
    return {}


async def answer(known: Answering, message: Message, tools: Tools) -> Outcome:
    """Review an answer privately."""
    question = question_of(known, message, tools)
    source = "daily" if known.occurrence else ("retry" if known.before else "practice")
    return await reviewed(known, question, message.fields.get("text", ""), source, message, tools)


async def reviewed(known: Answering, question: Question, text: str, source: str, message: Message, tools: Tools) -> Outcome:
    """Store the attempt, show its review, and let the missed points come back."""
    if wrong := check_text(message.model_copy(update={"fields": {"text": text}}), tools):
        raise CoachError(wrong["text"])
    profile = known.caller.known(message, tools.now)
    payer = known.caller.payer(message, tools)
    if payer.agreed:
        await tools.voice.thinking(message.place)
    read = await tools.panel.review(question, (text,), payer, profile.level)
    feedback = read.feedback
    attempt = Attempt(
        key=short_id("attempt", message.id),
        person=profile.key,
        space=message.place.space_key,
        question=question.id,
        source=source,
        text=text,
        occurrence=known.occurrence.key if known.occurrence else None,
        at=tools.now,
        feedback=feedback,
    )
    before = known.before.feedback if known.before else None
    card = noticed(review_card(question, feedback, profile.level, before, attempt.key, talks=payer.agreed), read.notice)
    review = kept(message, card).model_copy(update={"key": f"review/{attempt.key}"})
    coaching = after_attempt(profile, question, feedback, known.weak, known.follow, known.caller, tools)
    told = () if message.place.direct else (passing(message, "Your review is in your direct messages, only for you.", "told"),)
    counted = count_answer(known.occurrence, known.drill, known.answered, tools)
    return (
        Outcome(saves=(*known.caller.met(message, tools.now), attempt), posts=(review, *told, *asked_first(known.caller, message, tools)))
        + coaching
        + counted
    )


async def paste(known: Answering, message: Message, tools: Tools) -> Outcome:
    """`/review`: an answer without an interview, to a named question, to the thread's daily one, or to the one met last."""
    question = tools.bank.find(known.question) or (tools.bank.find(known.last.question) if known.last else None)
    if question is None:
        raise NotUnderstood("I do not know yet which question that answers. Take one with /question, then paste your answer.")
    return await reviewed(known, question, message.fields.get("text", ""), "daily" if known.occurrence else "review", message, tools)


def paste_form(known: Answering, message: Message, tools: Tools) -> Form | None:
    """A box for the answer, where the command came without one."""
    if message.fields.get("text"):
        return None
    question = tools.bank.find(known.question)
    which = "the question of this thread" if known.occurrence else "the question you met last"
    return Form(
        title="Review an answer",
        line=f"review question:{question.id}" if question and not known.occurrence else "review",
        text=f"Reviewed against **{question.title}**, {which}." if question else "",
        fields=(Input(name="text", label="The answer", kind="paragraph", max_length=FORM_LIMIT),),
        submit="Review it",
    )


async def read_paste(reads: Reads, message: Message) -> Answering:
    """As for an answer; where no question is named, that of the thread counts, else the one met last."""
    known = await read_answering(reads, message)
    if known.question:
        return known
    here = await reads.find(Conversation, place=str(message.place), limit=5) if message.place.thread else ()
    daily = next((item.key for item in here if item.purpose == "drill"), None)
    if daily:
        return await read_answering(reads, message.model_copy(update={"fields": {**message.fields, "daily": daily}}))
    if known.last is None:
        return known
    fields = {**message.fields, "question": known.last.question}
    return await read_answering(reads, message.model_copy(update={"fields": fields}))
