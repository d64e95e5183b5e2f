"""The daily question: choosing it, its card, its thread, its reveal, and the week in the channel.

`announce` is pure and cheap, because the scheduler posts many at once with it; everything later enters as a message.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Fact, Line, Menu, Message, Post, house, when
from core.features.calendar import at_local
from core.features.handler import NOTHING, AnyHandler, Handler, Outcome, Tools
from core.ports import Cadence, From, Reads
from core.questions.bank import COMPETENCIES, LEVELS, Bank, Point, Question
from core.questions.cards import PRACTICE, bullet_lines, levels_of, looks_at, often_wrong
from core.records import Attempt, Conversation, Drill, Occurrence, Record, Timer, short_id
from core.review.feedback import Status

WINDOW = timedelta(days=60)
"""No question comes twice within this time, as long as the bank holds enough."""
TRACES = timedelta(days=14)
"""After a long absence, days further back leave no trace of their own."""
GROUP = 5
"""Below this many people no number is shown."""
STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""The counter says `n or more` for these only, so that nobody can be told from it."""
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


# --- counting --------------------------------------------------------------------------------------------------------


async def others_answered(reads: Reads, occurrence: Occurrence, person: str) -> int:
    """How many people besides this one answered."""
    everybody = await reads.count(Attempt, occurrence=occurrence.key, source="daily", distinct="person")
    mine = await reads.count(Attempt, occurrence=occurrence.key, source="daily", person=person)
    return everybody - (1 if mine else 0)


def count_answer(occurrence: Occurrence | None, drill: Drill | None, others: int, tools: Tools) -> Outcome:
    """The counter on the card, where this answer takes it over a step."""
    if occurrence is None or drill is None or occurrence.status != "posted":
        return NOTHING
    step = max((step for step in STEPS if step <= others + 1), default=0)
    question = tools.bank.find(occurrence.question)
    if step <= occurrence.counted or question is None:
        return NOTHING
    counted = occurrence.model_copy(update={"counted": step})
    edit = Post(
        key=f"daily/{occurrence.key}/{step}",
        into=drill.place,
        conversation=occurrence.key,
        replaces=f"daily/{occurrence.key}",
        card=daily_card(counted, question, drill),
        bulk=True,
    )
    return Outcome(saves=(counted,), posts=(edit,))


# --- the reveal ------------------------------------------------------------------------------------------------------


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


HANDLERS: dict[str, AnyHandler] = {"reveal": Handler(read=read_revealing, decide=reveal)}
