"""The suggested answer in the question's thread, and the week in the channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Line, Message, Post
from core.features.drill.announcing import GROUP, daily_card
from core.features.handler import NOTHING, Outcome, Tools
from core.ports import From, Reads
from core.questions.bank import COMPETENCIES, Bank, Point, Question
from core.questions.cards import PRACTICE, bullet_lines, often_wrong
from core.records import Attempt, Drill, Occurrence
from core.review.feedback import Status


@dataclass(frozen=True)
class Revealing:
    """A daily question at its end."""

    occurrence: Occurrence | None
    drill: Drill | None
    attempts: Sequence[Attempt]
    week: Sequence[Occurrence]
    """Of the same drill in the last seven days, this one among them."""
    week_attempts: Sequence[Attempt]


async def read_revealing(reads: Reads, message: Message) -> Revealing:
    """The occurrence, its answers, and the week's where the week ends with it."""
    occurrence = await reads.get(Occurrence, message.fields.get("id", ""))
    if occurrence is None:
        return Revealing(None, None, (), (), ())
    week = await reads.find(
        Occurrence, drill=occurrence.drill, due_at=From(occurrence.due_at - timedelta(days=6)), order="due_at", limit=10
    )
    attempts: list[Attempt] = []
    for item in week:
        attempts += await reads.find(Attempt, occurrence=item.key, source="daily", limit=5000)
    return Revealing(
        occurrence=occurrence,
        drill=await reads.get(Drill, occurrence.drill),
        attempts=[attempt for attempt in attempts if attempt.occurrence == occurrence.key],
        week=week,
        week_attempts=attempts,
    )


async def reveal(known: Revealing, message: Message, tools: Tools) -> Outcome:
    """The suggested answer in the question's thread, the card closed, and on the last day of the week the recap."""
    occurrence, drill = known.occurrence, known.drill
    question = tools.bank.find(occurrence.question) if occurrence else None
    if occurrence is None or drill is None or question is None or occurrence.status != "posted":
        return NOTHING
    done = occurrence.model_copy(update={"status": "revealed"})
    posts = [
        Post(
            key=f"reveal/{occurrence.key}",
            into=drill.place,
            conversation=occurrence.key,
            card=reveal_card(occurrence, question, known.attempts),
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
    if week_ends(drill, occurrence):
        card = recap_card(known.week, known.week_attempts, tools.bank)
        posts.append(Post(key=f"recap/{occurrence.key}", into=drill.place, card=card, bulk=True))
    return Outcome(saves=(done,), posts=tuple(posts))


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


def week_ends(drill: Drill, occurrence: Occurrence) -> bool:
    """Whether no further question comes before the day of the recap is over."""
    if drill.recap is None:
        return False
    today = occurrence.day
    recap_day = today + timedelta(days=(drill.recap - today.weekday()) % 7)
    if drill.next_due_at is None:
        return today == recap_day
    return drill.next_due_at.astimezone(ZoneInfo(drill.zone)).date() > recap_day


def recap_card(week: Sequence[Occurrence], attempts: Sequence[Attempt], bank: Bank) -> Card:
    """The week without names; below the minimum group without numbers."""
    asked = [item for item in week if item.status != "skipped"]
    people = len({attempt.person for attempt in attempts})
    mine = (Button(label="My own week", line="week"),)
    if people < GROUP:
        return Card(
            title="This week",
            text=f"{len(asked)} question{'s' * (len(asked) != 1)}. Fewer than five people answered, so I show no numbers. "
            "Your own week is private.",
            buttons=mine,
        )
    missed: Counter[tuple[str, str]] = Counter()
    for attempt in attempts:
        for verdict in attempt.feedback.having(Status.MISSING) if attempt.feedback else ():
            missed[(attempt.question, verdict.point)] += 1
    lines = []
    for (id, point), count in missed.most_common(6):
        question = bank.find(id)
        if question and count >= GROUP and point in question.by_point:
            lines.append(Line(text=f"{question.point(point).name} ({COMPETENCIES[question.competency]})"))
    return Card(
        title="This week",
        text=f"{len(asked)} questions · {len(attempts)} answers from {people} people" + ("\n\n**Most often missing**" if lines else ""),
        bullets=tuple(lines[:3]),
        buttons=mine,
        footer="Counts only, no names.",
    )
