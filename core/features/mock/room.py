"""A mock as it stands: what is read for it, who may do what in it, and its timers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.chat import Card, Kind, Message, Post
from core.errors import NotAllowed, TooLate
from core.features.handler import Caller, Tools, read_caller
from core.interview import cards
from core.interview.loop import Loop
from core.interview.stages import Interview, Stage
from core.ports import AnyOf, Reads
from core.questions.bank import Question
from core.records import Attempt, Background, Conversation, Timer, Weakness

QUIET = timedelta(seconds=25)
"""After so long without a word the turn is over."""
IDLE = timedelta(minutes=20)
"""After so long without a word the mock pauses by itself."""
SEEN = 40
LIVE = AnyOf((Stage.READY.value, Stage.STORY.value, Stage.TECHNICAL.value))


@dataclass(frozen=True)
class Room:
    """A mock as it stands, and who is speaking."""

    caller: Caller
    interview: Interview | None
    running: Sequence[Interview] = ()
    """The person's mocks that are not over."""
    seen: tuple[str, ...] = ()
    """Questions they met lately, oldest first."""
    timers: tuple[Timer, ...] = ()
    conversation: Conversation | None = None
    weak: Sequence[Weakness] = ()
    """What is open at its questions, where the message may end it."""
    follow: Timer | None = None
    """The next morning's message, where one is waiting already."""
    loop: Loop | None = None
    """The loop it is a round of."""
    rounds: Sequence[Interview] = ()
    """The loop's other rounds that were held, where the message may end this one."""
    background: Background | None = None
    """What the person told of themself, where a mock is set up."""


async def read_room(reads: Reads, message: Message) -> Room:
    """The mock that the message names, or that is held in its place, or that the person has open."""
    id = message.fields.get("id")
    if id is None:
        here = await reads.find(Conversation, place=str(message.place), live=True, limit=5)
        id = next((item.key for item in here if item.purpose == "mock"), None)
    running = await reads.find(Interview, person=message.author.key, stage=LIVE, limit=5)
    if id is None and message.kind is Kind.COMMAND and running:
        id = running[0].key
    starting = message.command in ("mock", "change", "loop", "begin")
    attempts = await reads.find(Attempt, person=message.author.key, order="-at", limit=SEEN) if starting else ()
    timers = [await reads.get(Timer, f"{name}:{id}") for name in ("quiet", "box")] if id else []
    interview = await reads.get(Interview, id) if id else None
    ending = interview if message.command else None
    loop = await reads.get(Loop, interview.loop) if ending and interview and interview.loop else None
    held = [item.interview for item in loop.rounds if item.interview and item.over] if loop else []
    asked = AnyOf(tuple(part.question for part in ending.parts)) if ending else None
    return Room(
        caller=await read_caller(reads, message),
        interview=interview,
        running=running,
        seen=tuple(dict.fromkeys(item.question for item in reversed(attempts))),
        timers=tuple(timer for timer in timers if timer),
        conversation=await reads.get(Conversation, id) if id else None,
        weak=await reads.find(Weakness, person=ending.person, question=asked, limit=200) if ending else (),
        follow=await reads.get(Timer, f"followed:{ending.person}") if ending else None,
        loop=loop,
        rounds=await reads.find(Interview, key=AnyOf(tuple(held))) if held else (),
        background=await reads.get(Background, message.author.key) if starting else None,
    )


def own(known: Room, message: Message) -> Interview:
    """The mock, where it is the speaker's own."""
    if known.interview is None:
        raise TooLate("There is no mock here now. /mock starts one.")
    if known.interview.person != message.author.key:
        raise NotAllowed("That is somebody else's mock. /mock starts your own.")
    return known.interview


def current(interview: Interview, message: Message) -> None:
    """A button of an earlier turn does nothing."""
    turn = message.fields.get("turn")
    if turn is not None and turn != str(interview.turn):
        raise TooLate(cards.stale().text)


def questions_of(interview: Interview, tools: Tools) -> dict[str, Question]:
    """The questions of a mock, by id; TooLate where one left the bank."""
    found = {part.question: tools.bank.find(part.question) for part in interview.parts}
    missing = next((id for id, question in found.items() if question is None), None)
    if missing:
        raise TooLate("A question of this mock left the bank. `end` closes it; /mock starts another.")
    return {id: question for id, question in found.items() if question}


def in_thread(interview: Interview, card: Card, key: str) -> Post:
    """A post into the mock's thread."""
    return Post(key=key, into=interview.place, conversation=interview.key, card=card, about=interview.person)


def opening_key(interview: str) -> str:
    """The key of the post that opens a mock's thread."""
    return f"mock/{interview}"


def quiet_timer(interview: Interview, message: Message, tools: Tools) -> Timer:
    """Closes the turn after 25 seconds without a word."""
    last = interview.draft[-1].at if interview.draft else tools.now
    line = f"quiet {interview.key} {interview.turn}"
    return Timer(key=f"quiet:{interview.key}", due_at=max(last + QUIET, tools.now), line=line, place=message.place, who=interview.who)


def box_timer(interview: Interview, message: Message, tools: Tools) -> Timer:
    """Wakes at the next mark of the clock, or where silence has lasted too long."""
    idle = (interview.last_heard_at or tools.now) + IDLE
    mark = interview.next_mark(tools.now)
    at = min(idle, mark) if mark else idle
    soonest = tools.now + timedelta(seconds=1)
    return Timer(key=f"box:{interview.key}", due_at=max(at, soonest), line=f"box {interview.key}", place=message.place, who=interview.who)
