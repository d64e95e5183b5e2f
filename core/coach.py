"""The door, and the one step behind it: read → decide → commit."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

from core.chat import Card, Form, Message, Place, Post
from core.commands import odd_choices
from core.delivery import Delivery, Log
from core.errors import CoachError, IllegalStep, LeaseLost, NotUnderstood, Stale, StoreUnavailable, TooLate
from core.features import handler_for
from core.features.coaching import REPLY
from core.features.front import front, read_front
from core.features.handler import NOTHING, AnyHandler, Outcome, Tools, passing
from core.features.listening import LATELY
from core.lanes import Lanes, lane_of
from core.leases import Keeper
from core.panel import Panel
from core.ports import AnyOf, Cadence, Clock, From, Platform, Standing, Store, Unit
from core.questions.bank import WANTED, Bank
from core.records import Attempt, Coined, Conversation, Profile, Weakness
from core.voice import Speaker

T = TypeVar("T")

SORRY = "Something went wrong on my side, and I noted it. What you wrote is kept; please try once more in a moment."
ENDED = Card(text="That was ended before I had said it.")
ATTEMPTS = 3
AT_ONCE = 10_000
"""Messages left behind to take up together."""
RACES = 8


class Signs(Protocol):
    """Shows a passing sign in a place; best effort, never awaited for long."""

    async def __call__(self, at: Place, sign: str) -> None:
        """`heard` or `thinking`."""


@dataclass(frozen=True)
class Kit:
    """What the coach is built from, besides the store and the delivery."""

    bank: Bank
    panel: Panel
    clock: Clock
    cadence: Callable[[Standing], Cadence]
    new_id: Callable[[], str]
    rng: random.Random
    log: Log
    sign: Signs
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    """Where words can be heard as they come."""
    erased: Callable[[str], None] = lambda person: None
    """Told that nothing of this person is stored any more."""
    dealt: Callable[[Message, Sequence[Post]], None] = lambda message, posts: None
    """Told that a message was dealt with, and what is said because of it."""


class Coach:
    """Implements `core.ports.Door`; handles every message exactly as often as it takes."""

    def __init__(self, store: Store, delivery: Delivery, kit: Kit, keeper: Keeper | None = None) -> None:
        self._store = store
        self._delivery = delivery
        self._kit = kit
        self._keeper = keeper
        """Where other processes work on the same store."""
        self._lanes = Lanes(self.handle, keeper)
        self._signs: set[asyncio.Task[None]] = set()
        self._words: dict[str, list[Post]] = {}
        """By message: posts that were begun while it is still being handled."""

    # --- the door ---

    async def form(self, message: Message) -> Form | None:
        """The dialog a command opens, prefilled from one read; CoachError where it cannot be opened now."""
        handler = handler_for(message)
        if handler is None or handler.form is None:
            return None
        async with self._store.begin() as unit:
            known = await handler.read(unit, message)
        opens = handler.form

        async def work() -> Form | None:
            return opens(known, message, self._tools(message))

        return await self._with_questions(work)

    async def home(self, message: Message) -> Sequence[Card]:
        """What the person's home page shows."""
        async with self._store.begin() as unit:
            known = await read_front(unit, message)
        return front(known, message, self._tools(message))

    def check(self, message: Message) -> Mapping[str, str]:
        """What is wrong with a submitted form's fields."""
        handler = handler_for(message)
        if handler and handler.check:
            return handler.check(message, self._tools(message))
        return odd_choices(message.command, message.fields)

    async def accept(self, message: Message) -> bool:
        """Keep the message, then put it into its lane."""
        fresh = await self._store.inbox.receive(message)
        if fresh:
            self.take_up(message)
        return fresh

    def take_up(self, message: Message) -> bool:
        """Put a stored message into its lane; False where it is there already."""
        return self._lanes.put(message)

    async def live(self, platform: str) -> Sequence[Place]:
        """Where conversations are going on."""
        async with self._store.begin() as unit:
            found = await unit.find(Conversation, live=True)
        return [Place.parse(item.place) for item in found if item.place and item.parent.platform == platform]

    async def awaited(self, platform: str) -> Sequence[Place]:
        """Where people who were asked something lately would answer."""
        now = self._kit.clock.now()
        async with self._store.begin() as unit:
            points = await unit.find(Weakness, asked_at=From(now - REPLY), limit=AT_ONCE)
            met = await unit.find(Attempt, source="asked", at=From(now - LATELY), order="-at", limit=AT_ONCE)
            asked = {item.person for item in points} | {item.person for item in met}
            people = tuple(key for key in asked if key.startswith(f"{platform}:"))
            profiles = await unit.find(Profile, key=AnyOf(people), limit=AT_ONCE) if people else ()
        return [profile.home for profile in profiles]

    # --- what was left behind ---

    async def recover(self, since: timedelta = timedelta(0)) -> int:
        """Take up the messages that were stored so long ago and are not finished, unless another process works on them; how many."""
        now = self._kit.clock.now()
        left = await self._store.inbox.left(AT_ONCE, now=now, since=now - since)
        return sum(self.take_up(message) for message in left)

    async def settle(self) -> None:
        """Wait until every lane is empty (tests, draining)."""
        await self._lanes.settle()

    async def stop(self) -> None:
        """Cancel what is being handled; it will be handled again, by others at once."""
        await self._lanes.stop()
        if self._keeper:
            await self._keeper.release_all()

    # --- the step ---

    async def handle(self, message: Message) -> None:
        """Read, decide, commit, and deliver what came of it."""
        handler = handler_for(message)
        await self._delivery.opened(message.place)
        while True:
            try:
                outcome = await self._decided(handler, message)
                break
            except StoreUnavailable as error:  # it is kept; it waits here until it can be finished
                self._kit.log("store_unavailable", message=message.id, why=str(error))
                await asyncio.sleep(1.0)
        if outcome is not None:
            self._kit.dealt(message, outcome.posts)
        if outcome is not None and outcome.posts:
            try:
                await self._delivery.deliver({post.queue for post in outcome.posts})
            except StoreUnavailable as error:  # they are owed; the sweep sends them
                self._kit.log("delivery_put_off", message=message.id, why=str(error))
            self._delivery.wake()

    async def _decided(self, handler: AnyHandler | None, message: Message) -> Outcome | None:
        """Decide and commit, again where somebody else was faster; None where there is nothing left to do."""
        self._words[message.id] = []
        try:
            return await self._raced(handler, message)
        finally:
            del self._words[message.id]

    async def _raced(self, handler: AnyHandler | None, message: Message) -> Outcome | None:
        for race in range(RACES):
            try:
                outcome = self._finished(message, await self._decide(handler, message, again=race > 0))
                await self._commit(message, outcome)
            except LeaseLost:  # whoever has the lane now handles the message too
                self._kit.log("decided_too_late", message=message.id)
                raise
            except Stale:
                if not await self._store.inbox.waits(message):
                    return None
            except (StoreUnavailable, asyncio.CancelledError):
                raise
            except Exception as error:
                if not await self._failed(message, error):
                    continue
                return await self._apologise(message)
            else:
                if outcome.sign:
                    await self._kit.sign(message.place, outcome.sign)
                if outcome.erase:
                    self._kit.bank.forget(outcome.erase)
                    self._kit.erased(outcome.erase)
                return outcome
        self._kit.log("races_lost", message=message.id, why=f"{message.kind} {message.command or ''}".strip())
        return await self._apologise(message)

    def _finished(self, message: Message, outcome: Outcome) -> Outcome:
        """With an end for words that were heard already and that nothing of it replaces: an end that was decided meanwhile came first."""
        replaced = {post.replaces for post in outcome.posts}
        loose = [post for post in self._words.get(message.id, ()) if post.key not in replaced]
        ended = {"card": ENDED, "growing": False}
        ends = tuple(post.model_copy(update={"key": f"{post.key}/ended", "replaces": post.key, **ended}) for post in loose)
        return outcome + Outcome(posts=ends) if ends else outcome

    async def _decide(self, handler: AnyHandler | None, message: Message, *, again: bool = False) -> Outcome:
        if handler is None:
            return NOTHING
        async with self._store.begin() as unit:
            known = await handler.read(unit, message)
        try:
            if handler.check is None and (wrong := odd_choices(message.command, message.fields)):
                raise NotUnderstood(" ".join(wrong.values()))
            return await self._with_questions(lambda: handler.decide(known, message, self._tools(message)))
        except (TooLate, IllegalStep) as error:
            if again:  # what it was said to was ended by whoever said it, while it was being read: they know
                return NOTHING
            return Outcome(posts=(passing(message, str(error), "error"),))
        except CoachError as error:
            return Outcome(posts=(passing(message, str(error), "error"),))

    async def _with_questions(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it; and once more where it asked for a coined question that this process first has to read."""
        wanted: set[str] = set()
        token = WANTED.set(wanted)
        try:
            try:
                result = await work()
            except CoachError:
                if not await self._learned(wanted):
                    raise
                return await work()
            return await work() if await self._learned(wanted) else result
        finally:
            WANTED.reset(token)

    async def _learned(self, wanted: set[str]) -> bool:
        """Whether some of these questions are known now."""
        if not wanted:
            return False
        async with self._store.begin() as unit:
            found = await unit.find(Coined, key=AnyOf(tuple(wanted)), limit=len(wanted))
        wanted.clear()
        for coined in found:
            self._kit.bank.learn(coined.question, coined.person)
        return bool(found)

    async def _commit(self, message: Message, outcome: Outcome) -> None:
        posts = [fitted for post in outcome.posts for fitted in self._delivery.fit(post)]
        async with self._store.begin() as unit:
            self._guard(unit, message)
            unit.done(message)
            if outcome.erase:
                unit.erase(outcome.erase)
            for conversation in outcome.recalls:
                unit.recall(conversation)
            for record in outcome.saves:
                unit.save(record)
            for record in outcome.removes:
                unit.remove(record)
            for post in posts:
                unit.post(post)

    async def _failed(self, message: Message, error: Exception) -> bool:
        """Whether that was the last attempt."""
        attempts = await self._store.inbox.failed(message, type(error).__name__)
        self._kit.log("message_failed", message=message.id, attempt=attempts, error=error)
        return attempts >= ATTEMPTS

    async def _apologise(self, message: Message) -> Outcome:
        outcome = self._finished(message, Outcome(posts=(passing(message, Card(text=SORRY), "sorry"),)))
        async with self._store.begin() as unit:
            for post in outcome.posts:
                unit.post(post)
        await self._store.inbox.bury(message)
        return outcome

    def _tools(self, message: Message) -> Tools:
        kit = self._kit

        def guard(unit: Unit) -> None:
            self._guard(unit, message)

        def began(post: Post) -> None:
            self._words.setdefault(message.id, []).append(post)

        voice = Speaker(message, self._store, self._delivery, kit.platforms, guard, self._sign_soon, kit.log, began)
        return Tools(bank=kit.bank, panel=kit.panel, now=kit.clock.now(), new_id=kit.new_id, rng=kit.rng, cadence=kit.cadence, voice=voice)

    def _guard(self, unit: Unit, message: Message) -> None:
        """What is written in this unit counts only while the message's lane is ours."""
        if self._keeper:
            self._keeper.guard(unit, lane_of(message))

    def _sign_soon(self, at: Place, sign: str) -> None:
        task = asyncio.create_task(self._kit.sign(at, sign), name=f"sign {at}")
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)
