"""What has been said on the page: the values, and the port to whatever remembers them.

Every change gives an entry a new `seq`, higher than all before it, so that catching up is "everything after my last one".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, Self

from pydantic import AwareDatetime

from core.chat import Card, Frozen


class Author(Frozen):
    """Who said it, as it was when they said it."""

    key: str
    name: str
    bot: bool = False


class Entry(Frozen):
    """One thing said in one place: a person's text or the coach's card."""

    seq: int = 0
    """0 until it is kept."""
    id: str
    """A person's: what their browser called it. The coach's: the key of the post."""
    place: str
    """The string form of a `core.chat.Place`."""
    author: Author
    text: str = ""
    """A person's words, letter for letter."""
    card: Card | None = None
    audience: Literal["everyone", "passing", "kept"] = "everyone"
    only: str | None = None
    """Key of the one person who may see it; None: everybody may."""
    about: str | None = None
    """Key of whoever it concerns; erasing them takes it along."""
    thread: str | None = None
    """The place that it opened."""
    at: AwareDatetime
    """When it was first said. Changes do not move it."""
    changed_at: AwareDatetime | None = None
    edited: bool = False
    """Whether its author changed their words."""
    gone: bool = False

    def may_see(self, person: str) -> bool:
        """Whether it is for this person's eyes."""
        return self.only in (None, person)

    def replaced(self, card: Card, at: datetime) -> Self:
        """The same entry with the coach's newer card."""
        return self.model_copy(update={"card": card, "changed_at": at})

    def reworded(self, text: str, at: datetime) -> Self:
        """The same entry in its author's newer words."""
        return self.model_copy(update={"text": text, "changed_at": at, "edited": True})

    def withdrawn(self, at: datetime) -> Self:
        """What is left once it was taken back: that there was something, nothing of what it said."""
        return self.model_copy(update={"text": "", "card": None, "changed_at": at, "gone": True})


class Someone(Frozen):
    """A person of the page."""

    key: str
    id: str
    """The `person` of `Place.dm`."""
    name: str


class History(Protocol):
    """Remembers entries and people. Durable when a call returns; raises StoreUnavailable where it could not be."""

    async def add(self, entry: Entry) -> Entry:
        """Keep it under the next `seq`. A known id changes nothing and returns what is there."""

    async def get(self, id: str) -> Entry | None:
        """The entry of this id, gone or not."""

    async def replace(self, id: str, card: Card, at: datetime) -> Entry | None:
        """`Entry.replaced`; None where there is no such entry, or it is gone. So it is for the next two."""

    async def edit(self, id: str, text: str, at: datetime) -> Entry | None:
        """`Entry.reworded`."""

    async def withdraw(self, id: str, at: datetime) -> Entry | None:
        """`Entry.withdrawn`."""

    async def since(self, seq: int, person: str, limit: int) -> Sequence[Entry]:
        """What this person may see with a higher `seq`, lowest first, at most `limit`."""

    async def newest(self, person: str, limit: int) -> Sequence[Entry]:
        """The `limit` highest that this person may see, lowest first."""

    async def people(self) -> Sequence[Someone]:
        """Everybody who was ever met, in that order."""

    async def meet(self, someone: Someone) -> None:
        """Remember them. A known key changes nothing."""
