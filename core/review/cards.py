"""How a review reads: a checklist with the person's own sentences, never praise, never a grade."""

from __future__ import annotations

from collections.abc import Mapping

from core.chat import Button, Card, Line, Mark, literal
from core.questions.bank import LEVELS, Level, Point, Question
from core.questions.cards import ORDER, PRACTICE, in_order
from core.review.feedback import Feedback, Status, Verdict
from core.review.playbook import HABITS

WORDS: Mapping[Status, str] = {
    Status.COVERED: "covered",
    Status.MAYBE: "maybe",
    Status.MISSING: "missing",
    Status.NOT_ASKED: "not asked",
    Status.CLAIMED: "claimed by you",
}


def review_card(
    question: Question, feedback: Feedback, level: Level, before: Feedback | None, attempt: str, *, talks: bool = False
) -> Card:
    """A review of one answer; with `before`, each point says how it stood the time before. `talks`: there is a model to ask about it."""
    if feedback.too_little:
        return _too_little(question, feedback)
    probe = feedback.next_probe
    return Card(
        eyebrow=f"Reviewed by {feedback.reviewer}: a checklist of {len(question.points)} points, not a grade",
        title=question.title,
        text=tally(feedback) + _moved(feedback, before),
        bullets=tuple(point_line(point, feedback, level, before) for point in in_order(question.points)),
        after="\n\n".join(
            part for part in (_habits(feedback), _pitfalls(feedback), _rework(feedback), _next(probe.text if probe else "")) if part
        ),
        buttons=(*_buttons(question, feedback, attempt), *(talk_buttons(feedback, attempt) if talks else ())),
        footer=f"{PRACTICE} Only you see this.",
        rates=attempt,
    )


def noticed(card: Card, notice: str) -> Card:
    """The same with a sentence above it that says why somebody else reviewed than was expected."""
    if not notice:
        return card
    return card.model_copy(update={"text": f"{notice} So text match read this one.\n\n{card.text}".rstrip()})


def tally(feedback: Feedback) -> str:
    """`Covered 3 · Maybe 1 · Missing 4`; never a sum, never a share."""
    parts = [(status, len(feedback.having(status))) for status in Status]
    return " · ".join(f"{WORDS[status].capitalize()} **{count}**" for status, count in parts if count or status in _ALWAYS)


_ALWAYS = (Status.COVERED, Status.MISSING)


def point_line(point: Point, feedback: Feedback, level: Level, before: Feedback | None = None, extra: str = "") -> Line:
    """One rubric point: how it stands, and where the person said it."""
    verdict = feedback.verdict(point.id)
    notes = [extra, _change(verdict, before), "critical" if point.critical else "", _beyond(point, level)]
    quote = feedback.sentence(verdict.sentences[0]) if verdict.sentences else None
    if verdict.status is Status.MAYBE:
        notes.append("the words are near; how it works is not clear yet")
    if verdict.status is Status.MISSING and verdict.near:
        quote = feedback.sentence(verdict.near)
        notes.append("this came nearest")
    return Line(text=point.name, mark=Mark(verdict.status.value), quote=quote, note=" · ".join(note for note in notes if note))


def _beyond(point: Point, level: Level) -> str:
    return f"expected from {LEVELS[point.level]}" if ORDER.index(point.level) > ORDER.index(level) else ""


def _change(verdict: Verdict, before: Feedback | None) -> str:
    if before is None:
        return ""
    try:
        earlier = before.verdict(verdict.point).status
    except KeyError:
        return ""
    return f"{WORDS[earlier]} → {WORDS[verdict.status]}" if earlier is not verdict.status else "as before"


def _moved(feedback: Feedback, before: Feedback | None) -> str:
    if before is None:
        return ""
    order = (Status.MISSING, Status.NOT_ASKED, Status.MAYBE, Status.CLAIMED, Status.COVERED)
    steps = [order.index(verdict.status) - order.index(before.verdict(verdict.point).status) for verdict in feedback.verdicts]
    forward, back = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return f"\nSince the time before: {forward} point{'s' * (forward != 1)} further, {back} back."


def _habits(feedback: Feedback) -> str:
    if not feedback.habits:
        return ""
    return "**Habits:** " + " · ".join(
        f"{HABITS[habit.id]} {'✓' if habit.shown else '✗'}" for habit in feedback.habits if habit.id in HABITS
    )


def _pitfalls(feedback: Feedback) -> str:
    return "\n".join(f"**Careful:** {hit.text}" for hit in feedback.pitfalls)


def _rework(feedback: Feedback) -> str:
    return "" if feedback.weakest is None else f"**Rework this one sentence:** {literal(feedback.sentence(feedback.weakest))}"


def _next(probe: str) -> str:
    return f"**They would ask next:** {probe}" if probe else ""


def _buttons(question: Question, feedback: Feedback, attempt: str) -> tuple[Button, ...]:
    probe = feedback.next_probe
    return (
        *((Button(label="Answer that", line=f"followup {question.id} {probe.point}", style="primary"),) if probe else ()),
        Button(label="Try again", line=f"retry {question.id}"),
        Button(label="Suggested bullets", line=f"bullets {question.id}"),
        *((Button(label="I did say that", line=f"dispute {attempt}"),) if feedback.having(Status.MISSING, Status.MAYBE) else ()),
        Button(label="Another question", line=f"question competency:{question.competency}"),
    )


def talk_buttons(feedback: Feedback, attempt: str) -> tuple[Button, ...]:
    """What one can ask a model about a review."""
    weakest = (Button(label="Discuss that sentence", line=f"discuss {attempt}"),) if feedback.weakest is not None else ()
    return (Button(label="Ask about it", line=f"ask {attempt}"), *weakest)


def _too_little(question: Question, feedback: Feedback) -> Card:
    return Card(
        eyebrow=f"Reviewed by {feedback.reviewer}",
        title=question.title,
        text=feedback.too_little,
        buttons=(
            Button(label="Try again", line=f"retry {question.id}", style="primary"),
            Button(label="I pass", line=f"pass {question.id}"),
        ),
        footer=PRACTICE,
    )


def point_card(question: Question, point: Point, feedback: Feedback, was: Status | None, comes_back: str) -> Card:
    """The short review of an answer to one point."""
    verdict = feedback.verdict(point.id)
    now = WORDS[verdict.status]
    open_still = verdict.status is not Status.COVERED
    return Card(
        title=f"{f'{WORDS[was]} → {now}' if was else now}: {point.name}",
        bullets=(
            Line(
                text=point.name,
                mark=Mark(verdict.status.value),
                quote=feedback.sentence(verdict.sentences[0]) if verdict.sentences else None,
            ),
        ),
        after=(f"What is absent: {point.bullet or point.text}\n\n" if open_still else "") + comes_back,
        buttons=(
            *((Button(label="Once more", line=f"followup {question.id} {point.id}", style="primary"),) if open_still else ()),
            Button(label="One more like it", line=f"question competency:{question.competency}"),
            Button(label="Enough for today", line="comeback enough"),
        ),
        footer=f"Reviewed by {feedback.reviewer}. {PRACTICE}",
    )
