"""How a feature is written: `read` loads what a message concerns, `decide` turns that and the message into an `Outcome`.

`decide` is a function of its arguments: the time, ids and chance are in `Tools`. It may await the panel, nothing else; no
transaction is open while it runs.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from core.chat import EVERYONE, Audience, Card, Form, Message, Place, Post
from core.panel import Panel
from core.ports import Cadence, Reads
from core.questions.bank import Bank
from core.records import Drill, Profile, Record, SpaceRecord

K = TypeVar("K")


@dataclass(frozen=True)
class Tools:
    """Everything a feature may use besides what it read."""

    bank: Bank
    panel: Panel
    now: datetime
    new_id: Callable[[], str]
    rng: random.Random
    cadence: Callable[[Drill], Cadence]


@dataclass(frozen=True)
class Outcome:
    """What is to be true afterwards: values to save or remove, posts to make."""

    saves: tuple[Record, ...] = ()
    removes: tuple[Record, ...] = ()
    posts: tuple[Post, ...] = ()
    erase: str | None = None
    """Key of the person of whom nothing may stay."""
    sign: str | None = None
    """A passing sign in the message's place: `heard`."""

    def __add__(self, other: Outcome) -> Outcome:
        """Both."""
        return Outcome(
            saves=self.saves + other.saves,
            removes=self.removes + other.removes,
            posts=self.posts + other.posts,
            erase=self.erase or other.erase,
            sign=self.sign or other.sign,
        )


NOTHING = Outcome()


@dataclass(frozen=True)
class Handler(Generic[K]):
    """One thing a person can do."""

    read: Callable[[Reads, Message], Awaitable[K]]
    decide: Callable[[K, Message, Tools], Awaitable[Outcome]]
    form: Callable[[K, Message, Tools], Form | None] | None = None
    """The dialog it opens first, prefilled; None where it needs none this time."""
    check: Callable[[Message, Tools], Mapping[str, str]] | None = None
    """What is wrong with a submitted form."""


AnyHandler = Handler[Any]


@dataclass(frozen=True)
class Caller:
    """Who is asking and where: what nearly every feature reads."""

    profile: Profile | None
    space: SpaceRecord | None
    extra: Mapping[str, object] = field(default_factory=dict)

    def known(self, message: Message, now: datetime) -> Profile:
        """The person's profile, a new one at the first meeting."""
        return self.profile or new_profile(message, now)


async def read_caller(reads: Reads, message: Message) -> Caller:
    """The person and the space."""
    return Caller(
        profile=await reads.get(Profile, message.author.key),
        space=await reads.get(SpaceRecord, message.place.space_key),
    )


def new_profile(message: Message, now: datetime) -> Profile:
    """What we assume of somebody we have not met."""
    who = message.author
    return Profile(key=who.key, who=who, home=Place.dm(message.place.platform, message.place.space, who.id), met_at=now)


def zone_of(profile: Profile | None, space: SpaceRecord | None, message: Message | None = None) -> str:
    """The zone a person lives in, as far as anybody said."""
    if profile and profile.zone:
        return profile.zone
    if message and message.author.zone:
        return message.author.zone
    if profile and profile.who.zone:
        return profile.who.zone
    return space.zone if space else "UTC"


# --- posts -----------------------------------------------------------------------------------------------------------


def effect(message: Message, name: str = "") -> str:
    """The key of an effect of this message; handling it again makes the same key."""
    return f"{message.id}>{name}" if name else f"{message.id}>"


def passing(message: Message, card: Card | str, name: str = "") -> Post:
    """Said to the author alone, in place, not kept."""
    return Post(
        key=effect(message, name),
        into=message.place,
        card=Card(text=card) if isinstance(card, str) else card,
        audience=Audience(kind="passing", person=message.author),
        about=message.author.key,
        handle=message.handle,
        if_unsure="skip",
    )


def kept(message: Message, card: Card, name: str = "") -> Post:
    """Said to the author alone, to stay: in their direct messages."""
    return Post(
        key=effect(message, name),
        into=message.place,
        card=card,
        audience=Audience(kind="kept", person=message.author),
        about=message.author.key,
        handle=message.handle,
    )


def there(message: Message, card: Card, name: str = "", *, about: str | None = None) -> Post:
    """Said to everybody in the message's place."""
    return Post(key=effect(message, name), into=message.place, card=card, audience=EVERYONE, about=about)


def to_person(profile: Profile, card: Card, key: str, *, until: datetime | None = None) -> Post:
    """A direct message that the person's own press asked for."""
    return Post(key=key, into=profile.home, card=card, audience=Audience(kind="kept", person=profile.who), about=profile.key, until=until)
