"""Whether this process is alive (no database asked) and ready for work (the database asked)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from core.errors import StoreUnavailable
from scheduler.pulse import Pulse
from scheduler.ticker import Ticker

STUCK = 10.0
"""Seconds without a tick after which this process does not call itself alive."""
SLOW = 2.0
"""Seconds by which the event loop may be late."""
PATIENCE = 2.0
"""Seconds the database may take to answer."""
KNOWN = 60.0
"""Seconds for which the form of the database need not be asked again."""


@dataclass
class Health:
    """What `/livez` and `/readyz` ask."""

    ticker: Ticker
    pulse: Pulse
    ping: Callable[[], Awaitable[None]]
    at_head: Callable[[], bool]
    """Whether the database has the newest form; asked on a thread."""
    steady: Callable[[], float] = time.monotonic
    ready: bool = False
    """Whether everything is up."""
    draining: bool = False
    _form_known_until: float = field(default=-1.0, init=False)

    def stuck(self) -> str:
        """Why it should be started anew; empty: it is alive."""
        if self.ticker.age >= STUCK:
            return f"no tick for {self.ticker.age:.0f} s"
        if self.pulse.lag >= SLOW:
            return f"the event loop is {self.pulse.lag:.1f} s late"
        return ""

    async def unready(self) -> str:
        """Why it should be given no work; empty: it is ready."""
        if self.draining:
            return "stopping"
        if not self.ready:
            return "starting"
        try:
            async with asyncio.timeout(PATIENCE):
                await self.ping()
                if self.steady() > self._form_known_until:
                    if not await asyncio.to_thread(self.at_head):
                        return "the database does not have the newest form"
                    self._form_known_until = self.steady() + KNOWN
        except TimeoutError:
            return "the database does not answer"
        except StoreUnavailable as error:
            return f"{error}"
        return ""
