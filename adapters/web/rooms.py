"""Who is on the page and where they may speak: one space, a few channels, everybody's direct messages."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.web.history import Someone
from core.chat import Place
from core.errors import CoachError, NotAllowed

PLATFORM = "web"
_THREAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_NAME = 40


def someone(name: str) -> Someone:
    """The person of this name: the same one however it is spaced or capitalised. CoachError where it is no name."""
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    if not shown or len(shown) > LONGEST_NAME:
        raise CoachError(f"A name has 1 to {LONGEST_NAME} characters.")
    folded = shown.casefold()
    id = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if id != folded.replace(" ", "-"):
        id = f"{id}-{_digest(folded)[:8]}".strip("-")
    return Someone(key=key_of(id), id=id, name=shown)


def key_of(id: str) -> str:
    """The key of the person whose direct messages are `@id`."""
    return f"{PLATFORM}:{id}"


def thread_id(key: str) -> str:
    """The name of the thread that the post of this key opens: letters and digits only."""
    return _digest(key)[:16]


def reader(place: Place) -> str | None:
    """Key of the only person who reads here; None where everybody does."""
    return key_of(place.channel.removeprefix("@")) if place.direct else None


@dataclass(frozen=True)
class Rooms:
    """The page's map."""

    space: str = "page"
    channels: Sequence[str] = ("backend-interviews",)

    def enter(self, text: str, person: str) -> Place:
        """The place of this string form; NotAllowed where this person has no business there."""
        try:
            place = Place.parse(text)
        except ValueError:
            raise NotAllowed("There is no such room.") from None
        ours = (place.platform, place.space) == (PLATFORM, self.space) and _THREAD.fullmatch(place.thread or "-")
        if not ours or (reader(place) != person if place.direct else place.channel not in self.channels):
            raise NotAllowed("There is no such room.")
        return place

    def seen_by(self, someone: Someone) -> list[dict[str, Any]]:
        """The rooms of one person, for the page."""
        channels = [_room(Place(platform=PLATFORM, space=self.space, channel=name), name, "channel") for name in self.channels]
        return [*channels, _room(Place.dm(PLATFORM, self.space, someone.id), "Coach", "dm")]


def _room(place: Place, name: str, kind: str) -> dict[str, Any]:
    return {"place": str(place), "name": name, "kind": kind}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
