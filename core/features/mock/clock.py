"""The clock of a mock: pause, resume, what is left, and the marks it passes."""

from __future__ import annotations

from datetime import timedelta

from core.chat import Message
from core.features.handler import NOTHING, Outcome, Tools, effect, passing
from core.features.mock.answering import speak
from core.features.mock.room import (
    IDLE,
    Room,
    box_timer,
    in_thread,
    own,
    questions_of,
    quiet_timer,
)
from core.interview import cards
from core.interview.moves import due_move


async def pause(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock stops."""
    interview = own(known, message).pause(tools.now)
    return Outcome(
        saves=(interview,),
        removes=known.timers,
        posts=(in_thread(interview, cards.paused(interview, tools.now), effect(message, "paused")),),
    )


async def resume(known: Room, message: Message, tools: Tools) -> Outcome:
    """The clock goes on, at the question where it stopped."""
    interview = own(known, message)
    if not interview.paused_at:
        here = in_thread(interview, cards.asks(interview), effect(message, "here"))
        return Outcome(posts=(passing(message, cards.time_left(interview, tools.now)), *((here,) if interview.running else ())))
    interview = interview.resume(tools.now)
    saves = (interview, box_timer(interview, message, tools), *((quiet_timer(interview, message, tools),) if interview.draft else ()))
    return Outcome(saves=saves, posts=(in_thread(interview, cards.resumed(interview, tools.now), effect(message, "resumed")),))


async def time(known: Room, message: Message, tools: Tools) -> Outcome:
    """How much is left."""
    return Outcome(posts=(passing(message, cards.time_left(own(known, message), tools.now)),))


async def box(known: Room, message: Message, tools: Tools) -> Outcome:
    """A mark of the clock, or twenty minutes of silence. A started answer is never cut."""
    interview = known.interview
    if interview is None or not interview.running or interview.paused_at:
        return NOTHING
    silent_since = interview.last_heard_at or tools.now
    if tools.now - silent_since >= IDLE and not interview.draft:
        paused = interview.pause(tools.now, since=silent_since + timedelta(minutes=1))
        return Outcome(
            saves=(paused,), posts=(in_thread(paused, cards.paused(paused, tools.now, by_itself=True), effect(message, "idle")),)
        )
    move = due_move(interview, questions_of(interview, tools), tools.now)
    if move is None:
        return Outcome(saves=(box_timer(interview, message, tools),))
    return await speak(interview, move, message, tools, known)
