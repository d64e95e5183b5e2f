"""Coaching in direct messages: what was missed comes back, one point a day at most, until it is strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.chat import Button, Card, Message
from core.errors import TooLate
from core.features.calendar import Mornings, at_local, may_write, morning_from, mornings, next_morning
from core.features.handler import (
    NOTHING,
    AnyHandler,
    Caller,
    Handler,
    Outcome,
    Tools,
    effect,
    kept,
    passing,
    read_caller,
    to_person,
    zone_of,
)
from core.ports import Reads, Upto
from core.questions.bank import LEVELS, Question
from core.questions.cards import ORDER, in_order
from core.records import Profile, Timer, Weakness, short_id
from core.review.feedback import Feedback, Status
from core.review.recall import rated

KEEP = 3
"""New points to bring back from one answer; the rest would only be a list."""
STRONG = timedelta(days=7)
"""A point whose next date is further away counts as strong."""
PATIENCE = 3
"""Unanswered messages in a row before it asks for less."""
REPLY = timedelta(days=3)
"""How long plain words in the direct messages count as the answer to the coach's question."""


# --- after an answer -------------------------------------------------------------------------------------------------


def after_attempt(
    profile: Profile,
    question: Question,
    feedback: Feedback,
    weak: Sequence[Weakness],
    follow: Timer | None,
    caller: Caller,
    tools: Tools,
    *,
    only: str | None = None,
) -> Outcome:
    """The points this answer leaves open or settles, and the next morning's message. `only`: the one point that was asked for."""
    if feedback.too_little and not only:
        return NOTHING
    known = {record.point: record for record in weak}
    changed: list[Weakness] = []
    fresh = 0
    for point in in_order(question.points):
        verdict = next((item for item in feedback.verdicts if item.point == point.id), None)
        if verdict is None or verdict.status is Status.NOT_ASKED or (only and point.id != only):
            continue
        record = known.get(point.id)
        missed = verdict.status in (Status.MISSING, Status.MAYBE)
        if record is None and not only:
            expected = ORDER.index(point.level) <= ORDER.index(profile.level)
            if not (missed and expected) or fresh == KEEP:
                continue
            fresh += 1
        if record is not None or missed:
            near = verdict.sentences[0] if verdict.sentences else verdict.near
            quote = feedback.sentence(near) if near else (record.quote if record else None)
            changed.append(_next(record, profile, question, point.id, verdict.status, quote, tools))
    timers: tuple[Timer, ...] = ()
    if follow is None and profile.coaching != "off" and any(record.status == "open" for record in changed):
        timers = (_follow(profile, caller, tools),)
    return Outcome(saves=(*changed, *timers))


def _next(
    record: Weakness | None, profile: Profile, question: Question, point: str, status: Status, quote: str | None, tools: Tools
) -> Weakness:
    key = short_id(profile.key, question.id, point)
    card, due = rated(record.card if record else None, key, status, tools.now)
    strong = status is Status.COVERED and due - tools.now >= STRONG
    values = {"card": card, "due_at": due, "quote": quote, "asked_at": None, "status": "strong" if strong else "open"}
    if record:
        return record.model_copy(update=values)
    return Weakness(key=key, person=profile.key, question=question.id, point=point, **values)


def own_mornings(profile: Profile, caller: Caller, message: Message | None = None) -> Mornings:
    """When this person may be written to first."""
    return mornings(profile, zone_of(profile, caller.space, message.author.zone if message else None), caller.country)


def _follow(profile: Profile, caller: Caller, tools: Tools) -> Timer:
    weekly = profile.coaching == "weekly"
    return _followed(profile, next_morning(own_mornings(profile, caller), tools.cadence, tools.now, weekly=weekly))


def _followed(profile: Profile, at: datetime) -> Timer:
    return Timer(key=f"followed:{profile.key}", due_at=at, line="followed", place=profile.home, who=profile.who)


def planned_anew(before: Profile, profile: Profile, follow: Timer | None, caller: Caller, tools: Tools) -> Timer | None:
    """The waiting message as the person's new hour, zone or days want it; tomorrow's where none waits, None where none is to come."""
    if profile.coaching == "off":
        return None
    if follow is None or profile.coaching != before.coaching:
        return _follow(profile, caller, tools)
    order = own_mornings(profile, caller)
    day = follow.due_at.astimezone(zone_of(before, caller.space)).date()
    if profile.coaching == "daily":  # more days may bring it nearer
        day = min(day, tools.now.astimezone(ZoneInfo(order.zone)).date() + timedelta(days=1))
    return _followed(profile, morning_from(order, tools.cadence, day, tools.now))


# --- the next morning ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Morning:
    """What could be brought back today."""

    caller: Caller
    due: Sequence[Weakness]
    later: int
    """Open points that are not due yet."""


async def read_morning(reads: Reads, message: Message) -> Morning:
    """The open points, what is due first. A DUE message carries the moment it was due for.

    What is due before the day is over counts. A point that was practised today is due tomorrow at the earliest.
    """
    person = message.author.key
    caller = await read_caller(reads, message)
    zone = zone_of(caller.profile, caller.space)
    tonight = at_local(message.sent_at.astimezone(zone).date() + timedelta(days=1), time(0), zone)
    due = await reads.find(Weakness, person=person, status="open", due_at=Upto(tonight), order="due_at", limit=5)
    total = await reads.count(Weakness, person=person, status="open")
    return Morning(caller=caller, due=due, later=total - len(due))


