"""Posting a daily question, or leaving the trace of why there is none. Pure and cheap: the scheduler posts many at once with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat import Card, Post, house
from core.features.calendar import Cadences
from core.features.drill.choosing import choose, note
from core.features.drill.daily_card import daily_card
from core.features.drill.days import day_of, following, reveal_time
from core.questions.bank import Bank, Question
from core.records import Conversation, Drill, Occurrence, Record, Timer, short_id

TRACES = timedelta(days=14)
"""After a long absence, days further back leave no trace of their own."""
LATE = timedelta(minutes=15)
"""From here on a question says that it is late."""
DOWN = "Loopcoach was not running that day"
TOO_LATE = "Loopcoach came back after the time of the reveal"
NOTHING_SUITS = "no question of the bank suits this drill's topics and level"
THREAD = (
    "Assumptions and trade-offs belong here. Mention me with a clarifying question and everybody gets the answer. "
    "Answers go through the button, so nobody is spoiled."
)


@dataclass(frozen=True)
class Announcement:
    """A daily question as it is to be stored and posted."""

    saves: tuple[Record, ...]
    posts: tuple[Post, ...]


def occurrence_key(drill: Drill, day: date) -> str:
    """One a channel and local date."""
    return short_id(drill.key, day.isoformat())


def announce(drill: Drill, bank: Bank, cadences: Cadences, now: datetime) -> Announcement:
    """The question that is due, or the trace of why there is none, with the drill's next date.

    It may be laid out a little before it is due; then it is not sent earlier.
    """
    due_at = drill.next_due_at or now
    zone = ZoneInfo(drill.zone)
    day = day_of(drill, due_at)
    reveal_at = reveal_time(drill, day)
    moved = following(drill, cadences, max(due_at, now - TRACES))
    if now.astimezone(zone).date() > due_at.astimezone(zone).date():
        return skipped(moved, day, due_at, DOWN)
    if now >= reveal_at:
        return skipped(moved, day, due_at, TOO_LATE)
    question = choose(drill, bank, day)
    if question is None:
        return skipped(moved, day, due_at, NOTHING_SUITS)
    early = due_at if due_at > now else None
    return posted(note(moved, question, day), question, day, due_at, reveal_at, late=now - due_at > LATE, not_before=early)


def skipped(drill: Drill, day: date, due_at: datetime, why: str) -> Announcement:
    """No question on that day, and why."""
    trace = Occurrence(
        key=occurrence_key(drill, day),
        drill=drill.key,
        day=day,
        number=0,
        question="",
        due_at=due_at,
        reveal_at=reveal_time(drill, day),
        status="skipped",
        why=why,
    )
    return Announcement(saves=(drill, trace), posts=())


def posted(
    drill: Drill,
    question: Question,
    day: date,
    due_at: datetime,
    reveal_at: datetime,
    *,
    late: bool = False,
    not_before: datetime | None = None,
) -> Announcement:
    """The question of a day, its thread, and its reveal. `drill` counts it already."""
    key = occurrence_key(drill, day)
    occurrence = Occurrence(
        key=key, drill=drill.key, day=day, number=drill.number, question=question.id, due_at=due_at, reveal_at=reveal_at, late=late
    )
    thread = Conversation(key=key, purpose="drill", parent=drill.place, person=house(drill.place).key, live=False)
    posts = (
        Post(
            key=f"daily/{key}",
            into=drill.place,
            conversation=key,
            opens=True,
            thread_name=f"Daily question {drill.number}: {question.title}",
            card=daily_card(occurrence, question, drill),
            not_before=not_before,
            until=reveal_at,
            bulk=True,
        ),
        Post(
            key=f"daily/{key}/thread",
            into=drill.place,
            conversation=key,
            card=_THREAD,
            not_before=not_before,
            until=reveal_at,
            bulk=True,
            if_unsure="skip",
        ),
    )
    return Announcement(saves=(drill, occurrence, thread, reveal_timer(occurrence, drill)), posts=posts)


_THREAD = Card(text=THREAD)


def reveal_timer(occurrence: Occurrence, drill: Drill) -> Timer:
    """Shows the answer at its time."""
    return Timer(
        key=f"reveal:{occurrence.key}",
        due_at=occurrence.reveal_at,
        line=f"reveal {occurrence.key}",
        place=drill.place,
        who=house(drill.place),
    )
