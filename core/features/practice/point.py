"""Two or three sentences for one rubric point."""

from __future__ import annotations

from core.chat import Form, Input, Message
from core.errors import CoachError, TooLate
from core.features.coaching import after_attempt
from core.features.handler import Outcome, Tools, kept
from core.features.practice.answering import FORM_LIMIT, Answering, check_text, question_of
from core.questions.bank import Question
from core.records import Attempt, Weakness, short_id
from core.review.cards import noticed, point_card
from core.review.feedback import Feedback, Status


def followup_form(known: Answering, message: Message, tools: Tools) -> Form | None:
    """The probe on top, and room for two or three sentences."""
    if message.fields.get("text"):
        return None
    question = question_of(known, message, tools)
    point = question.by_point.get(message.fields.get("point", ""))
    if point is None:
        raise TooLate("That point is no longer part of the question.")
    return Form(
        title=question.title,
        line=f"followup {question.id} {point.id}",
        text=point.probe,
        fields=(Input(name="text", label="Two or three sentences", kind="paragraph", max_length=FORM_LIMIT),),
        submit="Review it",
    )


async def followup(known: Answering, message: Message, tools: Tools) -> Outcome:
    """An answer to one point's probe."""
    question = question_of(known, message, tools)
    return await one_point(known, question, message.fields.get("point", ""), message.fields.get("text", ""), message, tools)


async def one_point(known: Answering, question: Question, point_id: str, text: str, message: Message, tools: Tools) -> Outcome:
    """Review two or three sentences for the one point they are about."""
    point = question.by_point.get(point_id)
    if point is None:
        raise TooLate("That point is no longer part of the question.")
    if wrong := check_text(message.model_copy(update={"fields": {"text": text}}), tools):
        raise CoachError(wrong["text"])
    profile = known.caller.known(message, tools.now)
    payer = known.caller.payer(message, tools)
    if payer.agreed:
        await tools.voice.thinking(message.place)
    read = await tools.panel.review(question, (text,), payer, profile.level)
    feedback = read.feedback
    was = _stood(known.before.feedback if known.before else None, point.id)
    attempt = Attempt(
        key=short_id("attempt", message.id),
        person=profile.key,
        space=message.place.space_key,
        question=question.id,
        source="probe",
        text=text,
        point=point.id,
        at=tools.now,
        feedback=feedback,
    )
    coaching = after_attempt(profile, question, feedback, known.weak, known.follow, known.caller, tools, only=point.id)
    due = next((record.due_at for record in coaching.saves if isinstance(record, Weakness) and record.point == point.id), None)
    days = max((due - tools.now).days, 1) if due else 0
    comes_back = f"Comes back in {days} day{'s' * (days != 1)}." if due else ""
    post = kept(message, noticed(point_card(question, point, feedback, was, comes_back), read.notice)).model_copy(
        update={"key": f"review/{attempt.key}"}
    )
    return Outcome(saves=(*known.caller.answered(message, tools.now), attempt), posts=(post,)) + coaching


def _stood(feedback: Feedback | None, point: str) -> Status | None:
    if feedback is None:
        return None
    return next((verdict.status for verdict in feedback.verdicts if verdict.point == point), None)
