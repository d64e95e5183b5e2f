"""The suggested answer in the question's thread, and the week in the channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Button, Card, Message, Post
from core.features.drill.choosing import choose
from core.features.drill.daily_card import daily_card
from core.features.drill.days import day_of
from core.features.drill.gone import never_arrived
from core.features.drill.recap import GROUP, recap_card, starts_with, weak_competencies, week_ends
from core.features.handler import NOTHING, Outcome, Tools
from core.ports import AnyOf, Fate, From, Reads
from core.questions.bank import Point, Question
from core.questions.cards import PRACTICE, bullet_lines, often_wrong
from core.records import Attempt, Drill, Occurrence
from core.review.feedback import Status

LOOK_BACK = timedelta(days=30)
"""What a team misses is counted over so long."""
WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Revealing:
    """A daily question at its end."""

    occurrence: Occurrence | None
    drill: Drill | None
    fate: Fate | None
    """What became of its post."""
    week: Sequence[Occurrence]
    """Of the same drill in the last seven days, this one among them."""
    attempts: Sequence[Attempt]
    """Answers to these."""
    before: Sequence[Attempt] = ()
    """Answers of the weeks before, where weak areas are to come sooner."""


async def read_revealing(reads: Reads, message: Message) -> Revealing:
    """The occurrence and the week's answers; those of a month where weak areas are to come sooner."""
    occurrence = await reads.get(Occurrence, message.fields.get("id", ""))
    drill = await reads.get(Drill, occurrence.drill) if occurrence else None
    if occurrence is None or drill is None or occurrence.status != "posted":
        return Revealing(None, None, None, (), ())
    since = occurrence.due_at - (LOOK_BACK if drill.sooner else WEEK)
    recent = await reads.find(Occurrence, drill=occurrence.drill, due_at=From(since), order="due_at", limit=60)
    week = [item for item in recent if item.due_at >= occurrence.due_at - WEEK]
    older = tuple(item.key for item in recent if item not in week)
    fates = await reads.fates([f"daily/{occurrence.key}"])
    return Revealing(
        occurrence=occurrence,
        drill=drill,
        fate=fates.get(f"daily/{occurrence.key}"),
        week=week,
        attempts=await reads.find(Attempt, occurrence=AnyOf(tuple(item.key for item in week)), source="daily", limit=5000),
        before=await reads.find(Attempt, occurrence=AnyOf(older), source="daily", limit=2000) if older else (),
    )


async def reveal(known: Revealing, message: Message, tools: Tools) -> Outcome:
    """The suggested answer in the question's thread, the card closed, and on the last day of the week the recap."""
    occurrence, drill = known.occurrence, known.drill
    if occurrence is None or drill is None:
        return NOTHING
    if known.fate and known.fate.state in ("dead", "skipped"):
        return never_arrived(occurrence, drill, known.fate)
    question = tools.bank.find(occurrence.question)
    if question is None:
        return Outcome(saves=(occurrence.model_copy(update={"status": "revealed"}),))
    done = occurrence.model_copy(update={"status": "revealed"})
    mine = [attempt for attempt in known.attempts if attempt.occurrence == occurrence.key]
    posts = [
        Post(
            key=f"reveal/{occurrence.key}",
            into=drill.place,
            conversation=occurrence.key,
            card=reveal_card(occurrence, question, mine),
            bulk=True,
        ),
        Post(
            key=f"daily/{occurrence.key}/closed",
            into=drill.place,
            conversation=occurrence.key,
            replaces=f"daily/{occurrence.key}",
            card=daily_card(done, question, drill, closed=True),
            bulk=True,
        ),
    ]
    changed = _with_weak_areas(drill, known, tools)
    if known.attempts and week_ends(drill, occurrence):
        coming = choose(changed, tools.bank, day_of(drill, drill.next_due_at)) if drill.next_due_at else None
        card = recap_card(known.week, known.attempts, tools.bank, starts_with(drill, coming))
        posts.append(Post(key=f"recap/{occurrence.key}", into=drill.place, card=card, bulk=True))
    return Outcome(saves=(done, *((changed,) if changed != drill else ())), posts=tuple(posts))


def _with_weak_areas(drill: Drill, known: Revealing, tools: Tools) -> Drill:
    weak = weak_competencies([*known.before, *known.attempts], tools.bank) if drill.sooner else ()
    return drill if weak == drill.weak else drill.model_copy(update={"weak": weak})


def reveal_card(occurrence: Occurrence, question: Question, attempts: Sequence[Attempt]) -> Card:
    """What a stronger answer includes, with how many answered where that tells nothing about anybody."""
    people = len({attempt.person for attempt in attempts})
    point = _asked_next(question, attempts if people >= GROUP else ())
    return Card(
        eyebrow=f"Reveal {occurrence.number}" + (f" · {people} answered" if people >= GROUP else ""),
        title=question.title,
        text="What a stronger answer includes, and why. Guidance for your own words, not a script.",
        bullets=bullet_lines(question),
        after=often_wrong(question),
        buttons=(
            *((Button(label="Answer a follow-up", line=f"followup {question.id} {point.id}", style="primary"),) if point else ()),
            Button(label="See my review", line=f"mine {occurrence.key}"),
            Button(
                label="Share my answer here",
                line=f"share {occurrence.key}",
                confirm="Post your answer here, under your name, for everybody to read?",
            ),
            Button(label="Another one", line="question"),
        ),
        footer=f"{PRACTICE} Independent of Amazon.",
    )


def _asked_next(question: Question, attempts: Sequence[Attempt]) -> Point | None:
    missed = Counter(verdict.point for attempt in attempts if attempt.feedback for verdict in attempt.feedback.having(Status.MISSING))
    candidates = [point for point in question.points if point.probe]
    return max(candidates, key=lambda point: (missed[point.id], point.critical, point.weight), default=None)
