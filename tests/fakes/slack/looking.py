"""Looking at the fake from a test: what stands where, what was called, what was delivered, and waiting for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, TypeVar

from tests.fakes.slack.delivery.record import Delivery
from tests.fakes.slack.known import Known
from tests.fakes.slack.model import JSON, Channel, File, Message, Session, View

if TYPE_CHECKING:
    from tests.fakes.slack.delivery.outlet import Outlet
    from tests.fakes.slack.delivery.record import Timing
    from tests.fakes.slack.delivery.sockets import Sockets
    from tests.fakes.slack.webapi.api import Call, WebApi
    from tests.fakes.slack.world import Prompts

T = TypeVar("T")


class Looking(Known):
    """The part of FakeSlack that only looks."""

    api: WebApi
    outlet: Outlet
    sockets: Sockets
    timing: Timing

    # ---- conversations

    def dm_of(self, user: str) -> Channel:
        """The direct message between a person and the app's bot."""
        person = self.world.user(user)
        install = self.world.install_of(self.app.id, person.team_id)
        bot = install.bot_user if install else next(one.bot_user for one in self.world.installs if one.team_id == person.team_id)
        return self.world.dm(self.world.teams[person.team_id], person.id, bot)

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What stands in a conversation, oldest first; with `thread_ts` that thread, its root first. `@ada`: her direct message."""
        place = self.dm_of(channel.removeprefix("@")) if channel.startswith("@") else self.world.channel(channel)
        found = [one for one in place.messages.values() if not one.tombstone]
        if thread_ts is not None:
            found = [one for one in found if thread_ts in (one.ts, one.thread_ts)]
        return sorted(found, key=lambda one: one.ts)

    def bot_messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What the app posted there."""
        return [one for one in self.messages(channel, thread_ts) if one.app_id == self.app.id]

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person saw, oldest first."""
        person = self.world.user(user)
        channels = self.world.teams[person.team_id].channels.values()
        return sorted((one for place in channels for one in place.ephemerals if one.visible_to == person.id), key=lambda one: one.ts)

    def files(self, channel: str) -> list[File]:
        return [file for message in self.messages(channel) for file in message.files]

    # ---- views and agents

    def views_of(self, user: str) -> list[View]:
        """Open modals, the lowest first."""
        return self.world.stack(self.app.id, self.world.user(user).id)

    def view_of(self, user: str) -> View | None:
        """The modal on top, if any is open."""
        views = self.views_of(user)
        return views[-1] if views else None

    def home_of(self, user: str) -> View | None:
        """The Home tab that was published for somebody."""
        return self.world.views.get(self.world.homes.get((self.app.id, self.world.user(user).id), ""))

    def session_of(self, channel: str, thread_ts: str) -> Session | None:
        """An agent session; `processing` turns to `active` by itself after an hour."""
        session = self.world.sessions.get((self.world.channel(channel).id, thread_ts))
        if session and session.status == "processing" and self.world.clock.now() - session.changed >= self.timing.session:
            session.status = "active"
        return session

    def status_of(self, channel: str, thread_ts: str) -> str:
        """The assistant status shown in a thread; gone after two minutes or with the next message."""
        status, _, at = self.world.statuses.get((self.world.channel(channel).id, thread_ts), ("", [], 0.0))
        return status if self.world.clock.now() - at < self.timing.status else ""

    def prompts_of(self, user: str) -> Prompts | None:
        return self.world.prompts.get(self.dm_of(user).id)

    # ---- traffic

    def calls(self, method: str = "") -> list[Call]:
        """Web API calls, and `response_url`, `upload`, `download`, in order."""
        return [one for one in self.api.calls if method in ("", one.method)]

    def deliveries(self, type: str = "") -> list[Delivery]:
        """What was sent to apps: by inner event type, interaction type or command."""
        return [one for one in self.outlet.log if type in ("", one.type)]

    @property
    def acks(self) -> list[JSON]:
        """Acknowledgements over Socket Mode."""
        return self.sockets.acks

    @property
    def complaints(self) -> list[str]:
        """What Slack lets pass and a good app does not do."""
        return self.world.complaints

    def effects(self) -> Counter[tuple[str, str]]:
        """How many messages were posted per (channel, metadata `event_payload.key`), deleted ones included."""
        return Counter(self.world.effects)

    def doubles(self, *, by_text: bool = False) -> dict[tuple[str, str], int]:
        """Effects that happened more than once; `by_text`: the same text in the same channel."""
        counts = self.world.effect_texts if by_text else self.world.effects
        return {key: count for key, count in counts.items() if count > 1}

    # ---- waiting

    async def wait_for(self, what: Callable[[], T | Awaitable[T | None] | None], timeout: float = 5.0, *, every: float = 0.005) -> T:
        """Until `what()` is true; its value. On time-out the error tells what happened last."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while True:
            value = what()
            result = await value if isawaitable(value) else value
            if result:
                return result
            if loop.time() > until:
                raise TimeoutError(f"not so within {timeout} s; last: {self.recently()}")
            await asyncio.sleep(every)

    async def settled(self, quiet: float = 0.05, timeout: float = 5.0) -> None:
        """Until nothing is on its way to the app and the app has called nothing for `quiet` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        seen, since = -1, loop.time()
        while True:
            now = len(self.api.calls) + len(self.outlet.log) + self.outlet.sending + self.api.running
            if now != seen or self.outlet.sending or self.api.running:
                seen, since = now, loop.time()
            elif loop.time() - since >= quiet:
                return
            if loop.time() > until:
                raise TimeoutError(f"still busy after {timeout} s; last: {self.recently()}")
            await asyncio.sleep(0.005)

    async def passes(self, seconds: float, timeout: float = 5.0) -> None:
        """Let time pass: once nothing is under way, skip ahead, so that what waits for its turn (a redelivery) gets it."""
        await self.settled(0.01, timeout)
        self.world.clock.advance(seconds)

    async def connected(self, count: int = 1, timeout: float = 5.0) -> None:
        """Until the app has `count` sockets open."""
        await self.wait_for(lambda: len(self.sockets.of(self.app.id)) >= count, timeout)

    def recently(self, count: int = 8) -> str:
        """The last calls and deliveries, in words."""
        calls = [f"{one.method} → {one.answer.get('error') or one.status}" for one in self.api.calls[-count:]]
        sent = []
        for one in self.outlet.log[-count:]:
            last = one.attempts[-1].outcome if one.attempts else "not sent"
            sent.append(f"{one.type} {'acked' if one.acked else last}")
        return f"calls {calls}, deliveries {sent}, complaints {self.world.complaints[-3:]}"
