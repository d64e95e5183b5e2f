"""What the core asks of the outside: a platform to speak on, a store to remember in, a clock."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, Protocol, TypeVar

from core.chat import Attachment, Card, Form, Message, Place, Post, Receipt
from core.interview.moves import Move
from core.interview.stages import Interview
from core.questions.bank import Competency, Level, Question
from core.records import Record, Story
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


# --- reviewers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Usage:
    """What calls cost. Text match costs nothing."""

    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input, what the server had still in its cache."""
    output_tokens: int = 0
    dollars: float | None = 0.0
    """None where the model's prices are not known."""
    estimated: bool = False
    """Whether the server said nothing and the tokens were estimated from the length."""
    calls: int = 0

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        known = self.dollars is not None and other.dollars is not None
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            dollars=(self.dollars or 0.0) + (other.dollars or 0.0) if known else None,
            estimated=self.estimated or other.estimated,
            calls=self.calls + other.calls,
        )


@dataclass(frozen=True)
class Priced(Generic[T_co]):
    """A value and what it cost."""

    value: T_co
    usage: Usage = Usage()


@dataclass(frozen=True)
class Payer:
    """Whose budget a call counts against, and whether they let a model read what they wrote."""

    person: str
    space: str
    agreed: bool = False
    """They said that a model may, and their space does not forbid it."""


class Reviewer(Protocol):
    """Reads answers and asks on. The matcher and a model are both one."""

    @property
    def name(self) -> str:
        """As people read it: `text match`, or the model's name."""

    async def review(self, question: Question, turns: Sequence[str], payer: Payer, level: Level = "sde3") -> Priced[Feedback]:
        """What the turns of one answer show; the next probe asks for nothing above `level`."""

    def move(self, interview: Interview, now: datetime, payer: Payer) -> AsyncIterator[str | Priced[Move]]:
        """The interviewer's next words as they come, each time all of them so far, and last the whole move."""


@dataclass(frozen=True)
class Talk:
    """A question about a review: what was reviewed, and what the person wants to know."""

    question: Question
    feedback: Feedback
    asked: str


@dataclass(frozen=True)
class Explained:
    """An answer to it, and the person's own sentences it speaks of."""

    text: str
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fitted:
    """A rubric point, and what of the person's own could carry it."""

    point: str
    text: str
    story: str | None = None
    """The story's key; None where none of them fits."""


@dataclass(frozen=True)
class Coining:
    """What a new question is to be about."""

    competency: Competency
    level: Level
    about: str = ""
    """What the person told of themself, as they wrote it."""
    avoid: tuple[str, ...] = ()
    """Titles of what they know already."""
    order: str = ""
    """Names the order: carried out again after a lost commit, it is not written and paid again."""


class Model(Reviewer, Protocol):
    """A language model behind a server. Every method raises ModelError where nothing usable came of it; none has a deadline of its own."""

    host: str
    """Who processes what it is sent, as people read it."""

    async def warm(self) -> None:
        """Make the first call as quick as the others; nothing is sent."""

    async def regrade(self, interview: Interview, payer: Payer) -> Priced[Sequence[Feedback]]:
        """The whole of a mock read once more, part by part."""

    async def explain(self, talk: Talk, payer: Payer) -> Priced[Explained]:
        """An answer to a question about a review; never a script."""

    async def fitted(self, question: Question, stories: Sequence[Story], payer: Payer) -> Priced[Sequence[Fitted]]:
        """The question's bullets, fitted to one's own stories; never a script."""

    async def coin(self, wish: Coining, payer: Payer) -> Priced[Question]:
        """A new question in our format that passes our lint; ModelError `garbled` where none came that does."""


@dataclass(frozen=True)
class Spent:
    """What the model cost somebody, or everybody, in a day."""

    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    """As far as prices are known."""
    estimated: bool = False


class Ledger(Protocol):
    """What was spent on the model. `day` is a date in UTC."""

    async def spent(self, day: date, payer: Payer) -> tuple[Spent, Spent, Spent]:
        """On that day: by the person, in their space, by everybody."""

    async def add(self, day: date, payer: Payer, usage: Usage) -> None:
        """One more. Raises StoreUnavailable."""


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


# --- the store -------------------------------------------------------------------------------------------------------


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


# --- time ------------------------------------------------------------------------------------------------------------


class Standing(Protocol):
    """What a cadence is worked out from: a channel's drill, or a person's mornings."""

    @property
    def days(self) -> Collection[int]:
        """Monday is 0."""

    @property
    def at(self) -> time:
        """Local."""

    @property
    def zone(self) -> str:
        """IANA name."""

    @property
    def country(self) -> str:
        """Whose public holidays are kept."""

    @property
    def days_off(self) -> Collection[date]:
        """Kept by hand."""

    @property
    def paused_until(self) -> datetime | None:
        """Nothing comes before."""

    @property
    def offset(self) -> timedelta:
        """How much later than the hour."""


class Cadence(Protocol):
    """When something happens next."""

    def next_due(self, after: datetime) -> datetime:
        """The first occurrence strictly after `after`; CoachError where none comes."""

    def why_not(self, day: date) -> str:
        """Why nothing comes on a local date (a pause aside): "weekday", the holiday's name, "a day off"; or nothing where it does."""


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Aware, UTC."""
