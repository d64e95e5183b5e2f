"""How a debrief reads: a checklist with the person's own sentences. No grade, no vote, no praise."""

from __future__ import annotations

from collections.abc import Iterator

from core.chat import Button, Card, Line, Menu, literal
from core.interview.debrief import Debrief, PartReview, attempt_of
from core.interview.turns import Cost
from core.interview.wording import ROUNDS
from core.questions.bank import COMPETENCIES, LEVELS
from core.questions.cards import PRACTICE, in_order
from core.questions.words import stems
from core.review.cards import WORDS, point_line
from core.review.feedback import Status
from core.review.levels import CAP
from core.review.playbook import HABITS

CHECKS = ("own", "number", "span", "result", "learning")
"""Story checks as they are shown."""
MOST_SENTENCES = 10
"""To choose from, when somebody says that they did say it."""


def debrief_card(found: Debrief) -> Card:
    """The whole of it; only its owner sees it."""
    after = (*_story(found), _unanswered(found), _habits(found), *_pitfalls(found), _rework(found), _steps(found), _next(found))
    return Card(
        eyebrow=f"Debrief · {ROUNDS[found.round]} · {LEVELS[found.level]} · {_minutes(found)}",
        title=" · ".join(part.question.title for part in found.main),
        text="\n\n".join(part for part in (found.notice, _reviewed_by(found), _vote(found), _tally(found)) if part),
        bullets=tuple(_lines(found)),
        after="\n\n".join(part for part in after if part),
        buttons=_buttons(found),
        footer=f"{PRACTICE} Independent of Amazon. Only you see this; /privacy shows and erases what is kept.{cost_line(found.cost)}",
    )


# --- the head --------------------------------------------------------------------------------------------------------


def _minutes(found: Debrief) -> str:
    minutes = round(found.used / 60)
    return f"{minutes} min" if minutes else "under a minute"


def _reviewed_by(found: Debrief) -> str:
    reached = [part for part in found.parts if part.reached]
    who = dict.fromkeys(reviewer for part in reached for reviewer in part.reviewers) or dict.fromkeys(["text match"])
    count = sum(len(part.question.points) for part in found.main)
    whose = "this question's" if len(found.main) == 1 else "these questions'"
    what = "levels and vote are worked out from it by code" if found.ballot else "not a grade"
    line = f"Reviewed by {_named(tuple(who))}: a checklist against {whose} {count} points, {what}."
    if len(who) > 1:
        line += "".join(f"\n{part.question.title}: {_named(part.reviewers)}." for part in reached)
    return line


def _vote(found: Debrief) -> str:
    """The practice vote, what it rests on, and a level for each competency. Code worked them out from the verdicts."""
    ballot = found.ballot
    if ballot is None:
        return ""
    head = f"**Practice vote: {ballot.vote}**" if ballot.vote else "**No practice vote:** too little was observed for one."
    steps = {item.competency: f"level **{item.level}** of 4" if item.level else "not observed" for item in ballot.standings}
    levels = " · ".join(f"{COMPETENCIES[name]}: {step}" for name, step in steps.items())
    why = []
    if ballot.strongest:
        why.append(f"For it: {', '.join(ballot.strongest)}.")
    if ballot.missed:
        capped = f", which caps the vote at {CAP}" if ballot.vote else ""
        why.append(f"Against it: {', '.join(ballot.missed)}: critical and missed{capped}.")
    return "\n".join(part for part in (head, levels, " ".join(why)) if part)


def cost_line(cost: Cost) -> str:
    """What a model's part cost, as a footer says it; nothing where it cost nothing."""
    if not cost.calls:
        return ""
    money = f", about ${cost.dollars:.4f}" if cost.dollars else ", at a price I do not know" if cost.dollars is None else ""
    unsure = " (partly estimated)" if cost.estimated else ""
    return f" Model: {cost.calls} call{'s' * (cost.calls != 1)}, {cost.tokens:,} tokens{unsure}{money}."


def _named(reviewers: tuple[str, ...]) -> str:
    return ", then ".join(f"{name} (offline)" if name == "text match" else name for name in reviewers)


def _tally(found: Debrief) -> str:
    """Counts by status; never a sum, never a share."""
    if not any(part.feedback.sentences for part in found.main):
        return "You said nothing to this one, so there is nothing to check. The question stays open for you."
    counts = []
    for status in Status:
        verdicts = [verdict for part in found.main for verdict in part.feedback.having(status)]
        hinted = sum(part.hints.get(verdict.point, 0) > 0 for part in found.main for verdict in part.feedback.having(status))
        after = f" ({hinted} after a hint)" if hinted and status is Status.COVERED else ""
        if verdicts or status in (Status.COVERED, Status.MISSING):
            counts.append(f"{WORDS[status].capitalize()} **{len(verdicts)}**{after}")
    short = [part.feedback.too_little for part in found.main if part.feedback.too_little and part.feedback.sentences]
    return "\n".join([" · ".join(counts), *short])


# --- point by point --------------------------------------------------------------------------------------------------


def _lines(found: Debrief) -> Iterator[Line]:
    """Every point of what the round is about; of a short story only what was asked."""
    for part in found.main:
        if len(found.main) > 1:
            yield Line(text=f"**{part.question.title}**", note="" if part.reached else "the time did not reach it")
        if part.reached:
            yield from _of(part, found, everything=True)
    for part in found.parts:
        if part not in found.main and part.reached:
            lines = list(_of(part, found, everything=False))
            yield from [Line(text=f"**{part.question.title}**"), *lines] if lines else []


