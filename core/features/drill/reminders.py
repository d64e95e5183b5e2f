"""*Remind me*: one promised direct message about the daily question, or one at each; one press ends it for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.chat import Button, Card, Message, Place
from core.errors import NotUnderstood
from core.features.calendar import next_morning, today_at
from core.features.coaching import own_mornings
from core.features.handler import NOTHING, Caller, Outcome, Tools, effect, passing, read_caller, to_person, zone_of
from core.ports import From, Reads
from core.records import Attempt, Occurrence, Profile, Timer

LUNCH = time(12, 30)
TONIGHT = time(18, 30)


@dataclass(frozen=True)
class Reminding:
    """Who wants to be reminded, and of what."""

    caller: Caller
    timer: Timer | None
    today: Sequence[Occurrence]
    answered: bool


async def read_reminding(reads: Reads, message: Message) -> Reminding:
    """The waiting reminder and the channel's latest question."""
    person = message.author.key
    recent = await reads.find(
        Occurrence,
        drill=str(message.place.outside),
        status="posted",
        due_at=From(message.sent_at - timedelta(days=1)),
        order="-due_at",
        limit=1,
    )
    return Reminding(
        caller=await read_caller(reads, message),
        timer=await reads.get(Timer, f"nudge:{person}"),
        today=recent,
        answered=bool(recent) and await reads.count(Attempt, person=person, occurrence=recent[0].key) > 0,
    )


async def remind(known: Reminding, message: Message, tools: Tools) -> Outcome:
    """Set one, or stop them."""
    choice = message.fields.get("at", "")
    profile = known.caller.known(message, tools.now)
    zone = zone_of(profile, known.caller.space, message.author.zone)
    if choice == "stop":
        gone = (known.timer,) if known.timer else ()
        quiet = profile.model_copy(update={"reminders": "off"})
        return Outcome(saves=(quiet,), removes=gone, posts=(passing(message, "No more reminders."),))
    if choice == "every":
        always = profile.model_copy(update={"reminders": "every"})
        at = _after_the_morning(always, known.caller, tools)
        text = "I remind you once at each daily question that you have not answered. *Stop* under any of them ends it."
        return Outcome(saves=(always, _timer(always, message.place.outside, at)), posts=(passing(message, text),))
    hours = {"lunch": LUNCH, "tonight": TONIGHT}
    if choice not in hours:
        raise NotUnderstood("Remind you when? *At lunch*, *Tonight*, *Every question* or *Stop*.")
    at = today_at(hours[choice], zone, tools.now)
    saves = (*known.caller.met(message, tools.now), _timer(profile, message.place.outside, at))
    return Outcome(saves=saves, posts=(passing(message, f"I remind you once, at {at.astimezone(zone):%H:%M}."),))


def _after_the_morning(profile: Profile, caller: Caller, tools: Tools) -> datetime:
    """Half an hour after the person's own hour, on the next day that is neither off nor paused."""
    return next_morning(own_mornings(profile, caller), tools.cadence, tools.now) + timedelta(minutes=30)


def _timer(profile: Profile, channel: Place, at: datetime) -> Timer:
    return Timer(key=f"nudge:{profile.key}", due_at=at, line="nudge", place=channel, who=profile.who)


async def nudge(known: Reminding, message: Message, tools: Tools) -> Outcome:
    """The promised message, unless the question is answered or closed by now."""
    profile = known.caller.profile
    if profile is None:
        return NOTHING
    again: tuple[Timer, ...] = ()
    if profile.reminders == "every":
        again = (_timer(profile, message.place.outside, _after_the_morning(profile, known.caller, tools)),)
    question = tools.bank.find(known.today[0].question) if known.today else None
    if question is None or known.answered:
        return Outcome(saves=again)
    card = Card(
        text=f"You asked to be reminded of today's question: **{question.title}**, about {question.minutes} min.",
        buttons=(
            Button(label="Answer privately", line=f"answer daily:{known.today[0].key}", style="primary"),
            Button(label="Stop reminders", line="remind stop"),
        ),
    )
    post = to_person(profile, card, effect(message), until=known.today[0].reveal_at)
    return Outcome(saves=again, posts=(post,))
