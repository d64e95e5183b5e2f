"""What the core asks of the outside: a platform to speak on, a store to remember in, a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from core.chat import Attachment, Card, Form, Message, Place, Post, Receipt
from core.interview.moves import Move
from core.interview.stages import Interview
from core.questions.bank import Question
from core.records import Record
from core.review.feedback import Feedback

R = TypeVar("R", bound=Record)
T_co = TypeVar("T_co", covariant=True)


# --- platforms -------------------------------------------------------------------------------------------------------


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


class Platform(Protocol):
    """A place where people talk. See DESIGN: a new one is one folder and one line in `bot.wiring`."""

    name: str

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

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's bytes."""


# --- reviewers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Usage:
    """What a call cost. Text match costs nothing."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True)
class Priced(Generic[T_co]):
    """A value and what it cost."""

    value: T_co
    usage: Usage = Usage()


class Reviewer(Protocol):
    """Reads answers and asks on. The matcher and a model are both one."""

    async def review(self, question: Question, turns: Sequence[str], payer: str) -> Priced[Feedback]:
        """What the turns of one answer show. `payer` is whose budget it counts against."""

    def move(self, interview: Interview, now: datetime, payer: str) -> AsyncIterator[str | Priced[Move]]:
        """The interviewer's next words as they come, and last the whole move."""


# --- the store -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upto:
    """A condition of `find`: at most this."""

    value: datetime | int


@dataclass(frozen=True)
class From:
    """A condition of `find`: at least this."""

    value: datetime | int


@dataclass(frozen=True)
class AnyOf:
    """A condition of `find`: one of these."""

    values: tuple[object, ...]


class Reads(Protocol):
    """The reading half of a unit."""

    async def get(self, kind: type[R], key: str) -> R | None:
        """The record with this key."""

    async def find(self, kind: type[R], *, order: str = "", limit: int = 1000, **where: object) -> Sequence[R]:
        """Records whose columns equal the given values (or meet Upto, From, AnyOf). `order`: a column, "-" in front: newest first."""

    async def count(self, kind: type[R], *, distinct: str = "", **where: object) -> int:
        """How many there are; with `distinct`, how many different values that column has."""


class Unit(Reads, Protocol):
    """One unit of work: reads happen at once, writes are gathered and written together when it ends without an error."""

    def save(self, record: Record) -> None:
        """Insert or update. The unit ends in Stale where the record's version moved on."""

    def remove(self, record: Record) -> None:
        """Delete it."""

    def post(self, post: Post) -> None:
        """Owe it. A post with a known key is ignored: its effect is there already."""

    def receive(self, message: Message) -> None:
        """Put a message into the inbox, as if it had come in; a known id is ignored."""

    def done(self, message: Message) -> None:
        """This message is dealt with. The unit ends in Stale where it already was, or was erased."""

    def erase(self, person: str) -> None:
        """Everything about this person goes: records, posts, messages, what a page shows. Message ids stay, without content."""


class Inbox(Protocol):
    """Messages between the door and their commit."""

    async def receive(self, message: Message) -> bool:
        """Store it; False where its id is known. Durable when this returns; raises StoreUnavailable."""

    async def waiting(self, limit: int) -> Sequence[Message]:
        """Stored and not done, oldest first."""

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


class Outbox(Protocol):
    """Posts between the commit and their receipt."""

    async def claim(
        self, *, limit: int, lease: float, now: datetime, platforms: Sequence[str], queues: Sequence[str] | None = None
    ) -> Sequence[Claim]:
        """Take what may be sent now: heads of their queues, bound, due, oldest first, interactive before bulk. Committed on return.

        A row whose lease ran out while sending is taken again, marked uncertain. `lease` is in seconds. `queues`: only these.
        """

    async def sent(self, claim: Claim, receipt: Receipt, now: datetime) -> bool:
        """It arrived. Binds the conversation it opens. False where the claim was no longer ours, or the row was erased meanwhile."""

    async def put_back(self, claim: Claim, *, not_before: datetime, uncertain: bool, why: str) -> None:
        """Not sent, or not surely: try again later."""

    async def give_up(self, claim: Claim, *, why: str, dead: bool) -> None:
        """Never send it: `dead` where that is a failure, else it was skipped on purpose."""

    async def receipt(self, key: str) -> Receipt | None:
        """Where the post with this key landed."""

    async def next_at(self, platforms: Sequence[str] | None = None) -> datetime | None:
        """When the next waiting post (of these platforms) may be sent; None where none waits."""


class Store(Protocol):
    """Everything that survives a restart."""

    inbox: Inbox
    outbox: Outbox

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """One unit of work; nothing slow inside. Raises Stale or StoreUnavailable when it ends."""


# --- time ------------------------------------------------------------------------------------------------------------


class Cadence(Protocol):
    """When something happens next."""

    def next_due(self, after: datetime) -> datetime:
        """The first occurrence strictly after `after`."""


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Aware, UTC."""
