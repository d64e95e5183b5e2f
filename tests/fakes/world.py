"""A whole coach on fakes: what people say goes in, what the platform shows comes out."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.chat import Button, Card, Form, Kind, Menu, Message, Person, Place
from core.coach import Coach, Kit
from core.commands import parse, parse_button
from core.delivery import Delivery
from core.features.drill.gone import undelivered
from core.panel import Panel, Seat, TextMatch
from core.ports import Store
from core.questions.bank import Bank, load
from scheduler.cadence import cadence_of
from scheduler.jobs import Jobs
from tests.fakes.clock import FakeClock
from tests.fakes.memory_store import MemoryStore
from tests.fakes.platform import FakePlatform, Shown

CHANNEL = Place(platform="web", space="page", channel="general")
BANK = load()


def person(name: str, *, may_manage: bool = False) -> Person:
    return Person(key=f"web:{name}", id=name, name=name.title(), may_manage=may_manage)


YOU = person("you", may_manage=True)
OTHER = person("other")


@dataclass
class World:
    """Say, press, fill in, wait; then look at what is shown."""

    clock: FakeClock = field(default_factory=FakeClock)
    platform: FakePlatform = field(default_factory=FakePlatform)
    bank: Bank = BANK
    store: Store | None = None
    trouble: list[str] = field(default_factory=list)
    seat: Callable[[], Seat] | None = None
    """Makes the model's seat, anew for each process."""

    def __post_init__(self) -> None:
        self.store = self.store or MemoryStore()
        self._ids = itertools.count(1)
        self.restart()

    def restart(self) -> None:
        """A new process on the same store."""
        assert self.store is not None
        self.delivery = Delivery(
            self.store,
            {self.platform.name: self.platform},
            self.clock,
            self._log,
            tell=lambda post, why: undelivered(post, why, self.clock.now()),
        )
        kit = Kit(
            bank=self.bank,
            panel=Panel(TextMatch(self.bank), self.seat() if self.seat else None),
            clock=self.clock,
            cadence=cadence_of,
            new_id=lambda: f"id{next(self._ids)}",
            rng=random.Random(7),
            log=self._log,
            sign=self.platform.show,
            platforms={self.platform.name: self.platform},
        )
        self.coach = Coach(self.store, self.delivery, kit)
        self.jobs = Jobs(
            store=self.store,
            bank=self.bank,
            clock=self.clock,
            cadence=cadence_of,
            delivery=self.delivery,
            take_up=self.coach.take_up,
            log=self._log,
        )

    def _log(self, event: str, **facts: object) -> None:
        self.trouble.append(event)
        error = facts.get("error")
        if isinstance(error, BaseException):
            self.trouble.append(repr(error))

    # --- what people do ---

    async def say(self, text: str, at: Place = CHANNEL, who: Person = YOU, kind: Kind | None = None, id: str | None = None) -> str:
        """Type something; commands are understood as the page understands them."""
        live = at in await self.coach.live("web")
        call = parse(text, lone=True) if live else parse(text, bare=at.direct)
        kind = kind or (Kind.COMMAND if call else Kind.AMBIENT if live else Kind.DIRECT if at.direct else Kind.MENTION)
        name, fields = call or (None, {})
        message = self._message(at, who, kind, text, name, fields, id=id)
        await self.take(message)
        return message.id

    async def press(
        self, label: str, on: Shown | Card | None = None, who: Person = YOU, fields: Mapping[str, str] | None = None
    ) -> Form | None:
        """Press a button by its label; `fields` fills in the form that it opens."""
        shown = on if on is not None else next(item for item in reversed(self.platform.shown) if _button(item.card, label))
        place = (
            shown.receipt.place
            if isinstance(shown, Shown) and not shown.post.opens
            else (shown.place if isinstance(shown, Shown) else CHANNEL)
        )
        if isinstance(shown, Shown) and shown.post.opens and shown.post.conversation and "begin" in (_button(shown.card, label) or ""):
            place = shown.receipt.place
        line = _button(shown.card if isinstance(shown, Shown) else shown, label)
        assert line, f"no button {label!r}"
        return await self.do(line, place, who, fields)

    async def do(self, line: str, at: Place = CHANNEL, who: Person = YOU, fields: Mapping[str, str] | None = None) -> Form | None:
        """A command line as a button carries it; a form that it opens is returned, or filled in with `fields`."""
        name, given = parse_button(line)
        message = self._message(at, who, Kind.COMMAND, line, name, given)
        form = await self.coach.form(message)
        if form is not None:
            if fields is None:
                return form
            name, given = parse_button(form.line)
            message = self._message(at, who, Kind.COMMAND, form.line, name, {**given, **fields})
            wrong = self.coach.check(message)
            assert not wrong, wrong
        await self.take(message)
        return None

    def wrong(self, line: str, fields: Mapping[str, str], at: Place = CHANNEL, who: Person = YOU) -> Mapping[str, str]:
        """What is wrong with the fields of a submitted form."""
        name, given = parse_button(line)
        return self.coach.check(self._message(at, who, Kind.COMMAND, line, name, {**given, **fields}))

    async def take(self, message: Message) -> None:
        """Through the door, and wait until all is quiet."""
        await self.coach.accept(message)
        await self.settle()

    async def settle(self) -> None:
        await self.coach.settle()
        await self.delivery.deliver()
        if await self.coach.recover():  # what could not be delivered is to be handled
            await self.settle()

    async def wait(self, **delta: float) -> None:
        """Time passes; what falls due happens."""
        self.clock.advance(**delta)
        await self.jobs.tick()
        await self.settle()

    async def install(self) -> None:
        """The space's first day, with its first question."""
        house = Person(key="web:", id="page", name="the page", zone="Europe/Berlin", may_manage=True)
        await self.take(Message(id="opened", place=CHANNEL, author=house, kind=Kind.LIFECYCLE, text="opened", sent_at=self.clock.now()))

    def _message(
        self, at: Place, who: Person, kind: Kind, text: str, name: str | None, fields: Mapping[str, str], id: str | None = None
    ) -> Message:
        return Message(
            id=id or f"said{next(self._ids)}",
            place=at,
            author=who,
            kind=kind,
            text=text,
            command=name,
            fields=fields,
            sent_at=self.clock.now(),
        )

    # --- what is there to see ---

    def seen_by(self, who: Person) -> list[Shown]:
        """Everything this person can see."""
        return [item for item in self.platform.shown if _may_see(item, who)]

    def last(self, who: Person = YOU) -> Card:
        return self.seen_by(who)[-1].card

    def find(self, words: str, who: Person = YOU) -> Shown:
        """The newest message this person sees with these words anywhere on it."""
        return next(item for item in reversed(self.seen_by(who)) if words in text_of(item.card))


def text_of(card: Card) -> str:
    """All the words of a card."""
    lines = [part for line in card.bullets for part in (line.text, line.quote or "", line.note or "")]
    facts = [f"{fact.label}: {fact.value}" for fact in card.facts]
    return "\n".join([card.eyebrow, card.title, card.quote or "", card.text, *facts, *lines, card.after, card.footer])


def _may_see(item: Shown, who: Person) -> bool:
    if item.place.direct:
        return item.place.channel == f"@{who.id}"
    return item.post.audience.kind == "everyone" or item.post.audience.person == who


def _button(card: Card, label: str) -> str | None:
    for button in card.buttons:
        for one in button.buttons if isinstance(button, Menu) else (button,):
            if isinstance(one, Button) and one.label == label:
                return one.line
    return None
