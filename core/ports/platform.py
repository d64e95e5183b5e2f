"""A place where people talk, the way in from it, and words that are heard before all of them are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from core.chat import Attachment, Card, Form, Message, Place, Post, Receipt


@dataclass(frozen=True)
class Absent:
    """Looked everywhere it could be: it is not there."""


@dataclass(frozen=True)
class CannotTell:
    """The platform gives no way to look; `Post.if_unsure` decides."""

    why: str = ""


class Door(Protocol):
    """The one way in. Adapters call it; `core.coach.Coach` is it."""

    async def form(self, message: Message) -> Form | None:
        """The dialog that a command opens, prefilled; None where it opens none. One read, well under 3 seconds."""

    async def home(self, message: Message) -> Sequence[Card]:
        """What a person's own home page shows, on platforms that have one. One read."""

    def check(self, message: Message) -> Mapping[str, str]:
        """What is wrong with the fields of a submitted form: field → sentence."""

    async def accept(self, message: Message) -> bool:
        """Keep the message; False where it was known already. Once this returns it will not be lost.

        Raises StoreUnavailable where it could not be kept: then it must not be acknowledged.
        """

    async def live(self, platform: str) -> Sequence[Place]:
        """Threads and direct messages of the platform where a conversation is going on, for catching up."""

    async def awaited(self, platform: str) -> Sequence[Place]:
        """Direct messages in which an answer to a question of ours may come: for catching up too, after a time without events."""


class Platform(Protocol):
    """A place where people talk. See DESIGN: a new one is one folder and one line in `bot.wiring`."""

    name: str
    beat: float
    """Seconds between two `grow` of one message; 0 where messages stand there whole or not at all."""

    async def run(self, door: Door) -> None:
        """Listen until cancelled."""

    def fit(self, card: Card) -> Sequence[Card]:
        """The card as one or more that each fit into one message; nothing is lost."""

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        """Send it. `replaced` is where the post it replaces landed. Raises RetryLater, Refused or Uncertain."""

    async def find(self, post: Post) -> Receipt | Absent | CannotTell:
        """Whether an earlier, uncertain attempt arrived."""

    async def show(self, at: Place, sign: str) -> None:
        """Best effort: a passing sign that somebody is `heard` or that an answer is being thought about (`thinking`)."""

    async def grow(self, at: Receipt, card: Card) -> None:
        """Best effort: a message that is still being written (`Post.growing`), as far as it is. What it ends as is delivered, not grown."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes."""


# --- speaking ---


class Growing(Protocol):
    """A message that is shown while it is being written."""

    @property
    def begun(self) -> str | None:
        """Key of the post that stands there already, from this attempt or an earlier one; what it ends as has to replace it."""

    async def grow(self, card: Card) -> None:
        """Show this much of it, as soon as the platform may; returns at once."""


class Voice(Protocol):
    """Lets people hear something before all of it is decided. What is kept is decided and committed all the same."""

    async def thinking(self, at: Place) -> None:
        """A passing sign that somebody thinks about an answer."""

    def growing(self, post: Post) -> AbstractAsyncContextManager[Growing]:
        """A message that may begin before it is whole. Once the block is left nothing more of it is shown."""