def _of(part: PartReview, found: Debrief, *, everything: bool) -> Iterator[Line]:
    for point in in_order(part.question.points):
        status = part.feedback.verdict(point.id).status
        if status is Status.NOT_ASKED and not everything:
            continue
        hinted = "after a hint" if part.hints.get(point.id) else ""
        line = point_line(point, part.feedback, found.level, extra=hinted)
        extra = {
            Status.NOT_ASKED: "not asked: no minus",
            Status.CLAIMED: "claimed by you",
            Status.MISSING: "" if line.quote else "nothing found",
        }.get(status, "")
        yield line.model_copy(update={"note": " · ".join(note for note in (line.note, extra) if note)})


# --- below the points ------------------------------------------------------------------------------------------------


def _story(found: Debrief) -> Iterator[str]:
    for part in found.parts:
        if part.kind == "story" and part.reached:
            checks = {check.id: check for check in part.feedback.story}
            shown = [f"{checks[id].name} {'✓' if checks[id].shown else '✗'}" for id in CHECKS if id in checks]
            yield f"**Story:** {' · '.join(shown)}" if shown else "**Story:** too little of one to check."


def _unanswered(found: Debrief) -> str:
    lines = []
    for item in (item for part in found.parts for item in part.unanswered):
        said = f"“{literal(item.said)}”" if item.said else ""
        lines.append("- " + " ".join(text for text in (item.ask, said, item.advice) if text))
    return "\n".join(["**Not answered**", *lines]) if lines else ""


def _habits(found: Debrief) -> str:
    heard = [part.feedback for part in found.main if part.kind == "technical" and part.feedback.sentences and part.feedback.habits]
    if not heard:
        return ""
    shown = {habit.id for feedback in heard for habit in feedback.habits if habit.shown}
    return "**Habits:** " + " · ".join(f"{name} {'✓' if id in shown else '✗'}" for id, name in HABITS.items())


def _pitfalls(found: Debrief) -> Iterator[str]:
    for part in found.main:
        yield from (f"**Careful:** {hit.text}" for hit in part.feedback.pitfalls)


def _rework(found: Debrief) -> str:
    if found.rework is None:
        return ""
    return f"**Rework this one sentence:** “{literal(found.rework.sentence)}” It lacks something: {found.rework.lacks}"


def _steps(found: Debrief) -> str:
    return "**Next**" + "".join(f"\n- {step}" for step in found.steps) if found.steps else ""


def _next(found: Debrief) -> str:
    return f"**They would ask next:** {found.ask_next.text}" if found.ask_next else ""


def _buttons(found: Debrief) -> tuple[Button, ...]:
    question = ([part for part in found.main if part.reached] or list(found.main))[-1].question
    answer = found.ask_next
    disputable = any(part.open_points() and part.feedback.sentences for part in found.parts)
    return (
        *((Button(label="Answer that", line=f"followup {found.ask_next_of} {answer.point}", style="primary"),) if answer else ()),
        Button(label="Suggested bullets", line=f"bullets {question.id}"),
        Button(label="Same question again", line=f"retry {question.id}"),
        *((Button(label="Keep the story", line=f"keep {found.interview}"),) if found.story else ()),
        *((Button(label="I did say that", line=f"dispute {found.interview}"),) if disputable else ()),
        *((Button(label="Ask about it", line=f"ask {attempt_of(found.interview, found.main[-1].number)}"),) if found.ballot else ()),
    )


# --- I did say that --------------------------------------------------------------------------------------------------


def claim_points(found: Debrief) -> Card:
    """Which point was it?"""
    buttons = tuple(
        Button(label=point.name, line=f"dispute {found.interview} {point.id}")
        for part in found.parts
        if part.feedback.sentences
        for point in part.open_points()
    )
    if not buttons:
        return Card(text="There is no point left that you could claim.")
    return Card(
        title="You did say that",
        text="Text match misses things. Pick the point, then your sentence: it counts as claimed by you, and is shown as that.",
        buttons=(Menu(label="Which point?", buttons=buttons),),
    )


def claim_sentences(found: Debrief, point: str) -> Card:
    """Which sentence holds it? The nearest ones, in the order in which they were said. IllegalStep where the point is not open."""
    part = found.part_of(point)
    wanted = part.question.point(point)
    about = set(stems(" ".join((wanted.name, wanted.text, wanted.bullet, *wanted.exemplars))))
    nearest = sorted(part.feedback.sentences, key=lambda sentence: (-len(about & set(stems(sentence.text))), sentence.id))[:MOST_SENTENCES]
    chosen = sorted(nearest, key=lambda sentence: sentence.id)
    return Card(
        title=wanted.name,
        text=f"Which of your sentences holds it? {wanted.text}",
        bullets=tuple(Line(text=f"**{number}**", quote=sentence.text) for number, sentence in enumerate(chosen, start=1)),
        buttons=(
            Menu(
                label="That one",
                buttons=tuple(
                    Button(label=f"Sentence {number}", line=f"dispute {found.interview} {point} {sentence.id}")
                    for number, sentence in enumerate(chosen, start=1)
                ),
            ),
        ),
    )
