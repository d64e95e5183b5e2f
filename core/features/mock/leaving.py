"""Ending a mock, or not holding it at all."""

from __future__ import annotations

from core.chat import Message
from core.errors import TooLate
from core.features.handler import Outcome, Tools, passing
from core.features.mock.debriefing import close
from core.features.mock.room import (
    Room,
    own,
)
from core.interview import cards
from core.interview.stages import Stage


async def cancel(known: Room, message: Message, tools: Tools) -> Outcome:
    """Not held; nothing stays of it."""
    interview = own(known, message)
    if interview.stage is not Stage.READY:
        raise TooLate("It has begun already. `end` ends it and shows the debrief.")
    gone = (interview, *((known.conversation,) if known.conversation else ()))
    return Outcome(removes=gone, posts=(passing(message, cards.cancelled(interview.loop)),))


async def end(known: Room, message: Message, tools: Tools) -> Outcome:
    """It is over, at any time; there is always a debrief."""
    interview = own(known, message)
    if interview.stage is Stage.READY:
        return await cancel(known, message, tools)
    return await close(interview.end(tools.now), message, tools, known)
