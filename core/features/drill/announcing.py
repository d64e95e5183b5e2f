"""Choosing a daily question and posting it. `announce` is pure and cheap, because the scheduler posts many at once with it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Menu, Post, house, when
from core.features.calendar import at_local
from core.ports import Cadence
from core.questions.bank import COMPETENCIES, LEVELS, Bank, Question
from core.questions.cards import PRACTICE, levels_of, looks_at
from core.records import Conversation, Drill, Occurrence, Record, Timer, short_id

WINDOW = timedelta(days=60)
"""No question comes twice within this time, as long as the bank holds enough."""
TRACES = timedelta(days=14)
"""After a long absence, days further back leave no trace of their own."""
GROUP = 5
"""Below this many people no number is shown."""
REMINDERS = Menu(
    label="Remind me",
    buttons=(
        Button(label="At lunch", line="remind lunch"),
        Button(label="Tonight", line="remind tonight"),
        Button(label="Every question", line="remind every"),
        Button(label="Stop", line="remind stop"),
    ),
)


# --- choosing and posting --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announcement:
    """A daily question as it is to be stored and posted."""

    saves: tuple[Record, ...]
    posts: tuple[Post, ...]


def choose(drill: Drill, past: Sequence[Occurrence], bank: Bank) -> Question | None:
    """The next question: the competency whose turn it is, a question not seen lately. `past`: oldest first, of the last 60 days."""
    suiting = bank.among(drill.competencies, drill.level)
    if not suiting:
        return None
    rng = random.Random(f"{drill.seed}:{drill.number}")
    seen = [item.question for item in past if item.status != "skipped"]
    turns = {question.competency: -1 for question in suiting}
    for index, id in enumerate(seen):
        if (question := bank.find(id)) and question.competency in turns:
            turns[question.competency] = index
    order = sorted(turns, key=lambda competency: (turns[competency], rng.random()))
    for competency in order:
        fresh = [question for question in suiting if question.competency == competency and question.id not in seen]
        if fresh:
            return rng.choice(fresh)
    last = {id: index for index, id in enumerate(seen)}
    return min(suiting, key=lambda question: last.get(question.id, -1))


def announce(drill: Drill, past: Sequence[Occurrence], bank: Bank, cadence: Cadence, now: datetime) -> Announcement:
    """Today's question of a drill, or the trace of why there is none, with the drill's next date."""
    zone = ZoneInfo(drill.zone)
    due_at = drill.next_due_at or now
    day = due_at.astimezone(zone).date()
    moved = drill.model_copy(update={"next_due_at": cadence.next_due(max(due_at, now - TRACES))})
    reveal_at = reveal_time(drill, day, zone)
    question = choose(drill, past, bank)
    why = _why_not(day, now.astimezone(zone).date(), reveal_at, now, question)
    if why or question is None:
        return Announcement(saves=(moved, _skipped(drill, day, due_at, reveal_at, question, why or "")), posts=())
    late = now - due_at > timedelta(minutes=15)
    return posted(moved.model_copy(update={"number": drill.number + 1}), question, day, due_at, reveal_at, late=late)


def _why_not(day: date, today: date, reveal_at: datetime, now: datetime, question: Question | None) -> str:
    if question is None:
        return "no question of the bank suits this drill's topics and level"
    if day != today:
        return "Loopcoach was not running that day"
    if now >= reveal_at:
        return "Loopcoach came back after the time of the reveal"
    return ""


def _skipped(drill: Drill, day: date, due_at: datetime, reveal_at: datetime, question: Question | None, why: str) -> Occurrence:
    return Occurrence(
        key=short_id(drill.key, day.isoformat()),
        drill=drill.key,
        day=day,
        number=0,
        question=question.id if question else "",
        due_at=due_at,
        reveal_at=reveal_at,
        status="skipped",
        why=why,
    )


def posted(drill: Drill, question: Question, day: date, due_at: datetime, reveal_at: datetime, *, late: bool = False) -> Announcement:
    """The question of a day, its thread, and its reveal."""
    key = short_id(drill.key, day.isoformat())
    occurrence = Occurrence(
        key=key, drill=drill.key, day=day, number=drill.number, question=question.id, due_at=due_at, reveal_at=reveal_at, late=late
    )
    thread = Conversation(key=key, purpose="drill", parent=drill.place, person=house(drill.place).key, live=False)
    reveal = Timer(key=f"reveal:{key}", due_at=reveal_at, line=f"reveal {key}", place=drill.place, who=house(drill.place))
    posts = (
        Post(
            key=f"daily/{key}",
            into=drill.place,
            conversation=key,
            opens=True,
            thread_name=f"Daily question {drill.number}: {question.title}",
            card=daily_card(occurrence, question, drill),
            until=reveal_at,
            bulk=True,
        ),
        Post(
            key=f"daily/{key}/thread",
            into=drill.place,
            conversation=key,
            card=Card(text=THREAD),
            until=reveal_at,
            bulk=True,
            if_unsure="skip",
        ),
    )
    return Announcement(saves=(drill, occurrence, thread, reveal), posts=posts)


THREAD = (
    "Assumptions and trade-offs belong here. Mention me with a clarifying question and everybody gets the answer. "
    "Answers go through the button, so nobody is spoiled."
)


def reveal_time(drill: Drill, day: date, zone: ZoneInfo) -> datetime:
    """When the suggested answer is shown: the same local date, or the next one where the reveal stands before the question."""
    return at_local(day if drill.reveal > drill.at else day + timedelta(days=1), drill.reveal, zone)


def daily_card(occurrence: Occurrence, question: Question, drill: Drill, *, closed: bool = False) -> Card:
    """The card in the channel; its buttons fit on a phone without scrolling."""
    level = LEVELS[drill.level] if drill.level != "any" else levels_of(question)
    late = f" · late: planned {drill.at:%H:%M}" if occurrence.late else ""
    ends = "Closed, see the thread" if closed else f"Reveal {when(occurrence.reveal_at, 'datetime')}"
    return Card(
        eyebrow=f"Daily question {occurrence.number} · {COMPETENCIES[question.competency]} · {level}{late}",
        title=question.title,
        text=question.prompt,
        facts=(
            *((looks_at(question),) if question.principles else ()),
            Fact(label="Time", value=f"About {question.minutes} min · {ends}"),
            *((Fact(label="Answered", value=f"{occurrence.counted} or more"),) if occurrence.counted else ()),
        ),
        buttons=(
            Button(label="Answer privately", line=f"answer daily:{occurrence.key}", style="primary"),
            Button(label="Mock this", line=f"mock minutes:15 question:{question.id}"),
            Button(label="I pass", line=f"pass {question.id}"),
            REMINDERS,
        ),
        footer=f"Answers go only to you. {PRACTICE}",
    )
