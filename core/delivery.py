"""Everything the bot says leaves here: claim (committed) → send → mark.

Nothing is sent twice that a platform lets us check, and nothing owed is forgotten. Where an attempt may or may not have
arrived, the platform is asked before the next one; where it cannot tell, the post itself says which is worse.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from core.chat import Card, Message, Place, Post
from core.pacing import Pacer
from core.ports import Claim, Clock, Platform, Store
from core.sending import Limits, Log, Meter, Sender, Tools, Unmetered

__all__ = ["Delivery", "Limits", "Log", "Meter"]

BEAT = 0.02
"""Several wakes within so many seconds are one."""
CRUMBS = 4
"""While something is in flight, the sweep claims no less than this part of what fits at once: each claim is a transaction."""
OPENING = 2.0
"""Seconds that an answer waits at most for its thread to be noted."""

PATIENT, UNMETERED = Limits(), Unmetered()


class Delivery:
    """Sends what the outbox holds."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        clock: Clock,
        log: Log,
        limits: Limits = PATIENT,
        tell: Callable[[Post, str], Message | None] = lambda post, why: None,
        *,
        pacer: Pacer | None = None,
        meter: Meter = UNMETERED,
        steady: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._log = log
        self._limits = limits
        self._pacer = pacer or Pacer({}, steady)
        self._tools = Tools(store, platforms, clock, log, limits, self._pacer, meter, steady, jitter, tell)
        self._sender = Sender(self._tools)
        self._wake = asyncio.Event()
        self._sending: dict[int, tuple[asyncio.Task[None], str]] = {}
        """Outbox id → who sends it, and its platform."""
        self._opening: dict[int, Place] = {}
        """Those of them that open a thread, and in which channel."""

    def fit(self, post: Post) -> Sequence[Post]:
        """One post per platform message: a card that is too long for one is split before the commit."""
        platform = self._platforms.get(post.into.platform)
        cards: Sequence[Card] = platform.fit(post.card) if platform else (post.card,)
        if len(cards) == 1:
            return (post.model_copy(update={"card": cards[0]}),)
        first, *rest = cards
        of = post.replaces  # a later part replaces the later part: it never stands anew, where others might see it
        more = [
            post.model_copy(update={"key": f"{post.key}+{n}", "card": card, "opens": False, "replaces": of and f"{of}+{n}"})
            for n, card in enumerate(rest, start=2)
        ]
        return (post.model_copy(update={"card": first}), *more)

    async def deliver(self, queues: Collection[str] | None = None) -> int:
        """Send what may be sent now, of these queues or of all, and wait for it; the number of posts tried."""
        tried = 0
        while not self._tools.stopping:
            tasks = await self._begin(self._limits.batch, tuple(self._platforms), queues)
            if not tasks:
                return tried
            tried += len(tasks)
            await asyncio.gather(*tasks, return_exceptions=True)
        return tried

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    async def opened(self, place: Place) -> None:
        """Wait until the threads of this channel that people may see already are noted: whoever presses at once is answered there."""
        if place.thread is None:
            return
        channel = place.model_copy(update={"thread": None})
        tasks = [self._sending[id][0] for id, where in self._opening.items() if where == channel and id in self._sending]
        if tasks:
            await asyncio.wait(tasks, timeout=OPENING)

    async def take_over(self) -> int:
        """At a start where no other process can be alive: what the last one left half sent need not wait for its lease."""
        if not self._store.alone:
            return 0
        now = self._clock.now()
        return sum(
            [await self._store.outbox.take_over(platform=name, now=now, after=self._limits.settle_on(name)) for name in self._platforms]
        )

    async def run(self) -> None:
        """Sweep until cancelled: what is due in bulk, and what a crash or a wait left behind."""
        while True:
            self._wake.clear()
            try:
                pause = await self._sweep()
            except Exception as error:  # the database may be away for a while; the sweep outlives it
                self._log("delivery_sweep_failed", error=type(error).__name__)
                pause = 1.0
            try:
                async with asyncio.timeout(pause):  # not wait_for: in Python 3.11 that swallows a cancel that comes with a wake
                    await self._wake.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(BEAT)

    async def drain(self, seconds: float) -> None:
        """Claim no more and let sends in flight finish, for at most this long."""
        self._tools.stopping = True
        if self._sending:
            await asyncio.wait([task for task, _ in self._sending.values()], timeout=seconds)

    async def _sweep(self) -> float:
        """Begin whatever has its turn soon; seconds until there may be more."""
        for name in self._platforms:
            while (most := self._most(name)) and len(await self._begin(most, (name,), None)) == most:
                continue
        due = await self._store.outbox.next_at(tuple(self._platforms))
        if due is None:
            return self._limits.idle
        wait = (due - self._clock.now()).total_seconds()
        # what is due and was not taken waits for its turn, or for those in flight, who wake us
        return min(max(wait, self._limits.soon / 2), self._limits.idle)

    def _most(self, platform: str) -> int:
        """How many posts of this platform to claim now."""
        if self._tools.stopping:
            return 0
        flying = sum(name == platform for _, name in self._sending.values())
        whole = min(self._limits.batch, self._limits.together)
        most = min(whole, self._limits.together - flying, self._pacer.room(platform, self._limits.soon))
        return 0 if flying and most < whole / CRUMBS and most < flying else most

    async def _begin(self, most: int, platforms: Sequence[str], queues: Collection[str] | None) -> list[asyncio.Task[None]]:
        """Claim, and start sending."""
        since = self._tools.steady()
        claims = await self._store.outbox.claim(
            limit=most,
            lease=self._limits.lease,
            now=self._clock.now(),
            platforms=platforms,
            queues=tuple(queues) if queues is not None else None,
            avoid=self._pacer.full(self._limits.patience),
        )
        return [self._start(claim, since) for claim in claims if claim.id not in self._sending]

    def _start(self, claim: Claim, since: float) -> asyncio.Task[None]:
        task = asyncio.create_task(self._sender.send(claim, since), name=f"send {claim.post.key}")
        self._sending[claim.id] = (task, claim.post.into.platform)
        if claim.post.opens:
            self._opening[claim.id] = claim.post.into.model_copy(update={"thread": None})
        task.add_done_callback(lambda _: self._ended(claim.id, task))
        return task

    def _ended(self, id: int, task: asyncio.Task[None]) -> None:
        if self._sending.get(id, (None, ""))[0] is task:
            del self._sending[id]
            self._opening.pop(id, None)
        if not task.cancelled() and (error := task.exception()):
            self._log("send_failed", error=type(error).__name__)
        self.wake()
