"""10,000 posts into 10,000 channels of a platform that permits so many a second and counts every call above that.

Ours is the delivery as it runs, on a SQLite file. The control sends them all as fast as the platform answers, and hears "too many".
Goal: at least 90 % of the permitted rate, no refusal.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.database.migrate import migrate
from adapters.database.store import SqlStore, open_engine
from bot.clock import SystemClock
from core.chat import Card, Place, Post, Receipt
from core.delivery import Delivery
from core.errors import RetryLater
from core.pacing import Pace, Pacer, Rate
from core.ports import Absent

BURST = 10


class Permitting:
    """A platform with a token bucket of its own, a little more patient than ours is fast: the clock of a test is no better than that."""

    name = "chat"

    def __init__(self, per_second: float) -> None:
        self.rate = per_second
        self.tokens, self.at = float(BURST), time.monotonic()
        self.taken: dict[str, float] = {}
        self.refused = 0

    def fit(self, card: Card) -> Sequence[Card]:
        """Any card fits."""
        return (card,)

    async def deliver(self, post: Post, replaced: Receipt | None) -> Receipt:
        """Take it, or ask for patience."""
        await asyncio.sleep(0.005)
        now = time.monotonic()
        self.tokens, self.at = min(BURST + 5.0, self.tokens + (now - self.at) * self.rate * 1.01), now
        if self.tokens < 1:
            self.refused += 1
            raise RetryLater("too many", after=1.0, reach="platform")
        self.tokens -= 1
        self.taken[post.key] = now
        return Receipt(place=post.into, id=post.key)

    async def find(self, post: Post) -> Absent:
        """Nothing is ever uncertain here."""
        return Absent()

    async def show(self, place: Place, sign: str) -> None:
        """Nothing to see."""


def posts(count: int) -> list[Post]:
    return [
        Post(key=f"k{n}", into=Place(platform="chat", space=f"s{n % 100}", channel=f"c{n}"), card=Card(text="Today."), bulk=True)
        for n in range(count)
    ]


async def ours(count: int, rate: float) -> tuple[float, int]:
    """Posts a second, refusals."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/fan.db"
        migrate(url)
        store = SqlStore(open_engine(url), SystemClock())
        platform = Permitting(rate)
        pacer = Pacer({"chat": Pace(platform=Rate(rate, burst=BURST))}, time.monotonic)
        delivery = Delivery(store, {"chat": platform}, SystemClock(), lambda event, **facts: None, pacer=pacer)
        owed = posts(count)
        for start in range(0, count, 500):
            async with store.begin() as unit:
                for post in owed[start : start + 500]:
                    unit.post(post)
        began = time.monotonic()
        running = asyncio.create_task(delivery.run())
        while len(platform.taken) < count and time.monotonic() - began < 10 * count / rate:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await delivery.drain(5)
        spent = max(platform.taken.values()) - began
        return len(platform.taken) / spent, platform.refused


async def control(count: int, rate: float) -> int:
    """Refusals."""
    platform = Permitting(rate)
    await asyncio.gather(*(platform.deliver(post, None) for post in posts(count)), return_exceptions=True)
    return platform.refused


async def main(count: int, rate: float) -> None:
    reached, refused = await ours(count, rate)
    print(f"ours     {count} posts at {reached:.1f} of {rate:.0f} a second permitted ({reached / rate:.1%}), {refused} refused")
    print(f"control  all at once: {await control(count, rate)} of {count} refused")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=100.0, help="a second; Discord's bulk pace is 25")
    args = parser.parse_args()
    asyncio.run(main(args.posts, args.rate))
