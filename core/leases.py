"""Which lanes this process works on, where there are several: short leases, renewed while it lives, taken over when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from core.chat import Message
from core.errors import StoreUnavailable
from core.ports import Clock, Store, Unit
from core.sending import Log

REPLICA = "replica/"
"""Each process holds a lease of this name and its own, so that the others can count it."""
LASTS = timedelta(seconds=10)
RENEWED = 3.0
"""Seconds between renewals: three may fail."""
MANY = 200
"""Messages of one lane to look at together."""


class Keeper:
    """Takes, renews and releases this process's leases."""

    def __init__(self, store: Store, clock: Clock, owner: str, log: Log, *, lasts: timedelta = LASTS, renewed: float = RENEWED) -> None:
        self._store, self._clock, self._log = store, clock, log
        self._lasts, self._renewed = lasts, renewed
        self._held: set[str] = set()
        self.owner = owner
        self.replicas = 1
        """How many processes are alive."""

    async def take(self, lane: str) -> bool:
        """Have the lane; False while another process works on it, or nobody can tell."""
        now = self._clock.now()
        try:
            mine = await self._store.leases.take(lane, self.owner, now=now, until=now + self._lasts)
        except StoreUnavailable:
            return False
        if mine:
            self._held.add(lane)
        return mine

    async def release(self, lane: str) -> None:
        """Let others have it."""
        self._held.discard(lane)
        try:
            await self._store.leases.release([lane], self.owner)
        except StoreUnavailable as error:  # it runs out by itself
            self._log("lease_not_released", why=str(error))

    def guard(self, unit: Unit, lane: str) -> None:
        """The unit counts only if the lane is still ours by then."""
        unit.holds(lane, self.owner)

    async def waiting(self, lane: str) -> Sequence[Message]:
        """What waits in the lane, whichever process let it in."""
        return await self._store.inbox.waiting(MANY, lane=lane)

    async def beat(self) -> None:
        """Renew everything, and count who is alive."""
        now = self._clock.now()
        until = now + self._lasts
        if self._held:
            held = list(self._held)
            lost = set(held) - set(await self._store.leases.renew(held, self.owner, until=until))
            for lane in lost & self._held:  # its next commit will be refused
                self._log("lease_lost", lane=lane)
                self._held.discard(lane)
        await self._store.leases.take(f"{REPLICA}{self.owner}", self.owner, now=now, until=until)
        self.replicas = max(1, await self._store.leases.held(REPLICA, now=now))

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            try:
                await self.beat()
            except StoreUnavailable as error:
                self._log("leases_not_renewed", why=str(error))
            await asyncio.sleep(self._renewed)

    async def release_all(self) -> None:
        """Going away: others need not wait."""
        held, self._held = [*self._held, f"{REPLICA}{self.owner}"], set()
        try:
            await self._store.leases.release(held, self.owner)
        except StoreUnavailable as error:
            self._log("lease_not_released", why=str(error))
