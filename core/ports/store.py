"""Everything that survives a restart: records, messages that came in, posts that are owed, leases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from core.chat import Message, Post, Receipt
from core.records import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Upto:
    """A condition of `find`: at most this."""

    value: datetime | int


@dataclass(frozen=True)
class From:
    """A condition of `find`: at least this."""

    value: datetime | int | str


@dataclass(frozen=True)
class AnyOf:
    """A condition of `find`: one of these."""

    values: tuple[object, ...]


_WORN_OUT = re.compile(r", \d+ times$")


@dataclass(frozen=True)
class Fate:
    """What became of a post."""

    state: str
    """pending, sending, sent, dead or skipped."""
    why: str = ""

    @property
    def refused(self) -> bool:
        """Whether the platform will never take it, as where its channel is gone; not where it was only unreachable, say, 5 times."""
        return self.state == "dead" and not _WORN_OUT.search(self.why)


class Reads(Protocol):
    """The reading half of a unit."""

    async def get(self, kind: type[R], key: str) -> R | None:
        """The record with this key."""

    async def find(self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object) -> Sequence[R]:
        """Records whose columns equal the given values (or meet Upto, From, AnyOf). `order`: a column, "-" in front: newest first."""

    async def count(self, kind: type[R], *, distinct: str = "", **where: object) -> int:
        """How many there are; with `distinct`, how many different values that column has."""

    async def posts(self, person: str, limit: int) -> Sequence[Post]:
        """What was said to or about this person, newest first, as far as it is still kept."""

    async def fates(self, posts: Sequence[str]) -> Mapping[str, Fate]:
        """What became of the posts with these keys, of those that are known."""


class Unit(Reads, Protocol):
    """One unit of work: reads happen at once, writes are gathered and written together when it ends without an error."""

    def save(self, record: Record) -> None:
        """Insert or update. The unit ends in Stale where the record's version moved on."""

    def remove(self, record: Record) -> None:
        """Delete it."""

    def post(self, post: Post) -> None:
        """Owe it. A post with a known key is ignored: its effect is there already."""

    def recall(self, conversation: str) -> None:
        """What this conversation is owed is not owed any more. The unit ends in Stale where some of it was tried already."""

    def receive(self, message: Message) -> None:
        """Put a message into the inbox, as if it had come in; a known id is ignored."""

    def done(self, message: Message) -> None:
        """This message is dealt with. The unit ends in Stale where it already was, or was erased."""

    def pends(self, message: Message) -> None:
        """Only if this message still waits: else the unit ends in Stale."""

    def holds(self, lane: str, owner: str) -> None:
        """Only if this owner still has the lane's lease: else the unit ends in LeaseLost."""

    def erase(self, person: str) -> None:
        """Everything about this person goes: records, posts, messages, what a page shows. Message ids stay, without content."""


class Inbox(Protocol):
    """Messages between the door and their commit."""

    async def receive(self, message: Message) -> bool:
        """Store it; False where its id is known. Durable when this returns; raises StoreUnavailable."""

    async def waiting(self, limit: int, *, lane: str | None = None) -> Sequence[Message]:
        """Stored and not done, oldest first; `lane`: only there."""

    async def left(self, limit: int, *, now: datetime, since: datetime) -> Sequence[Message]:
        """Those that wait since then or longer, in lanes that nobody works on."""

    async def waits(self, message: Message) -> bool:
        """Whether it is stored and not done."""

    async def failed(self, message: Message, why: str) -> int:
        """Note a failed attempt; the number of attempts so far."""

    async def bury(self, message: Message) -> None:
        """Give up on it; it stays for its owner to see, without its text after a day."""


@dataclass(frozen=True)
class Claim:
    """A post that is ours to send, for as long as the lease lasts."""

    id: int
    post: Post
    attempt: int
    """1 for the first. Fences every later write."""
    uncertain: bool
    """An earlier attempt may have arrived."""
    first_attempt_at: datetime
    lease_until: datetime
    replaced: Receipt | None = None
    """Where the post it replaces landed."""
    doubts: int = 0
    """How many earlier attempts ended without an answer."""
    owed_at: datetime | None = None
    """When it was committed."""


class Outbox(Protocol):
    """Posts between the commit and their receipt."""

    async def claim(
        self,
        *,
        limit: int,
        lease: float,
        now: datetime,
        platforms: Sequence[str],
        queues: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
    ) -> Sequence[Claim]:
        """Take what may be sent now: heads of their queues, bound, due, oldest first, interactive before bulk. Committed on return.

        A row whose lease ran out while sending is taken again, marked uncertain. `lease` is in seconds. `queues`: only these. `avoid`:
        nothing for these spaces and channels.
        """

    async def sent(self, claim: Claim, receipt: Receipt, now: datetime) -> bool:
        """It arrived. Binds the conversation it opens. False where the claim was no longer ours, or the row was erased meanwhile."""

    async def put_back(self, claim: Claim, *, not_before: datetime, uncertain: bool, why: str, counts: bool = False) -> None:
        """Not sent, or not surely: try again later. `counts`: it was one more attempt without an answer."""

    async def give_up(self, claim: Claim, *, why: str, dead: bool, tell: Message | None = None) -> bool:
        """Never send it: `dead` where that is a failure, else it was skipped on purpose. False where the claim was no longer ours.

        `tell` is received in the same transaction, for somebody has to hear of it.
        """

    async def take_over(self, *, platform: str, now: datetime, after: float) -> int:
        """Nobody else is alive: what is being sent becomes uncertain, and due `after` seconds from now at the latest; how many."""

    async def receipt(self, key: str) -> Receipt | None:
        """Where the post with this key landed."""

    async def next_at(self, platforms: Sequence[str] | None = None) -> datetime | None:
        """When the next waiting post (of these platforms) may be sent; None where none waits."""


class Leases(Protocol):
    """Who works on which lane, where several processes do. A lease that is not renewed runs out by itself."""

    async def take(self, lane: str, owner: str, *, now: datetime, until: datetime) -> bool:
        """Have it, or have it longer; False while somebody else does."""

    async def renew(self, lanes: Sequence[str], owner: str, *, until: datetime) -> Sequence[str]:
        """Hold these longer; those that are still this owner's."""

    async def release(self, lanes: Sequence[str], owner: str) -> None:
        """Let others in at once."""

    async def held(self, prefix: str, *, now: datetime) -> int:
        """How many leases with names that begin so are held."""


class Store(Protocol):
    """Everything that survives a restart."""

    inbox: Inbox
    outbox: Outbox
    leases: Leases
    alone: bool
    """Whether no other process can work on it."""

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """One unit of work; nothing slow inside. Raises Stale or StoreUnavailable when it ends."""

    def claim(
        self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object
    ) -> AbstractAsyncContextManager[tuple[Unit, Sequence[R]]]:
        """A unit, and the records that it has to itself: no other process finds them as long as the unit lasts. Pure work only inside."""
