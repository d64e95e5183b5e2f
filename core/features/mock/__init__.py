"""`/mock`, from its opening post to the last claim on its debrief."""

from __future__ import annotations

from core.features.handler import AnyHandler, Handler
from core.features.mock import answering, claiming, clock, debriefing, leaving, loop, setting_up
from core.features.mock.room import read_room

HANDLERS: dict[str, AnyHandler] = {
    "mock": Handler(read=read_room, decide=setting_up.mock, form=setting_up.mock_form),
    "begin": Handler(read=read_room, decide=setting_up.begin),
    "change": Handler(read=read_room, decide=setting_up.change, form=setting_up.change_form),
    "cancel": Handler(read=read_room, decide=leaving.cancel),
    "end": Handler(read=read_room, decide=leaving.end),
    "done": Handler(read=read_room, decide=answering.done),
    "say": Handler(read=read_room, decide=answering.say, form=answering.say_form, check=answering.check_say),
    "hint": Handler(read=read_room, decide=answering.hint),
    "skip": Handler(read=read_room, decide=answering.skip),
    "quiet": Handler(read=read_room, decide=answering.quiet),
    "pause": Handler(read=read_room, decide=clock.pause),
    "resume": Handler(read=read_room, decide=clock.resume),
    "time": Handler(read=read_room, decide=clock.time),
    "box": Handler(read=read_room, decide=clock.box),
    "loop": Handler(read=loop.read_waiting, decide=loop.next_round),
    "round": Handler(read=loop.read_round, decide=loop.show_round),
    "regrade": Handler(read=read_room, decide=debriefing.regrade),
    "dispute": Handler(read=claiming.read_disputed, decide=claiming.dispute),
    "keep": Handler(read=debriefing.read_told, decide=debriefing.keep),
}
