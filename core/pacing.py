"""How fast a platform lets us speak, kept by us and not found out by its refusals.

Three buckets stand in a post's way: its platform's, its space's and its channel's. Each is one number, the moment when it is empty again
(the generic cell rate algorithm), so that a hundred thousand channels cost nothing until they are spoken to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.chat import Post

UNPACED = 1_000_000
"""More posts than anybody sends at once."""
KEPT = 10_000
"""Buckets to remember before those that are empty are forgotten."""


@dataclass(frozen=True)
class Rate:
    """So many a second, and so many at once after a rest."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True)
class Pace:
    """A platform's limits; None: it has none there."""

    platform: Rate | None = None
    space: Rate | None = None
    channel: Rate | None = None
    threads: bool = False
    """Whether a thread has a limit of its own, as if it were a channel."""


PACES: Mapping[str, Pace] = {
    # docs.slack.dev: one message a second and channel, bursts are not promised; several hundred a minute in a workspace
    "slack": Pace(space=Rate(5, burst=10), channel=Rate(0.95)),
    # discord.com/developers: 50 requests a second and bot, and a post that opens a thread takes two; 5 messages in 5 seconds and channel
    "discord": Pace(platform=Rate(25, burst=2), channel=Rate(0.95, burst=4), threads=True),
}


LEVELS = ("channel", "space", "platform")
"""In the order in which a post waits for them: what most posts share comes last, so that nobody holds a place there who cannot go."""


@dataclass(slots=True)
class Bucket:
    """Moments on the steady clock."""

    empty_at: float = 0.0
    promised_to: float = 0.0
    """The same, with those counted that were told to come again."""
    held_to: float = 0.0
    """The platform asked for patience until then."""

    def wait(self, rate: Rate | None, now: float) -> float:
        """Seconds until one more may go."""
        after = self.empty_at - (rate.burst - 1) / rate.per_second if rate else now
        return max(0.0, after - now, self.held_to - now)


class Pacer:
    """One for each process. `share`: between how many processes a platform's and a space's rate is divided; a channel's is not, because
    what goes into one channel seldom comes from two."""

    def __init__(self, paces: Mapping[str, Pace], steady: Callable[[], float], share: Callable[[], int] = lambda: 1) -> None:
        self._paces = paces
        self._steady = steady
        self._share = share
        self._buckets: dict[str, Bucket] = {}

    async def turn(self, post: Post) -> None:
        """Wait for it."""
        for level in LEVELS:
            if wait := self.take(post, level):
                await asyncio.sleep(wait)

    def take(self, post: Post, level: str) -> float:
        """A place at this level: seconds until it comes."""
        name, rate, now = self._named(post, level), self._rate_of(post, level), self._steady()
        if rate is None and name not in self._buckets:
            return 0.0
        bucket = self._bucket(name)
        wait = bucket.wait(rate, now)
        if rate:
            bucket.empty_at = max(bucket.empty_at, now + wait) + 1 / rate.per_second
        return wait

    def wait(self, post: Post) -> float:
        """Seconds until the post may go, as things are; nothing is taken."""
        now = self._steady()
        return max(bucket.wait(rate, now) for bucket, rate in self._of(post))

    def promise(self, post: Post) -> float:
        """When to come again, in seconds: after all who were promised before. Nothing is taken until then."""
        now, wait = self._steady(), self.wait(post)
        for bucket, rate in self._of(post):
            if rate:
                bucket.promised_to = max(bucket.promised_to, bucket.empty_at, now) + 1 / rate.per_second
                wait = max(wait, bucket.promised_to - rate.burst / rate.per_second - now)
        return wait

    def room(self, platform: str, within: float) -> int:
        """How many posts the platform as a whole takes within so many seconds."""
        rate, bucket, now = self._rate(platform, "platform"), self._buckets.get(platform, Bucket()), self._steady()
        if bucket.held_to > now + within:
            return 0
        if rate is None:
            return UNPACED
        first = max(bucket.empty_at, now) - (rate.burst - 1) / rate.per_second
        return max(0, int((now + within - max(first, bucket.held_to)) * rate.per_second + 1 + 1e-6))

    def full(self, within: float) -> tuple[str, ...]:
        """Spaces and channels that take nothing within so many seconds."""
        now = self._steady()
        found = []
        for name, bucket in self._buckets.items():
            platform, _, rest = name.partition("/")
            if rest and bucket.wait(self._rate(platform, "channel" if "/" in rest else "space"), now) > within:
                found.append(name)
        return tuple(found)

    def hold(self, post: Post, level: str, seconds: float) -> None:
        """The platform asked for patience: nothing goes there before."""
        bucket = self._bucket(self._named(post, level))
        bucket.held_to = max(bucket.held_to, self._steady() + seconds)

    def _named(self, post: Post, level: str) -> str:
        return {"channel": self._channel(post), "space": post.into.space_key, "platform": post.into.platform}[level]

    def _channel(self, post: Post) -> str:
        pace = self._paces.get(post.into.platform)
        return str(post.into if pace and pace.threads and post.channel == post.into.outside else post.channel)

    def _rate_of(self, post: Post, level: str) -> Rate | None:
        """None for the private answer to a press: it goes back the way the press came, beside what limits messages."""
        return None if post.audience.kind == "passing" and post.handle else self._rate(post.into.platform, level)

    def _rate(self, platform: str, level: str) -> Rate | None:
        """This process's share of it."""
        limit: Rate | None = getattr(self._paces.get(platform), level, None)
        shared = 1 if level == "channel" else max(1, self._share())
        return limit if limit is None or shared == 1 else Rate(limit.per_second / shared, limit.burst)

    def _of(self, post: Post) -> list[tuple[Bucket, Rate | None]]:
        named = ((self._named(post, level), self._rate_of(post, level)) for level in LEVELS)
        return [(self._bucket(name) if rate else self._buckets.get(name, Bucket()), rate) for name, rate in named]

    def _bucket(self, name: str) -> Bucket:
        if name not in self._buckets and len(self._buckets) > KEPT:
            now = self._steady()
            self._buckets = {
                name: bucket for name, bucket in self._buckets.items() if max(bucket.empty_at, bucket.promised_to, bucket.held_to) > now
            }
        return self._buckets.setdefault(name, Bucket())
