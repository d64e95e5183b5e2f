"""Everything the bot says leaves here: claim (committed) → send → mark.

Nothing is sent twice that a platform lets us check, and nothing owed is forgotten. Where an attempt may or may not have
arrived, the platform is asked before the next one; where it cannot tell, the post itself says which is worse.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from core.chat import Card, Post, Receipt
from core.errors import Refused, RetryLater, Uncertain
from core.ports import CannotTell, Claim, Clock, Platform, Store


class Log(Protocol):
    """Where trouble is noted: the event's name and plain facts, never a text."""

    def __call__(self, event: str, **facts: object) -> None:
        """Note it."""


@dataclass(frozen=True)
class Limits:
    """How patient delivery is. Seconds."""

    timeout: float = 10.0
    """One attempt."""
    settle: float = 15.0
    """How long after an uncertain attempt its effect can be looked for; longer than `timeout`."""
    lease: float = 40.0
    """timeout + settle + margin."""
    attempts: int = 5
    batch: int = 50
    idle: float = 5.0
    """The sweep looks at least this often."""


class Delivery:
    """Sends what the outbox holds."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        clock: Clock,
        log: Log,
        limits: Limits = Limits(),
        on_dead: Callable[[Post, str], None] = lambda post, why: None,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._log = log
        self._limits = limits
        self._on_dead = on_dead
        self._wake = asyncio.Event()
        self._stopping = False
        self._sending: set[asyncio.Task[None]] = set()

    def fit(self, post: Post) -> Sequence[Post]:
        """One post per platform message: a card that is too long for one is split before the commit."""
        platform = self._platforms.get(post.into.platform)
        cards: Sequence[Card] = platform.fit(post.card) if platform else (post.card,)
        if len(cards) == 1:
            return (post.model_copy(update={"card": cards[0]}),)
        first, *rest = cards
        more = [
            post.model_copy(update={"key": f"{post.key}+{n}", "card": card, "opens": False, "replaces": None})
            for n, card in enumerate(rest, start=2)
        ]
        return (post.model_copy(update={"card": first}), *more)

    async def deliver(self, queues: Collection[str] | None = None) -> int:
        """Send what may be sent now, of these queues or of all; the number of posts tried."""
        tried = 0
        while not self._stopping:
            claims = await self._store.outbox.claim(
                limit=self._limits.batch,
                lease=self._limits.lease,
                now=self._clock.now(),
                platforms=tuple(self._platforms),
                queues=tuple(queues) if queues is not None else None,
            )
            if not claims:
                return tried
            tried += len(claims)
            tasks = [asyncio.create_task(self._send(claim)) for claim in claims]
            self._sending.update(tasks)
            for task in tasks:
                task.add_done_callback(self._sending.discard)
            await asyncio.gather(*tasks, return_exceptions=True)
        return tried

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    async def run(self) -> None:
        """Sweep until cancelled: what a crash or a wait left behind."""
        while True:
            self._wake.clear()
            try:
                await self.deliver()
                pause = await self._pause()
            except Exception as error:  # the database may be away for a while; the sweep outlives it
                self._log("delivery_sweep_failed", error=type(error).__name__)
                pause = 1.0
            try:
                async with asyncio.timeout(pause):  # not wait_for: in Python 3.11 that swallows a cancel that comes with a wake
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def drain(self, seconds: float) -> None:
        """Claim no more and let sends in flight finish, for at most this long."""
        self._stopping = True
        if self._sending:
            await asyncio.wait(set(self._sending), timeout=seconds)

    async def _pause(self) -> float:
        due = await self._store.outbox.next_at(tuple(self._platforms))
        if due is None:
            return self._limits.idle
        return min(max((due - self._clock.now()).total_seconds(), 0.05), self._limits.idle)

    async def _send(self, claim: Claim) -> None:
        now = self._clock.now()
        if now > claim.lease_until - timedelta(seconds=self._limits.timeout):
            return  # too late to be sure that the lease outlives the attempt; whoever claims it next looks first
        try:
            if claim.uncertain and (settled := await self._look(claim)) is not True:
                if isinstance(settled, Receipt):
                    await self._mark(claim, settled)
                return
            platform = self._platforms[claim.post.into.platform]
            async with asyncio.timeout(self._limits.timeout):
                receipt = await platform.deliver(claim.post, claim.replaced)
        except RetryLater as error:
            await self._again(claim, error.after, uncertain=claim.uncertain, why=str(error))
        except Refused as error:
            await self._give_up(claim, str(error))
        except (Uncertain, TimeoutError) as error:
            await self._unsure(claim, str(error) or type(error).__name__)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # an adapter's bug must not stop the others
            self._log("deliver_failed", post=claim.post.key, error=type(error).__name__)
            await self._unsure(claim, type(error).__name__)
        else:
            await self._mark(claim, receipt)

    async def _look(self, claim: Claim) -> Receipt | bool:
        """Whether an uncertain attempt arrived: its receipt, True to send again, False where that was settled here."""
        found = await self._platforms[claim.post.into.platform].find(claim.post)
        if isinstance(found, Receipt):
            self._log("duplicate_suppressed", post=claim.post.key)
            return found
        if isinstance(found, CannotTell) and claim.post.if_unsure == "skip":
            await self._store.outbox.give_up(claim, why=f"cannot tell whether it arrived; {found.why}", dead=False)
            return False
        return True

    async def _mark(self, claim: Claim, receipt: Receipt) -> None:
        await self._store.outbox.sent(claim, receipt, self._clock.now())

    async def _unsure(self, claim: Claim, why: str) -> None:
        if claim.attempt >= self._limits.attempts:
            await self._give_up(claim, f"{why}, {claim.attempt} times")
        else:
            self._log("delivery_uncertain", post=claim.post.key, attempt=claim.attempt, why=why)
            await self._again(claim, self._limits.settle, uncertain=True, why=why)

    async def _again(self, claim: Claim, after: float, *, uncertain: bool, why: str) -> None:
        not_before = self._clock.now() + timedelta(seconds=after)
        await self._store.outbox.put_back(claim, not_before=not_before, uncertain=uncertain, why=why)
        self.wake()

    async def _give_up(self, claim: Claim, why: str) -> None:
        self._log("post_dead", post=claim.post.key, why=why)
        await self._store.outbox.give_up(claim, why=why, dead=True)
        self._on_dead(claim.post, why)
