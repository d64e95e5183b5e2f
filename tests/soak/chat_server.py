"""A chat platform that behaves badly, as a process of its own: `python tests/soak/chat_server.py '{"…": 0.05}'`. Prints its port.

It answers some posts with 429, fails some before and some after it took them, drops the connection of others, and is slow. It knows what it
took, and whether anybody came back before they were told to.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Faults:
    """Shares of all posts; seconds."""

    limited: float = 0.05
    """429, with Retry-After."""
    failed_before: float = 0.02
    """500, and not taken."""
    dropped_after: float = 0.03
    """Taken, and then the connection ends without a word."""
    failed_after: float = 0.01
    """Taken, and then 500."""
    slow_from: float = 0.004
    slow_to: float = 0.1
    retry_after: float = 0.3
    rate: float = 0.0
    """Posts that any second may hold; more are answered with 429. 0: no limit."""
    nonces: bool = False
    """Whether a second post with the same key is the first one again, as on Discord."""
    lag: float = 0.0
    """How long it takes until the history shows what was taken."""
    hang: float = 0.0
    """Every post takes so much longer."""


@dataclass
class Platform:
    """What it did."""

    faults: Faults
    rng: random.Random = field(default_factory=lambda: random.Random(11))
    taken: dict[str, list[float]] = field(default_factory=dict)
    """Key → when, as often as it was taken."""
    per_channel: dict[str, list[str]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    waits: dict[str, float] = field(default_factory=dict)
    """Key → not before."""
    window: deque[float] = field(default_factory=deque)
    busiest: int = 0

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take it, or do not, or say so or not."""
        asked = await request.json()
        key, now, faults = asked["key"], time.monotonic(), self.faults
        self.told["posts"] += 1
        if now < self.waits.pop(key, 0.0):
            self.told["too early"] += 1
        if self._too_many(now):
            return self._later(key, 1.0)
        await asyncio.sleep(self.rng.uniform(faults.slow_from, faults.slow_to) + faults.hang)
        dice = self.rng.random()
        if dice < faults.limited:
            return self._later(key, faults.retry_after)
        if dice < faults.limited + faults.failed_before:
            return self._said(500)
        if not (faults.nonces and key in self.taken):
            self.taken.setdefault(key, []).append(time.time())
            self.per_channel.setdefault(asked["channel"], []).append(key)
        else:
            self.told["absorbed"] += 1
        if dice < faults.limited + faults.failed_before + faults.dropped_after:
            self.told["dropped"] += 1
            if request.transport:
                request.transport.abort()
            return web.Response()
        if dice < faults.limited + faults.failed_before + faults.dropped_after + faults.failed_after:
            return self._said(500)
        self.told["200"] += 1
        return web.json_response({"id": key})

    async def find(self, request: web.Request) -> web.Response:
        """Whether a post is there."""
        self.told["looks"] += 1
        there = self.taken.get(request.query["key"], [])
        return web.json_response({"there": bool(there) and there[0] + self.faults.lag <= time.time()})

    async def ledger(self, request: web.Request) -> web.Response:
        """Everything that happened."""
        return web.json_response(
            {
                "taken": self.taken,
                "told": self.told,
                "busiest": self.busiest,
                "per_channel": self.per_channel if "order" in request.query else {},
            }
        )

    async def behave(self, request: web.Request) -> web.Response:
        """Other faults from now on."""
        vars(self.faults).update(await request.json())
        return web.Response()

    def _too_many(self, now: float) -> bool:
        while self.window and self.window[0] <= now - 1.0:
            self.window.popleft()
        if self.faults.rate and len(self.window) >= self.faults.rate:
            return True
        self.window.append(now)
        self.busiest = max(self.busiest, len(self.window))
        return False

    def _later(self, key: str, seconds: float) -> web.Response:
        self.told["429"] += 1
        self.waits[key] = time.monotonic() + seconds
        return web.json_response({"retry_after": seconds}, status=429)

    def _said(self, status: int) -> web.Response:
        self.told[str(status)] += 1
        return web.Response(status=status)


async def serve(faults: Faults) -> None:
    platform = Platform(faults)
    app = web.Application()
    app.add_routes(
        [
            web.post("/post", platform.post),
            web.get("/find", platform.find),
            web.get("/ledger", platform.ledger),
            web.post("/behave", platform.behave),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[attr-defined]  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Faults(**json.loads(sys.argv[1]))))
