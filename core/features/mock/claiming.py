"""*I did say that*: the point, then the sentence; from then on it counts as claimed, and is shown as claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import Message, Post, literal
from core.errors import TooLate
from core.features.coaching import after_attempt
from core.features.handler import Caller, Outcome, Tools, effect, passing, read_caller
from core.features.mock.debriefing import debrief_key, questions_in
from core.interview.debrief import Debrief, PartReview, attempt_of, debrief
from core.interview.debrief_cards import claim_points, claim_sentences, debrief_card
from core.interview.stages import Interview
from core.ports import AnyOf, Reads
from core.records import Attempt, Profile, Record, Timer, Weakness
from core.review.cards import review_card


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
    keys = tuple(attempt_of(id, number) for number in range(len(interview.parts))) if interview else (id,)
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
        return debrief(known.interview, questions_in(known.interview, tools), tools.now)
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
        own = attempt_of(known.interview.key, part.number)
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
