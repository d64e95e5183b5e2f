"""How a feature is written: `read` loads what a message concerns, `decide` turns that and the message into an `Outcome`.

`decide` is a function of its arguments: the time, ids and chance are in `Tools`. It may await the panel and let its words be heard as they
come, nothing else; no transaction is open while it runs.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from core.chat import EVERYONE, Audience, Card, Form, Message, Place, Post
from core.panel import Panel
from core.ports import Cadence, Payer, Reads, Standing, Voice
from core.questions.bank import Bank
from core.records import Profile, Record, SpaceRecord

K = TypeVar("K")


@dataclass(frozen=True)
class Tools:
    """Everything a feature may use besides what it read."""

    bank: Bank
    panel: Panel
    now: datetime
    new_id: Callable[[], str]
    rng: random.Random
    cadence: Callable[[Standing], Cadence]
    voice: Voice


@dataclass(frozen=True)
class Outcome:
    """What is to be true afterwards: values to save or remove, posts to make."""

    saves: tuple[Record, ...] = ()
    removes: tuple[Record, ...] = ()
    recalls: tuple[str, ...] = ()
    """Conversations of which nothing was sent yet, and nothing is to be."""
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
            recalls=self.recalls + other.recalls,
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

    def known(self, message: Message, now: datetime) -> Profile:
        """The person's profile, a new one at the first meeting."""
        return self.profile or new_profile(message, now)

    def met(self, message: Message, now: datetime) -> tuple[Profile, ...]:
        """The new profile to save, at the first meeting; else nothing."""
        return () if self.profile else (new_profile(message, now),)

    def answered(self, message: Message, now: datetime) -> tuple[Profile, ...]:
        """The profile to save now that the person answered a coaching message."""
        if self.profile and self.profile.unanswered:
            return (self.profile.model_copy(update={"unanswered": 0}),)
        return self.met(message, now)

    def payer(self, message: Message, tools: Tools) -> Payer:
        """Whose budget a model's work for them counts against, and whether one may read what they write."""
        forbidden = self.space is not None and not self.space.model
        agreed = bool(self.profile and self.profile.agreed_to and self.profile.agreed_to == tools.panel.host)
        return Payer(person=message.author.key, space=message.place.space_key, agreed=agreed and not forbidden)

    @property
    def country(self) -> str:
        """Whose public holidays the space has."""
        return self.space.country if self.space else ""

    def zone(self, message: Message) -> ZoneInfo:
        """The zone the person lives in, as far as anybody said."""
        return zone_of(self.profile, self.space, message.author.zone)


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


def zone_of(profile: Profile | None, space: SpaceRecord | None, told: str | None = None) -> ZoneInfo:
    """The person's choice, else what the platform tells, else the space's zone, else UTC."""
    known = (profile.zone if profile else None, told, profile.who.zone if profile else None, space.zone if space else None)
    for name in known:
        if name:
            try:
                return ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")


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
