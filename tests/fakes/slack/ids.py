"""Names for things, the same in every run: C00000001, Ev00000002, 1795510800.000003."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter

from tests.fakes.slack.clock import Clock


class Ids:
    """Counts per prefix; message timestamps rise strictly, whatever the clock does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._last_ts = (0, 0)

    def make(self, prefix: str) -> str:
        """The next id of a kind, shaped like Slack's: prefix and eight digits."""
        self._counts[prefix] += 1
        return f"{prefix}{self._counts[prefix]:08d}"

    def ts(self) -> str:
        """A message or event timestamp: seconds, a dot, six digits; unique and rising."""
        second = int(self._clock.now())
        last_second, last_part = self._last_ts
        part = last_part + 1 if second <= last_second else 1
        self._last_ts = (max(second, last_second), part)
        return f"{self._last_ts[0]:010d}.{part:06d}"

    def secret(self, purpose: str) -> str:
        """32 hexadecimal digits."""
        self._counts[purpose] += 1
        return hashlib.sha256(f"{purpose}{self._counts[purpose]}".encode()).hexdigest()[:32]

    def uuid(self, purpose: str) -> str:
        """A UUID, as envelopes and `client_msg_id` carry."""
        return str(uuid.UUID(self.secret(purpose)))

    def short(self) -> str:
        """Five characters, as Slack gives to blocks without a `block_id`."""
        return self.secret("block")[:5]

    def trigger(self) -> str:
        """`number.number.hex`."""
        self._counts["trigger"] += 1
        return f"{self._counts['trigger']:012d}.{7:011d}.{self.secret('trigger-tail')}"
