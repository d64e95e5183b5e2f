"""What every window is told first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.web.drawing import Json
from adapters.web.history import Someone
from adapters.web.rooms import Rooms


@dataclass(frozen=True)
class Greeting:
    """The part of the welcome that is the same for everybody."""

    version: str
    reviewer: Callable[[], str]
    """The sentence that says who reviews; it may change while we run."""
    commands: Sequence[Mapping[str, Any]] = ()
    """`name`, `usage`, `summary`, and `actions`: pairs of a second word and its line of help."""
    lone: Sequence[str] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    notice: str = "Stored only on this computer"
    names: Sequence[str] = ("You", "Ada", "Ben")
    """Whom a page without a password starts with."""

    def welcome(self, me: Someone, people: Sequence[Someone], rooms: Rooms, *, free: bool, reset: bool) -> Json:
        """`free`: the window may be anybody. `reset`: what it knew is out of date, all of it."""
        return {
            "type": "welcome",
            "version": self.version,
            "reviewer": self.reviewer(),
            "me": me.model_dump(),
            "people": [person.model_dump() for person in people],
            "places": rooms.seen_by(me),
            "commands": [dict(command) for command in self.commands],
            "lone": sorted(self.lone),
            "levels": dict(self.levels),
            "notice": self.notice,
            "free": free,
            "reset": reset,
        }
