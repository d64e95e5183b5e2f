"""One claimed post: its turn → look where an earlier attempt may have arrived → send → mark. Every write back carries the attempt."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from core.chat import Message, Post, Receipt
from core.errors import Refused, RetryLater, StoreUnavailable, Uncertain
from core.pacing import Pacer
from core.ports import CannotTell, Claim, Clock, Platform, Store


class Log(Protocol):
    """Where trouble is noted: the event's name and plain facts, never a text."""

    def __call__(self, event: str, **facts: object) -> None:
        """Note it."""


class Meter(Protocol):
    """What is counted of delivery."""

    def sent(self, post: Post, late: float) -> None:
        """It arrived, so many seconds after it was owed."""

    def doubtful(self) -> None:
        """An attempt ended without an answer."""

    def suppressed(self) -> None:
        """An attempt without an answer had arrived: it was not repeated."""

    def limited(self, platform: str) -> None:
        """The platform asked for patience."""


class Unmetered:
    """Counts nothing."""

    def sent(self, post: Post, late: float) -> None:
        """Nothing."""

    def doubtful(self) -> None:
        """Nothing."""

    def suppressed(self) -> None:
        """Nothing."""

    def limited(self, platform: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Limits:
    """How patient delivery is. Seconds, where nothing else is said."""

    timeout: float = 10.0
    """One attempt."""
    settle: float = 15.0
    """How long after an uncertain attempt its effect can be looked for; longer than `timeout`."""
    settles: Mapping[str, float] = field(default_factory=lambda: {"web": 0.0})
    """The same for platforms that know at once: the page looks into our own database."""
    lease: float = 40.0
    """More than timeout + settle: an attempt starts early enough to have settled when the lease runs out."""
    attempts: int = 5
    """Without an answer; then it is given up."""
    again: float = 1.0
    """Wait at least so long after the first of them, and twice as long after each further one."""
    batch: int = 50
    """Claimed at once."""
    together: int = 200
    """In flight at once, a platform."""
    idle: float = 5.0
    """The sweep looks at least this often."""
    soon: float = 0.5
    """Bulk is claimed so far ahead of its turn."""
    patience: float = 2.0
    """A longer wait for one's turn is spent in the outbox, without a lease."""

    def settle_on(self, platform: str) -> float:
        """How long to wait there."""
        return self.settles.get(platform, self.settle)

    def start_within(self, platform: str) -> float:
        """How long after its claim an attempt may start, so that it is over and settled when the next one can begin."""
        return max(self.lease - self.timeout - self.settle_on(platform), 0.0)


@dataclass
class Tools:
    """What sending needs."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    log: Log
    limits: Limits
    pacer: Pacer
    meter: Meter
    steady: Callable[[], float]
    jitter: Callable[[], float]
    """0 to 1: a platform that was away is not asked by everybody at the same moment."""
    tell: Callable[[Post, str], Message | None]
    """What is to be handled when a post is given up: somebody has to hear of it."""
    stopping: bool = False


_fence: ContextVar[Callable[[], bool]] = ContextVar("fence", default=lambda: True)


def may_start() -> bool:
    """Whether the attempt that this code is part of may still begin. An adapter can ask in the moment in which it writes."""
    return _fence.get()()


class Sender:
    """Sends one claim."""

    def __init__(self, tools: Tools) -> None:
        self._with = tools

    async def send(self, claim: Claim, since: float) -> None:
        """Bring it to an end, or back. `since`: the steady clock before the claim."""
        do, post = self._with, claim.post
        platform = do.platforms[post.into.platform]
        if do.pacer.wait(post) > do.limits.patience:
            return await self._again(claim, do.pacer.promise(post), uncertain=claim.uncertain, why="its turn comes later")
        try:
            if claim.uncertain and (settled := await self._look(claim, platform)) is not True:
                if isinstance(settled, Receipt):
                    await self._mark(claim, settled)
                return None
            await do.pacer.turn(post)
            if do.steady() - since > do.limits.start_within(platform.name):
                # the lease might not outlive the attempt; it goes back, unless somebody has it already
                return await self._again(claim, 0.0, uncertain=claim.uncertain, why="claimed too long ago")
            _fence.set(lambda: do.steady() - since <= do.limits.start_within(platform.name))
            async with asyncio.timeout(do.limits.timeout):
                receipt = await platform.deliver(post, claim.replaced)
        except RetryLater as error:
            await self._later(claim, error)
        except Refused as error:
            await self._give_up(claim, str(error))
        except (Uncertain, TimeoutError) as error:
            await self._unsure(claim, str(error) or type(error).__name__)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # an adapter's bug must not stop the others
            do.log("deliver_failed", post=post.key, error=type(error).__name__)
            await self._unsure(claim, type(error).__name__)
        else:
            await self._mark(claim, receipt)

    async def _look(self, claim: Claim, platform: Platform) -> Receipt | bool:
        """Whether an uncertain attempt arrived: its receipt, True to send again, False where that was settled here."""
        async with asyncio.timeout(self._with.limits.timeout):
            found = await platform.find(claim.post)
        if isinstance(found, Receipt):
            self._with.meter.suppressed()
            self._with.log("duplicate_suppressed", post=claim.post.key)
            return found
        if isinstance(found, CannotTell) and claim.post.if_unsure == "skip":
            why = f"cannot tell whether it arrived; {found.why}"
            await self._noted(claim, lambda: self._with.store.outbox.give_up(claim, why=why, dead=False))
            return False
        return True

    async def _mark(self, claim: Claim, receipt: Receipt) -> None:
        do, now = self._with, self._with.clock.now()
        if await self._noted(claim, lambda: do.store.outbox.sent(claim, receipt, now)):
            do.meter.sent(claim.post, (now - claim.owed_at).total_seconds() if claim.owed_at else 0.0)

    async def _later(self, claim: Claim, error: RetryLater) -> None:
        do = self._with
        do.meter.limited(claim.post.into.platform)
        if error.reach != "post":
            do.pacer.hold(claim.post, error.reach, error.after)
        after = error.after + do.jitter() * min(1.0, error.after / 10)
        await self._again(claim, after, uncertain=claim.uncertain, why=str(error))

    async def _unsure(self, claim: Claim, why: str) -> None:
        do = self._with
        do.meter.doubtful()
        if claim.doubts + 1 >= do.limits.attempts:
            return await self._give_up(claim, f"{why}, {claim.doubts + 1} times")
        do.log("delivery_uncertain", post=claim.post.key, attempt=claim.attempt, why=why)
        after = max(do.limits.settle_on(claim.post.into.platform), do.limits.again * 2**claim.doubts)
        return await self._again(claim, after, uncertain=True, why=why, counts=True)

    async def _again(self, claim: Claim, after: float, *, uncertain: bool, why: str, counts: bool = False) -> None:
        outbox, then = self._with.store.outbox, self._with.clock.now() + timedelta(seconds=after)
        await self._noted(claim, lambda: outbox.put_back(claim, not_before=then, uncertain=uncertain, why=why, counts=counts))

    async def _give_up(self, claim: Claim, why: str) -> None:
        tell = self._with.tell(claim.post, why)
        if await self._noted(claim, lambda: self._with.store.outbox.give_up(claim, why=why, dead=True, tell=tell)):
            self._with.log("post_dead", post=claim.post.key, why=why)

    async def _noted(self, claim: Claim, write: Callable[[], Awaitable[bool | None]]) -> bool | None:
        """Write what came of it, again each second while the database is away: else the queue would stand until the lease ends."""
        for second in itertools.count(1):
            try:
                return await write()
            except StoreUnavailable as error:
                self._with.log("delivery_not_noted", post=claim.post.key, why=str(error))
                if self._with.stopping or second >= self._with.limits.lease:
                    raise
                await asyncio.sleep(1.0)
        raise AssertionError("unreachable")
