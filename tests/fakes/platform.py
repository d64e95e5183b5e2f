"""A platform that remembers what was posted, with faults to inject."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.chat import Attachment, Card, Place, Post, Receipt
from core.ports import Absent, CannotTell, Door


@dataclass
class Shown:
    """One message as people see it."""

    post: Post
    place: Place
    receipt: Receipt
    edits: int = 0

    @property
    def card(self) -> Card:
        return self.post.card


@dataclass
class FakePlatform:
    """Implements `core.ports.Platform`; threads are named after the post that opened them."""

    name: str = "web"
    beat: float = 0.001
    shown: list[Shown] = field(default_factory=list)
    signs: list[tuple[Place, str]] = field(default_factory=list)
    grown: list[tuple[Receipt, Card]] = field(default_factory=list)
    faults: list[Callable[[Post], None]] = field(default_factory=list)
    """Each is called once with a post, before it counts; it may raise."""
    faults_after: list[Callable[[Post], None]] = field(default_factory=list)
    """The same, after the message stands there."""
    can_look: bool = True
    attempts: int = 0

    async def run(self, door: Door) -> None:
        await asyncio.Event().wait()

    def fit(self, card: Card) -> Sequence[Card]:
        return (card,)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        self.attempts += 1
        if self.faults:
            self.faults.pop(0)(post)
        if replaced:
            old = next(item for item in self.shown if item.receipt == replaced)
            old.post = old.post.model_copy(update={"card": post.card})
            old.edits += 1
            return replaced
        receipt = self._show(post)
        if self.faults_after:
            self.faults_after.pop(0)(post)
        return receipt

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        if not self.can_look:
            return CannotTell("this platform keeps no history")
        return next((item.receipt for item in self.shown if item.post.key == post.key), Absent())

    async def show(self, at: Place, sign: str) -> None:
        self.signs.append((at, sign))

    async def grow(self, at: Receipt, card: Card) -> None:
        self.grown.append((at, card))

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    def _show(self, post: Post) -> Receipt:
        place = post.into
        person = post.audience.person
        if post.audience.kind == "kept" and person and not place.direct:
            place = Place.dm(place.platform, place.space, person.id)
        id = f"m{len(self.shown) + 1}"
        receipt = Receipt(place=place.at(f"t{len(self.shown) + 1}") if post.opens else place, id=id)
        self.shown.append(Shown(post, place, receipt))
        return receipt
