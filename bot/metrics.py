"""What `/metrics` tells, for Prometheus. Names and meaning: docs/deploying.md."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from adapters.database.owed import Backlog
from core.chat import Post
from core.errors import StoreUnavailable
from scheduler.pulse import Pulse
from scheduler.ticker import Ticker

pending = Gauge("outbox_pending", "Posts that are owed and not sent yet")
oldest = Gauge("outbox_oldest_age_seconds", "Age of the oldest of them")
lateness = Histogram(
    "post_lateness_seconds",
    "From the commit that owed a post to its receipt",
    ["platform", "bulk"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
)
ambiguous = Counter("ambiguous", "Attempts that ended without an answer: the message may have arrived")
suppressed = Counter("duplicates_suppressed", "Attempts without an answer that had arrived, and were not repeated")
limited = Counter("rate_limited", "Attempts that the platform put off", ["platform"])
dead = Counter("posts_dead", "Posts that were given up", ["platform"])
tick_age = Gauge("tick_age_seconds", "Time since the last tick ended")
loop_lag = Gauge("loop_lag_seconds", "The longest that the event loop was late in the last 15 seconds")
holding = Gauge("clock_holds_posting", "1 while the clock is not trusted and nothing that falls due is posted")
replicas = Gauge("replicas", "Processes that work on this database")
model_latency = Histogram(
    "model_latency_seconds",
    "One call of the language model",
    ["call", "outcome"],
    buckets=(0.5, 1, 2, 4, 8, 15, 30, 60),
)


class Counted:
    """Implements `core.sending.Meter`."""

    def sent(self, post: Post, late: float) -> None:
        """It arrived."""
        lateness.labels(post.into.platform, "yes" if post.bulk else "no").observe(max(late, 0.0))

    def doubtful(self) -> None:
        """Nobody can say yet."""
        ambiguous.inc()

    def suppressed(self) -> None:
        """It had arrived."""
        suppressed.inc()

    def limited(self, platform: str) -> None:
        """Told to wait."""
        limited.labels(platform).inc()


def measuring(
    ticker: Ticker, pulse: Pulse, backlog: Callable[[], Awaitable[Backlog]], now: Callable[[], datetime], alive: Callable[[], int]
) -> Callable[[], Awaitable[None]]:
    """Sets what has to be asked for, just before it is read."""

    async def measure() -> None:
        tick_age.set(ticker.age)
        loop_lag.set(pulse.worst)
        holding.set(ticker.holding)
        replicas.set(alive())
        try:
            owed = await backlog()
        except StoreUnavailable:  # the rest can still be told
            return
        pending.set(owed.posts)
        oldest.set(max((now() - owed.oldest).total_seconds(), 0.0) if owed.oldest else 0.0)

    return measure
