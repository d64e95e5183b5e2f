"""The way out: every event, command and interaction, with retries for events alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tests.fakes.slack.app import App
from tests.fakes.slack.delivery.posting import Posting
from tests.fakes.slack.delivery.record import Answer, Attempt, Delivery, DeliveryKind, Outcome, Timing
from tests.fakes.slack.delivery.sockets import Sockets
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.model import JSON
from tests.fakes.slack.world import World

TROUBLE = "We had some trouble connecting. Try again?"


class Outlet:
    """Delivers over Socket Mode or HTTP, as the app is set."""

    def __init__(self, world: World, faults: Faults, timing: Timing, sockets: Sockets, posting: Posting) -> None:
        self._world, self._faults, self._timing = world, faults, timing
        self._sockets, self._posting = sockets, posting
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[tuple[App, JSON]] | None = None
        self.log: list[Delivery] = []
        self.sending = 0
        """Attempts that wait for an answer right now."""

    def event(self, app: App, payload: JSON) -> None:
        """Send an event on its way; redelivered up to three times until acknowledged."""
        if self._held is not None:
            self._held.append((app, payload))
            return
        copies = 2 if self._faults.spend("twins") else 1
        for _ in range(copies):
            delivery = Delivery(app.id, "events_api", payload, str(payload["event_id"]), url=app.events_url)
            self.log.append(delivery)
            task = asyncio.create_task(self._persist(delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def ask(self, app: App, kind: DeliveryKind, payload: JSON, url: str) -> Answer:
        """Send a command or an interaction, once, and say how the app answered."""
        delivery = Delivery(app.id, kind, payload, accepts_response=True, url=url)
        self.log.append(delivery)
        outcome = await self._attempt(delivery, 0, "")
        delivery.over = True
        delivery.acked = outcome.ok
        delivery.answer = outcome.payload
        if outcome.ok:
            return Answer(True, outcome.payload or {})
        if kind == "slash_commands":
            word = "operation_timeout" if "timeout" in outcome.reason else "dispatch_failed"
            return Answer(error=f"{payload['command']} failed with the error \u201c{word}\u201d")
        return Answer(error=TROUBLE)

    async def _persist(self, delivery: Delivery) -> None:
        reason = ""
        for number, wait in enumerate((0.0, *self._timing.retries)):
            if number:
                await self._world.clock.sleep(wait)
            outcome = await self._attempt(delivery, number, reason)
            if outcome.ok:
                delivery.acked = True
                break
            if not outcome.retry:
                break
            reason = outcome.reason
        delivery.over = True

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> Outcome:
        envelope_id = self._world.ids.uuid("envelope")
        attempt = Attempt(number, envelope_id, self._world.clock.now())
        delivery.attempts.append(attempt)
        app = self._world.apps[delivery.app_id]
        way = self._sockets.send if app.socket_mode else self._posting.send
        self.sending += 1
        try:
            outcome = await way(delivery, number, reason, envelope_id)
        finally:
            self.sending -= 1
        attempt.outcome = "acked" if outcome.ok else outcome.reason
        return outcome

    def hold(self) -> None:
        """Keep events back from now on."""
        self._held = self._held or []

    def release(self, order: Callable[[Sequence[JSON]], Sequence[JSON]] | None = None) -> int:
        """Send what was held, in an order of the test's choosing (reversed, unless it says); how many."""
        held, self._held = self._held or [], None
        apps = {str(payload["event_id"]): app for app, payload in held}
        payloads: Sequence[JSON] = [payload for _, payload in held]
        for payload in order(payloads) if order else list(reversed(payloads)):
            self.event(apps[str(payload["event_id"])], payload)
        return len(held)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
