"""`/mock`: starting one, hearing answers as they come in pieces, the interviewer's turn, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.chat import Audience, Button, Card, Form, Input, Kind, Message, Place, Post
from core.commands import MINUTES, ROUND, WHERE
from core.errors import CoachError, IllegalStep, NotAllowed, NotUnderstood, TooLate
from core.features.debriefing import close
from core.features.handler import NOTHING, Caller, Handler, Outcome, Tools, effect, passing, read_caller
from core.interview import cards
from core.interview.moves import Move, hint_move
from core.interview.plan import plan
from core.interview.stages import Interview, Stage
from core.ports import Reads
from core.questions.bank import LEVELS
from core.records import Attempt, Conversation, Profile, Timer, short_id

QUIET = timedelta(seconds=25)
"""After so long without a word the turn is over."""
IDLE = timedelta(minutes=20)
"""After so long without a word the mock pauses by itself."""
SEEN = 40


@dataclass(frozen=True)
class Room:
    """A mock as it stands, and who is speaking."""

    caller: Caller
    interview: Interview | None
    conversation: Conversation | None
    running: Sequence[Interview] = ()
    """The person's mocks that are not over."""
    seen: tuple[str, ...] = ()
    """Questions they met lately, oldest first."""
    timers: tuple[Timer, ...] = ()


async def read_room(reads: Reads, message: Message) -> Room:
    """The mock that the message names, or that is held in its place, or that the person has open."""
    id = message.fields.get("id")
    conversation = None
    if id is None:
        here = await reads.find(Conversation, place=str(message.place), kind="mock", live=True, limit=1)
        conversation = here[0] if here else None
        id = conversation.key if conversation else None
    running = await reads.find(Interview, person=message.author.key, live=True, limit=5)
    if id is None and message.kind is Kind.COMMAND and running:
        id = running[0].key
    interview = await reads.get(Interview, id) if id else None
    if interview and conversation is None:
        conversation = await reads.get(Conversation, interview.key)
    attempts = await reads.find(Attempt, person=message.author.key, order="-at", limit=SEEN) if message.command in ("mock", "change") else ()
    timers = []
    for name in ("quiet", "box"):
        if interview and (timer := await reads.get(Timer, f"{name}:{interview.key}")):
            timers.append(timer)
    return Room(
        caller=await read_caller(reads, message),
        interview=interview,
        conversation=conversation,
        running=running,
        seen=tuple(dict.fromkeys(item.question for item in reversed(attempts))),
        timers=tuple(timers),
    )


# --- starting --------------------------------------------------------------------------------------------------------


def mock_form(known: Room, message: Message, tools: Tools) -> Form | None:
    """What it is to be about, where the command did not say."""
    fields = message.fields
    if known.running or any(name in fields for name in ("action", "round", "level", "minutes", "question", "where")):
        return None
    level = known.caller.profile.level if known.caller.profile else "sde2"
    return Form(
        title="Mock interview",
        line="mock",
        fields=(
            Input(name="round", label="About", kind="choice", value="surprise", options=ROUND.options),
            Input(name="level", label="Level", kind="choice", value=level, options=_levels()),
            Input(name="minutes", label="Length", kind="choice", value="15", options=MINUTES.options),
            Input(name="where", label="Who reads along", kind="choice", value="private", options=WHERE.options),
        ),
        submit="Set it up",
    )


def _levels():  # type: ignore[no-untyped-def]
    from core.commands import LEVEL

    return LEVEL.options


async def mock(known: Room, message: Message, tools: Tools) -> Outcome:
    """Set one up; or go on with, or end, the one that is open."""
    action = message.fields.get("action")
    if action == "resume":
        return await resume(known, message, tools)
    if action == "end":
        return await end(known, message, tools)
    if known.running:
        return Outcome(posts=(passing(message, cards.one_is_open(known.running[0], tools.now)),))
    return set_up(known, message, tools)


def set_up(known: Room, message: Message, tools: Tools) -> Outcome:
    """The mock's opening post, which makes its thread; the clock starts with *Start*."""
    profile = known.caller.known(message, tools.now)
    place = _where(message, profile)
    interview = _planned(known, message, tools, profile, place)
    conversation = Conversation(key=interview.key, kind="mock", parent=place, person=profile.key)
    opening = Post(
        key=effect(message, "opening"),
        into=place,
        conversation=interview.key,
        opens=True,
        thread_name=cards.thread_name(interview),
        card=cards.intro(interview),
        audience=Audience(),
        about=profile.key,
        handle=message.handle,
    )
    told = () if place == message.place.outside else (passing(message, "Your mock is in your direct messages, only for you.", "told"),)
    return Outcome(saves=(*known.caller.met(message, tools.now), interview, conversation), posts=(opening, *told))


def _where(message: Message, profile: Profile) -> Place:
    place = message.place.outside
    if message.fields.get("where") == "open" and not place.direct:
        return place
    return Place.dm(place.platform, place.space, message.author.id)


def _planned(known: Room, message: Message, tools: Tools, profile: Profile, place: Place, key: str = "") -> Interview:
    fields = message.fields
    level = fields.get("level") or profile.level
    minutes = int(fields.get("minutes") or 15)
    wanted = tools.bank.find(fields["question"]) if fields.get("question") else None
    if fields.get("question") and wanted is None:
        raise NotUnderstood(f"There is no question {fields['question']!r}.")
    round_ = wanted.competency if wanted else fields.get("round") or "surprise"
    parts = plan(tools.bank, round_, level, minutes, seen=known.seen, rng=tools.rng, question=wanted)
    return Interview.planned(
        key=key or short_id("mock", message.id), who=message.author, place=place, round=round_, level=level, minutes=minutes, parts=parts, now=tools.now
    )
