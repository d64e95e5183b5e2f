"""The page as a platform: what the coach says becomes an entry, and is pushed to whoever may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from adapters.web.history import Author, Entry, History
from adapters.web.rooms import PLATFORM, Rooms, reader, thread_id
from adapters.web.windows import Windows
from core.chat import Attachment, Card, Place, Post, Receipt
from core.errors import Refused, RetryLater, StoreUnavailable
from core.ports import Absent, Clock, Door

COACH = Author(key=f"{PLATFORM}:", name="Loopcoach", bot=True)


class WebPlatform:
    """Implements `core.ports.Platform`. An entry's id is its post's key, so delivering twice is delivering once."""

    name = PLATFORM
    beat = 0.05

    def __init__(self, history: History, clock: Clock, rooms: Rooms) -> None:
        self.history = history
        self.clock = clock
        self.rooms = rooms
        self.windows = Windows()
        self.door: Door | None = None
        """Where what people say goes in; None while nobody is in."""

    async def run(self, door: Door) -> None:
        """Let people in until cancelled; the web server runs elsewhere."""
        self.door = door
        try:
            await asyncio.Event().wait()
        finally:
            self.door = None
            await self.windows.close()

    def fit(self, card: Card) -> Sequence[Card]:
        """A page has room for any card."""
        return (card,)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        """Keep it, then push it."""
        now = self.clock.now()
        try:
            if replaced:
                entry = await self.history.replace(replaced.id, post.card, now)
            else:
                entry = await self.history.add(self._entry(post, now))
        except StoreUnavailable as error:
            raise RetryLater(1, "the page's history cannot be written") from error
        if entry is None:
            raise Refused("the message it replaces is gone")
        self.windows.show(entry)
        return _receipt(entry)

    async def find(self, post: Post) -> Receipt | Absent:
        """Look its key up. A replacing post leaves no trace of its own; sending it again changes nothing."""
        entry = await self.history.get(post.key)
        return _receipt(entry) if entry else Absent()

    async def show(self, at: Place, sign: str) -> None:
        """Push a passing sign to whoever reads there."""
        self.windows.tell({"type": "sign", "place": str(at), "sign": sign}, only=reader(at))

    async def grow(self, at: Receipt, card: Card) -> None:
        """Push what there is of it; nothing is kept, for what it ends as is."""
        entry = await self.history.get(at.id)
        if entry and not entry.gone:
            self.windows.show(entry.model_copy(update={"card": card}))

    async def fetch(self, attachment: Attachment) -> bytes:
        """Nothing can be attached here."""
        raise Refused("the page takes no attachments")

    def erased(self, person: str) -> None:
        """Everything of this person left the history: open windows forget what they knew and read again."""
        self.windows.tell({"type": "erased", "person": person})

    def _entry(self, post: Post, now: datetime) -> Entry:
        place, person = post.into, post.audience.person
        if post.audience.kind == "kept" and person:
            own = Place.dm(PLATFORM, self.rooms.space, person.id)
            place = place if place.outside == own else own
        return Entry(
            id=post.key,
            place=str(place),
            author=COACH,
            card=post.card,
            audience=post.audience.kind,
            only=person.key if person else reader(place),
            about=post.about,
            thread=str(place.at(thread_id(post.key))) if post.opens else None,
            at=now,
        )


def _receipt(entry: Entry) -> Receipt:
    return Receipt(place=Place.parse(entry.thread or entry.place), id=entry.id)
