"""The door, and the one step behind it: read → decide → commit."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.chat import Card, Form, Message, Place
from core.delivery import Delivery, Log
from core.errors import CoachError, Stale, StoreUnavailable
from core.features import handler_for
from core.features.front import front, read_front
from core.features.handler import NOTHING, AnyHandler, Outcome, Tools, passing
from core.lanes import Lanes
from core.panel import Panel
from core.ports import Cadence, Clock, Store
from core.questions.bank import Bank
from core.records import Conversation, Drill

SORRY = "Something went wrong on my side, and I noted it. What you wrote is kept; please try once more in a moment."
ATTEMPTS = 3
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
    cadence: Callable[[Drill], Cadence]
    new_id: Callable[[], str]
    rng: random.Random
    log: Log
    sign: Signs
    erased: Callable[[str], None] = lambda person: None
    """Told that nothing of this person is stored any more."""


class Coach:
    """Implements `core.ports.Door`; handles every message exactly as often as it takes."""

    def __init__(self, store: Store, delivery: Delivery, kit: Kit) -> None:
        self._store = store
        self._delivery = delivery
        self._kit = kit
        self._lanes = Lanes(self.handle)

    # --- the door ---

    async def form(self, message: Message) -> Form | None:
        """The dialog a command opens, prefilled from one read; CoachError where it cannot be opened now."""
        handler = handler_for(message)
        if handler is None or handler.form is None:
            return None
        async with self._store.begin() as unit:
            known = await handler.read(unit, message)
        return handler.form(known, message, self._tools())

    async def home(self, message: Message) -> Sequence[Card]:
        """What the person's home page shows."""
        async with self._store.begin() as unit:
            known = await read_front(unit, message)
        return front(known, message, self._tools())

    def check(self, message: Message) -> Mapping[str, str]:
        """What is wrong with a submitted form's fields."""
        handler = handler_for(message)
        return handler.check(message, self._tools()) if handler and handler.check else {}

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

    # --- what was left behind ---

    async def recover(self) -> int:
        """Take up every message that was stored and not finished; how many."""
        waiting = await self._store.inbox.waiting(limit=10_000)
        return sum(self.take_up(message) for message in waiting)

    async def settle(self) -> None:
        """Wait until every lane is empty (tests, draining)."""
        await self._lanes.settle()

    async def stop(self) -> None:
        """Cancel what is being handled; it will be handled again."""
        await self._lanes.stop()

    # --- the step ---

    async def handle(self, message: Message) -> None:
        """Read, decide, commit, and deliver what came of it."""
        handler = handler_for(message)
        while True:
            try:
                outcome = await self._decided(handler, message)
                break
            except StoreUnavailable as error:  # it is kept; it waits here until it can be finished
                self._kit.log("store_unavailable", message=message.id, why=str(error))
                await asyncio.sleep(1.0)
        if outcome is not None and outcome.posts:
            await self._delivery.deliver({post.queue for post in outcome.posts})
            self._delivery.wake()

    async def _decided(self, handler: AnyHandler | None, message: Message) -> Outcome | None:
        """Decide and commit, again where somebody else was faster; None where there is nothing left to do."""
        for _ in range(RACES):
            try:
                outcome = await self._decide(handler, message)
                await self._commit(message, outcome)
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
                    self._kit.erased(outcome.erase)
                return outcome
        return await self._apologise(message)

    async def _decide(self, handler: AnyHandler | None, message: Message) -> Outcome:
        if handler is None:
            return NOTHING
        async with self._store.begin() as unit:
            known = await handler.read(unit, message)
        try:
            return await handler.decide(known, message, self._tools())
        except CoachError as error:
            return Outcome(posts=(passing(message, str(error), "error"),))

    async def _commit(self, message: Message, outcome: Outcome) -> None:
        posts = [fitted for post in outcome.posts for fitted in self._delivery.fit(post)]
        async with self._store.begin() as unit:
            unit.done(message)
            if outcome.erase:
                unit.erase(outcome.erase)
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
        outcome = Outcome(posts=(passing(message, Card(text=SORRY), "sorry"),))
        async with self._store.begin() as unit:
            for post in outcome.posts:
                unit.post(post)
        await self._store.inbox.bury(message)
        return outcome

    def _tools(self) -> Tools:
        kit = self._kit
        return Tools(bank=kit.bank, panel=kit.panel, now=kit.clock.now(), new_id=kit.new_id, rng=kit.rng, cadence=kit.cadence)