async def followed(known: Morning, message: Message, tools: Tools) -> Outcome:
    """One thing, at most 80 words; nothing where nothing is open or the person wants none."""
    profile = known.caller.profile
    if profile is None or profile.coaching == "off":
        return NOTHING
    order = own_mornings(profile, known.caller)
    if not may_write(order, tools.cadence, profile, tools.now):
        at = _next_free(profile, order, tools)
        return Outcome(saves=(_followed(profile, at),) if known.due or known.later else ())
    if profile.unanswered >= PATIENCE and profile.coaching == "daily":
        weekly = profile.model_copy(update={"coaching": "weekly", "unanswered": 0, "asked_weekly": True, "written_at": tools.now})
        return Outcome(saves=(weekly, _follow(weekly, known.caller, tools)), posts=(to_person(profile, _less(), effect(message)),))
    again = (_follow(profile, known.caller, tools),) if known.due or known.later else ()
    for weakness in known.due:
        question = tools.bank.find(weakness.question)
        if question and weakness.point in question.by_point:
            asked = weakness.model_copy(update={"asked_at": tools.now, "due_at": tools.now + timedelta(days=2)})
            patient = profile.model_copy(update={"unanswered": profile.unanswered + 1, "written_at": tools.now})
            post = to_person(profile, morning_card(question, weakness), effect(message), until=tools.now + timedelta(hours=8))
            return Outcome(saves=(asked, patient, *again), posts=(post,))
    return Outcome(saves=again)


def _next_free(profile: Profile, order: Mornings, tools: Tools) -> datetime:
    """The next moment at which one may come: later today too, unless today had its own."""
    today = tools.now.astimezone(zone := ZoneInfo(order.zone)).date()
    written = profile.written_at and profile.written_at.astimezone(zone).date() == today
    return morning_from(order, tools.cadence, today + timedelta(days=1 if written else 0), tools.now)


def morning_card(question: Question, weakness: Weakness) -> Card:
    """One point to bring back."""
    point = question.point(weakness.point)
    return Card(
        eyebrow=f"One point to bring back · {question.title}",
        title=point.name,
        quote=weakness.quote,
        text=f"{point.probe}\n\nTwo or three sentences; just reply here.",
        buttons=(
            Button(label="Answer", line=f"followup {question.id} {point.id}", style="primary"),
            Button(label="Show the bullet", line=f"comeback bullet {weakness.key}"),
            Button(label="Tomorrow", line=f"comeback tomorrow {weakness.key}"),
            Button(label="Weekly instead", line="comeback weekly"),
            Button(label="Stop these", line="comeback stop"),
        ),
    )


def _less() -> Card:
    return Card(
        text="My last three messages stayed unanswered, so from now on I write once a week.",
        buttons=(
            Button(label="Weekly is fine", line="comeback weekly"),
            Button(label="Every day again", line="comeback daily"),
            Button(label="Stop these", line="comeback stop"),
        ),
    )


# --- the buttons below it --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coming:
    """The point a button is about, and the waiting message."""

    caller: Caller
    weakness: Weakness | None
    follow: Timer | None


async def read_coming(reads: Reads, message: Message) -> Coming:
    """The named point, where it is the person's own."""
    found = await reads.get(Weakness, message.fields["id"]) if message.fields.get("id") else None
    return Coming(
        caller=await read_caller(reads, message),
        weakness=found if found and found.person == message.author.key else None,
        follow=await reads.get(Timer, f"followed:{message.author.key}"),
    )


async def comeback(known: Coming, message: Message, tools: Tools) -> Outcome:
    """Tomorrow, weekly, daily, never, or the bullet."""
    choice = message.fields.get("at", "")
    profile = known.caller.known(message, tools.now)
    if choice in ("stop", "weekly", "daily"):
        return _how_often(known, profile, choice, message, tools)
    if choice == "enough":
        return Outcome(posts=(passing(message, "Enough for today. The next one comes at its own time."),))
    if known.weakness is None:
        raise TooLate("That point is settled or gone. /progress shows what is open.")
    if choice == "tomorrow":
        later = known.weakness.model_copy(update={"due_at": tools.now + timedelta(hours=12), "asked_at": None})
        follow = () if known.follow else (_follow(profile, known.caller, tools),)
        return Outcome(saves=(later, *follow), posts=(passing(message, "Tomorrow, then."),))
    question = tools.bank.find(known.weakness.question)
    if question is None or known.weakness.point not in question.by_point:
        raise TooLate("That question is no longer in the bank.")
    point = question.point(known.weakness.point)
    card = Card(
        title=point.name,
        text=f"{point.bullet or point.text}\n\nExpected from {LEVELS[point.level]}. It comes back, so that it becomes yours.",
    )
    return Outcome(posts=(kept(message, card),))


def _how_often(known: Coming, profile: Profile, choice: str, message: Message, tools: Tools) -> Outcome:
    coaching = "off" if choice == "stop" else choice
    changed = profile.model_copy(update={"coaching": coaching, "unanswered": 0})
    if choice == "stop":
        gone = (known.follow,) if known.follow else ()
        text = "Stopped, for good: I do not write first any more. /settings brings it back."
        return Outcome(saves=(changed,), removes=gone, posts=(passing(message, text),))
    text = "Once a week, then." if choice == "weekly" else "Once a day at most, then."
    return Outcome(saves=(changed, _follow(changed, known.caller, tools)), posts=(passing(message, text),))


HANDLERS: dict[str, AnyHandler] = {
    "followed": Handler(read=read_morning, decide=followed),
    "comeback": Handler(read=read_coming, decide=comeback),
}
