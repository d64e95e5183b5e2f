"""REST rate limits (developers/topics/rate-limits): per route and channel, and the global 50 a second.

Discord promises no numbers; these were seen in the wild. A bot must live by the headers, so the numbers are a test's to change.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.rest.routing import Route

SEEN: dict[str, tuple[int, float]] = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "GET /channels/{channel_id}/messages": (5, 5.0),
    "reactions": (1, 0.25),
    "webhooks": (5, 2.0),
    "": (10, 1.0),
}
"""Requests per seconds; "" is for all others."""
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
GLOBAL = 50
INVALID = 10_000
"""401, 403 and 429 in ten minutes, after which Cloudflare bans the address."""


@dataclass
class Bucket:
    """A window that opens with its first request."""

    limit: int
    window: float
    name: str
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> bool:
        """Count a request; False where it is one too many."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.window
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        """What every answer of this bucket carries."""
        left = max(0.0, self.ends - now)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass
class Buckets:
    """All buckets. `scale`: how much shorter seconds are than Discord's, so that tests need not wait."""

    scale: float = 0.2
    limits: dict[str, tuple[int, float]] = field(default_factory=lambda: dict(SEEN))
    global_limit: int = GLOBAL
    invalid_limit: int = INVALID
    _buckets: dict[tuple[str, ...], Bucket] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _invalid: deque[float] = field(default_factory=deque)

    def bucket(self, route: Route, parameters: dict[str, str]) -> Bucket | None:
        """The bucket of a request; None where Discord has none (interaction callbacks)."""
        if not route.bucket:
            return None
        key = (route.bucket, *(parameters.get(each, "") for each in MAJOR))
        if key not in self._buckets:
            limit, window = self.limits.get(route.bucket, self.limits[""])
            name = hashlib.md5(route.bucket.encode(), usedforsecurity=False).hexdigest()
            self._buckets[key] = Bucket(limit, window * self.scale, name)
        return self._buckets[key]

    def globally(self, now: float) -> float:
        """Seconds to wait for the global limit; 0 where there is room."""
        while self._recent and self._recent[0] < now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.global_limit:
            return self._recent[0] + 1 - now
        self._recent.append(now)
        return 0.0

    def invalid(self, now: float, status: int) -> None:
        """Count 401, 403 and 429 (not those of shared limits)."""
        if status in (401, 403, 429):
            self._invalid.append(now)

    def banned(self, now: float) -> bool:
        """Whether Cloudflare shuts the door."""
        while self._invalid and self._invalid[0] < now - 600:
            self._invalid.popleft()
        return len(self._invalid) >= self.invalid_limit
